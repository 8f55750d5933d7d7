package directory_test

import (
	"context"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

func (h *house) carry(by accounts.Viewer, o directory.Order) error {
	return h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.Carry(ctx, tx, by, o) })
}

func TestAModeratorHidesAListingAndRestoresIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya := h.person("ada", accounts.Administrator), h.person("maya", accounts.Moderator)
	june, c := h.consultant(ada, "june", application("June"))
	before := len(h.record())
	hide := directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Selling}
	for range 2 { // the second time it is so already
		h.must(h.carry(maya, hide))
	}
	if _, err := h.Consultant(t.Context(), guest, c.Slug); !fault.Is(err, fault.NotFound) {
		t.Errorf("a guest reads the hidden listing: %v", err)
	}
	if found := h.slugs(directory.Filter{}); len(found) != 0 {
		t.Errorf("the list holds %v", found)
	}
	for _, v := range []accounts.Viewer{june, maya, ada} {
		if !h.read(v, c).Hidden() {
			t.Errorf("%s does not see that it is hidden", v.Handle)
		}
	}
	if record := h.record(); len(record) != before+1 || record[0].Kind != audit.Listing || record[0].ObjectID != c.ID ||
		record[0].Verb != audit.Hide || record[0].ActorID != maya.ID || record[0].Reason != audit.Selling {
		t.Errorf("written down: %+v", record)
	}
	h.must(h.carry(maya, directory.Order{Verb: audit.Restore, ConsultantID: c.ID, Reason: audit.Other}))
	if found := h.slugs(directory.Filter{}); len(found) != 1 || h.read(guest, c).Hidden() {
		t.Errorf("restored, the list holds %v", found)
	}
}

func TestWhoMayNotHideAListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	bea := h.person("bea", accounts.Moderator)
	june, c := h.consultant(ada, "june", application("June"))
	own := h.apply(bea, application("Bea"))
	for name, tt := range map[string]struct {
		by   accounts.Viewer
		o    directory.Order
		kind fault.Kind
	}{
		"a guest":                  {guest, directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Care}, fault.Forbidden},
		"a member":                 {wren, directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Care}, fault.Forbidden},
		"the consultant":           {june, directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Care}, fault.Forbidden},
		"of what they do not know": {wren, directory.Order{Verb: audit.Hide, ConsultantID: own.ID, Reason: audit.Care}, fault.NotFound},
		"their own":                {bea, directory.Order{Verb: audit.Hide, ConsultantID: own.ID, Reason: audit.Care}, fault.Forbidden},
		"of none":                  {ada, directory.Order{Verb: audit.Hide, ConsultantID: 999_999, Reason: audit.Care}, fault.NotFound},
		"another verb":             {ada, directory.Order{Verb: audit.Pin, ConsultantID: c.ID, Reason: audit.Care}, fault.Invalid},
		"without a reason":         {ada, directory.Order{Verb: audit.Hide, ConsultantID: c.ID}, fault.Invalid},
	} {
		refused(t, name, h.carry(tt.by, tt.o), tt.kind)
	}
	if h.read(ada, c).Hidden() || h.read(ada, own).Hidden() {
		t.Error("a refusal hid a listing")
	}
}

// TestNoHidingWithoutItsEntry: where the audit cannot be written, the listing is as it was.
func TestNoHidingWithoutItsEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	_, c := h.consultant(ada, "june", application("June"))
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (verb <> 'hide')`)
	if err := h.carry(ada, directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Care}); err == nil || fault.KindOf(err) != 0 {
		t.Error(err)
	}
	if h.read(ada, c).Hidden() {
		t.Error("the listing is hidden without its entry")
	}
}
