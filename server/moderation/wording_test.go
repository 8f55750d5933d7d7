package moderation_test

import (
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/fault"
)

const wording = "2026-11-21" // the version of the first rules

func TestAdministratorsApproveWordings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	number := int64(h.count(`SELECT number FROM word_rules WHERE id = 'domperidone'`))
	for _, other := range []accounts.Viewer{{}, h.member("sol"), h.moderator("maya")} {
		refused(t, "by "+other.Handle, h.ApproveWording(t.Context(), other, number, wording), fault.NotFound)
	}
	refused(t, "of nothing", h.ApproveWording(t.Context(), ada, 999, wording), fault.NotFound)
	refused(t, "of other words", h.ApproveWording(t.Context(), ada, number, "2026-11-20"), fault.Conflict)
	h.exec(`UPDATE people SET suspended_until = ? WHERE id = ?`, h.now().Add(time.Hour), ada.ID)
	refused(t, "by the suspended", h.ApproveWording(t.Context(), ada, number, wording), fault.Forbidden)
	h.exec(`UPDATE people SET suspended_until = NULL`)
	if checked, entries := h.count(`SELECT count(*) FROM word_rules WHERE approver <> ''`), h.record(); checked != 0 || len(entries) != 0 {
		t.Errorf("after refusals %d are checked, written down is %v", checked, entries)
	}
	for range 2 { // the second time it is so already
		h.must(h.ApproveWording(t.Context(), ada, number, wording))
	}
	if n := h.count(`SELECT count(*) FROM word_rules WHERE approver = 'ada' AND id = 'domperidone'`); n != 1 {
		t.Error("nobody stands under the wording")
	}
	entries := h.record()
	if len(entries) != 1 || entries[0].Verb != audit.Verify || entries[0].Kind != audit.Wording || entries[0].ObjectID != number || entries[0].ActorID != ada.ID {
		t.Errorf("written down are %+v", entries)
	}
}

func TestAnApprovalThatCannotBeWrittenDownIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (verb <> 'verify') NOT VALID`)
	if err := h.ApproveWording(t.Context(), ada, 1, wording); err == nil {
		t.Error("approved, with nothing written down")
	}
	if n := h.count(`SELECT count(*) FROM word_rules WHERE approver <> ''`); n != 0 {
		t.Error("somebody stands under the wording")
	}
}
