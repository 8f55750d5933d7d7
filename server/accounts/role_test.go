package accounts_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/fault"
)

// somebody joins and has a role.
func (h *house) somebody(handle string, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	tokens, err := h.CreatePeople(h.t.Context(), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	v := h.viewer(tokens[0])
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, role = ?1 WHERE id = ?2`, handle, string(role), v.ID)
	return h.viewer(tokens[0])
}

func (h *house) role(of accounts.Viewer) accounts.Role {
	h.t.Helper()
	var role accounts.Role
	if err := h.db.NewRaw(`SELECT role FROM people WHERE id = ?`, of.ID).Scan(h.t.Context(), &role); err != nil {
		h.t.Fatal(err)
	}
	return role
}

func (h *house) record() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(h.t.Context(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Entries
}

func TestAnAdministratorGivesAndTakesRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.somebody("ada", accounts.Administrator), h.somebody("wren", accounts.Member)
	steps := []struct {
		role accounts.Role
		verb audit.Verb
	}{
		{accounts.Moderator, audit.MakeModerator}, {accounts.Consultant, audit.MakeConsultant},
		{accounts.Administrator, audit.MakeAdministrator}, {accounts.Member, audit.MakeMember},
	}
	for i, step := range steps {
		for range 2 { // the second time it is so already
			if err := h.SetRole(t.Context(), ada, wren.ID, step.role); err != nil {
				t.Fatal(err)
			}
		}
		record := h.record()
		if h.role(wren) != step.role || len(record) != i+1 {
			t.Fatalf("%s: they are %s, with %d entries", step.role, h.role(wren), len(record))
		}
		e := record[0]
		if e.ActorID != ada.ID || e.Verb != step.verb || e.Kind != audit.Person || e.ObjectID != wren.ID || !e.At.Equal(h.now()) {
			t.Errorf("%s is written down as %+v", step.role, e)
		}
	}
}

func TestNobodyElseGivesRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.somebody("ada", accounts.Administrator), h.somebody("wren", accounts.Member)
	maya, june := h.somebody("maya", accounts.Moderator), h.somebody("june", accounts.Consultant)
	for _, v := range []accounts.Viewer{{}, wren, maya, june} {
		if err := h.SetRole(t.Context(), v, wren.ID, accounts.Administrator); !fault.Is(err, fault.NotFound) {
			t.Errorf("by %q: %v", v.Role, err)
		}
		if _, err := h.People(t.Context(), v, "", ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("the list for %q: %v", v.Role, err)
		}
	}
	if err := h.SetRole(t.Context(), ada, ada.ID, accounts.Member); !fault.Is(err, fault.Forbidden) {
		t.Errorf("their own: %v", err)
	}
	if err := h.SetRole(t.Context(), ada, 999_999, accounts.Member); !fault.Is(err, fault.NotFound) {
		t.Errorf("of nobody: %v", err)
	}
	wantFault(t, h.SetRole(t.Context(), ada, wren.ID, "queen"), "role", "choose")
	if h.role(wren) != accounts.Member || h.role(ada) != accounts.Administrator || len(h.record()) != 0 {
		t.Error("a refusal changed something")
	}
}

// TestTheHouseKeepsAnAdministrator, though two take it from each other at the same moment.
func TestTheHouseKeepsAnAdministrator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, bea := h.somebody("ada", accounts.Administrator), h.somebody("bea", accounts.Administrator)
	var both sync.WaitGroup
	both.Go(func() { _ = h.SetRole(t.Context(), ada, bea.ID, accounts.Member) })
	both.Go(func() { _ = h.SetRole(t.Context(), bea, ada.ID, accounts.Member) })
	both.Wait()
	if (h.role(ada) == accounts.Administrator) == (h.role(bea) == accounts.Administrator) || len(h.record()) != 1 {
		t.Errorf("ada is %s, bea %s, with %d entries", h.role(ada), h.role(bea), len(h.record()))
	}
}

// TestNoRoleWithoutItsEntry: where the audit cannot be written, the role is as it was.
func TestNoRoleWithoutItsEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.somebody("ada", accounts.Administrator), h.somebody("wren", accounts.Member)
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false)`)
	if err := h.SetRole(t.Context(), ada, wren.ID, accounts.Moderator); err == nil || fault.KindOf(err) != 0 {
		t.Error(err)
	}
	if h.role(wren) != accounts.Member {
		t.Error("the role stands without its entry")
	}
}

func TestPeopleAreListedByHandle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	for i := range 40 {
		h.somebody(fmt.Sprintf("Wren-%02d", i), accounts.Member)
	}
	h.somebody("zoë", accounts.Member)
	list := func(begins string) (found []string, pages int) {
		for after := ""; pages == 0 || after != ""; pages++ {
			page, err := h.People(t.Context(), ada, begins, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.People {
				found = append(found, p.Handle)
			}
			after = page.Next
		}
		return found, pages
	}
	all, pages := list("")
	if len(all) != 42 || pages != 2 || all[0] != "ada" || all[1] != "Wren-00" || all[40] != "Wren-39" || all[41] != "zoë" {
		t.Errorf("%d people on %d pages: %q", len(all), pages, all)
	}
	for begins, want := range map[string][]string{
		"wren-1": all[11:21], " WREN-39 ": {"Wren-39"}, "ZO": {"zoë"}, "%": nil, "_": nil, `\`: nil, "'": nil, "\x00": nil, "\xff": nil, "ren": nil,
	} {
		if found, _ := list(begins); !slices.Equal(found, want) {
			t.Errorf("%q finds %q, want %q", begins, found, want)
		}
	}
}

func TestNamesAreForStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, wren := h.somebody("maya", accounts.Moderator), h.somebody("wren", accounts.Member)
	if _, err := h.Names(t.Context(), wren, []int64{maya.ID}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if names, err := h.Names(t.Context(), maya, []int64{wren.ID, 999_999}); err != nil || len(names) != 1 || names[wren.ID].Name != "wren" {
		t.Errorf("%v %v", names, err)
	}
}
