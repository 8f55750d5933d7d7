package directory_test

import (
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
)

// TestThoseApartDoNotFindEachOther in the list, by the address, or in what they once wrote, until they meet again.
func TestThoseApartDoNotFindEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren, maya := h.person("ada", accounts.Administrator), h.member("wren"), h.person("maya", accounts.Moderator)
	june, c := h.consultant(ada, "june", application("June"))
	ruth, _ := h.consultant(ada, "ruth", application("Ruth"))
	id, err := h.Contact(t.Context(), wren, contact(c))
	h.must(err)
	for _, pair := range [][2]accounts.Viewer{{wren, june}, {june, wren}} { // whoever asked for it
		h.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())`, pair[0].ID, pair[1].ID)
		for _, f := range []directory.Filter{{}, {Words: "june"}, {Place: "Amsterdam", Km: 1000}, {Telehealth: true}} {
			for v, want := range map[*accounts.Viewer]int{&wren: 0, &ruth: 1, &maya: 1, &june: 1, {}: 1} {
				page, err := h.Listings(t.Context(), *v, f)
				h.must(err)
				found := 0
				for _, listed := range page.Consultants {
					if listed.ID == c.ID {
						found++
					}
				}
				if found != want {
					t.Errorf("%q looks for %+v and finds %d, want %d", v.Handle, f, found, want)
				}
			}
		}
		_, err = h.Consultant(t.Context(), wren, c.Slug)
		refused(t, "the listing", err, fault.NotFound)
		_, err = h.ConsultantByID(t.Context(), wren, c.ID)
		refused(t, "the listing by its id", err, fault.NotFound)
		_, err = h.ConsultantOf(t.Context(), wren, june.ID)
		refused(t, "the listing by its person", err, fault.NotFound)
		_, err = h.Contact(t.Context(), wren, contact(c))
		refused(t, "another request", err, fault.NotFound)
		for _, v := range []accounts.Viewer{wren, june} {
			_, err = h.Open(t.Context(), v, id)
			refused(t, "the request, to "+v.Handle, err, fault.NotFound)
			if page, err := h.Contacts(t.Context(), v, 0); err != nil || len(page.Requests) != 0 {
				t.Errorf("%s lists %v %v", v.Handle, page, err)
			}
		}
		refused(t, "an answer", h.Answer(t.Context(), june, id, true, ""), fault.NotFound)
		for _, v := range []accounts.Viewer{june, ruth, maya} {
			if _, err := h.Consultant(t.Context(), v, c.Slug); err != nil {
				t.Errorf("%s reads the listing: %v", v.Handle, err)
			}
		}
		h.exec(`UPDATE blocks SET thread_id = 7`) // of an alias, which concerns nobody here
		if _, err := h.Consultant(t.Context(), wren, c.Slug); err != nil {
			t.Errorf("with an alias blocked: %v", err)
		}
		h.exec(`DELETE FROM blocks`)
	}
	for _, v := range []accounts.Viewer{wren, june} {
		if page, err := h.Contacts(t.Context(), v, 0); err != nil || len(page.Requests) != 1 {
			t.Errorf("together again, %s lists %v %v", v.Handle, page, err)
		}
	}
}
