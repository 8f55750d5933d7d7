package notify_test

import (
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
)

func TestNoticesComeInPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren := h.member("june"), h.member("wren")
	for id := range int64(120) {
		h.work(directory.Contacted{RequestID: id + 1, PersonID: june.ID})
	}
	h.work(directory.Contacted{RequestID: 1, PersonID: wren.ID})
	var objects []int64
	before := int64(0)
	for pages := 1; ; pages++ {
		page, err := h.notify.Page(t.Context(), june, before)
		h.must(err)
		for _, n := range page.Notices {
			objects = append(objects, n.ObjectID)
		}
		if before = page.Next; before == 0 {
			if pages != 3 {
				t.Errorf("%d pages, want 3", pages)
			}
			break
		}
	}
	for i, id := range objects {
		if id != int64(120-i) {
			t.Fatalf("not the newest first, or not each: %v", objects)
		}
	}
	if len(objects) != 120 {
		t.Errorf("%d notices, want 120", len(objects))
	}
	if _, err := h.notify.Page(t.Context(), accounts.Viewer{}, 0); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest got %v", err)
	}
}

func TestSeenIsWhatWasThereToSee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren := h.member("june"), h.member("wren")
	for id := range int64(6) {
		h.work(directory.Contacted{RequestID: id + 1, PersonID: june.ID})
		h.work(directory.Contacted{RequestID: id + 1, PersonID: wren.ID})
	}
	page, err := h.notify.Page(t.Context(), june, 0)
	h.must(err)
	third, fifth := page.Notices[3].ID, page.Notices[1].ID
	var group errgroup.Group // two tabs, and another's hand
	for range 10 {
		group.Go(func() error { return h.notify.MarkSeen(t.Context(), june, third, fifth) })
	}
	h.must(group.Wait())
	h.bells(june, 3)
	h.must(h.notify.MarkSeen(t.Context(), june, 1, fifth))
	h.bells(june, 1)
	h.bells(wren, 6)
	h.kinds(june)
	h.must(h.notify.MarkSeen(t.Context(), accounts.Viewer{}, 1, 1<<62))
	h.bells(wren, 6)
	if got := h.told[accounts.BellSubject+strconv.FormatInt(june.ID, 10)]; got != "1" {
		t.Errorf("open pages were told %q", got)
	}
}

// bells checks how many notices wait for somebody.
func (h *house) bells(who accounts.Viewer, want int64) {
	h.Helper()
	if got := h.read(`SELECT unread FROM bells WHERE person_id = ?`, who.ID); got != want {
		h.Errorf("for %s wait %d, want %d", who.Handle, got, want)
	}
}

func TestWhoHasLeftIsPassedOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.work(directory.Answered{RequestID: 1, PersonID: 999})
	if n := h.read(`SELECT count(*) FROM notices`); n != 0 {
		t.Errorf("%d notices for nobody", n)
	}
}

func TestDirectoryTells(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, river := h.member("june"), h.member("river")
	for range 2 {
		h.work(directory.Contacted{RequestID: 7, PersonID: june.ID})
		h.work(directory.Answered{RequestID: 7, PersonID: river.ID})
	}
	judged := directory.Judged{ConsultantID: 3, PersonID: june.ID}
	for job, verified := range []bool{false, true, true} { // refused, verified, and a year later once more
		judged.Verified = verified
		for range 2 {
			h.must(h.notify.Work(t.Context(), int64(job), judged))
		}
	}
	h.wants(map[string]string{"june": "contact refused verified verified", "river": "contact_answered"}, june, river)
}
