package moderation_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

func TestAReportOpensACaseWithASnapshot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, lark, sol := h.member("wren"), h.member("lark"), h.member("sol")
	maya := h.moderator("maya")
	thread, first := h.post(wren, "How do I begin?")
	rude := h.reply(lark, thread, "You **should** have asked sooner.")
	h.reply(sol, thread, "Do not listen to that.")
	id := h.report(sol, rude, audit.Unkind)

	p := h.look(maya, id)
	if p.Kind != audit.Post || p.ObjectID != rude.ID || p.AboutID != lark.ID || p.Title != "Is it too late?" || p.Path == "" {
		t.Errorf("the case is about %+v", p.Case)
	}
	var authors []string
	for _, l := range p.Snapshot {
		authors = append(authors, l.Author)
		if l.Reported != (l.ID == rude.ID) {
			t.Errorf("line %d is marked %v", l.ID, l.Reported)
		}
	}
	if !slices.Equal(authors, []string{"wren", "lark", "sol"}) || !strings.Contains(p.Snapshot[1].HTML, "<strong>should</strong>") {
		t.Errorf("the snapshot holds %+v", p.Snapshot)
	}
	if p.Severity != moderation.Amber || !p.DueAt.Equal(h.now().Add(12*time.Hour)) || p.Round != 1 || p.Version != 1 {
		t.Errorf("it is %+v", p.Case)
	}
	if len(p.Reports) != 1 || p.Reports[0].ReporterName != "sol" || p.Reports[0].Reason != audit.Unkind {
		t.Errorf("reported by %+v", p.Reports)
	}
	if h.jobs("moderation.opened") != 1 {
		t.Error("staff are not told")
	}
	// what the author changes later is not in it
	h.exec(`UPDATE posts SET body = 'kinder', html = '<p>kinder</p>', edited_at = ? WHERE id = ?`, h.now().Add(time.Minute), rude.ID)
	if p = h.look(maya, id); !strings.Contains(p.Snapshot[1].HTML, "should") || p.Current.EditedAt.IsZero() {
		t.Errorf("after an edit: %+v %+v", p.Snapshot[1], p.Current)
	}
	h.report(lark, first, audit.Other) // a case of its own
	if n := h.count(`SELECT count(*) FROM cases`); n != 2 {
		t.Errorf("%d cases", n)
	}
}

func TestSeverityAndDueTimeComeFromTheReason(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, sol := h.moderator("maya"), h.member("sol")
	for reason, want := range map[audit.Reason]struct {
		severity moderation.Severity
		within   time.Duration
	}{
		audit.Worried: {moderation.Crisis, 30 * time.Minute},
		audit.Medical: {moderation.Red, 2 * time.Hour}, audit.Privacy: {moderation.Red, 2 * time.Hour},
		audit.Unkind: {moderation.Amber, 12 * time.Hour}, audit.Selling: {moderation.Amber, 12 * time.Hour},
		audit.Spam: {moderation.Green, 48 * time.Hour}, audit.Other: {moderation.Green, 48 * time.Hour},
	} {
		_, target := h.post(h.member("about-"+string(reason)), "Words.")
		p := h.look(maya, h.report(sol, target, reason))
		if p.Severity != want.severity || p.DueAt.Sub(p.OpenedAt) != want.within {
			t.Errorf("%s: severity %d, within %v", reason, p.Severity, p.DueAt.Sub(p.OpenedAt))
		}
	}
}

func TestFurtherReportsJoinAndTheMostSevereCounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark := h.moderator("maya"), h.member("lark")
	_, target := h.post(lark, "Words.")
	id := h.report(h.member("sol"), target, audit.Spam)
	h.pass(time.Hour)
	h.report(h.member("wren"), target, audit.Worried)
	p := h.look(maya, id)
	if p.Severity != moderation.Crisis || p.Reason != audit.Worried || !p.DueAt.Equal(h.now().Add(30*time.Minute)) || p.Version != 2 || len(p.Reports) != 2 {
		t.Errorf("joined by a worse one: %+v", p.Case)
	}
	if h.jobs("moderation.opened") != 2 {
		t.Error("staff are not told that it has become a crisis")
	}
	h.pass(10 * time.Minute)
	h.report(h.member("june"), target, audit.Other)
	h.report(h.member("robin"), target, audit.Worried)
	after := h.look(maya, id)
	if after.Severity != moderation.Crisis || !after.DueAt.Equal(p.DueAt) || after.Version != 4 || h.jobs("moderation.opened") != 2 {
		t.Errorf("joined by milder ones: %+v, %d told", after.Case, h.jobs("moderation.opened"))
	}
}

func TestAClosedCaseIsOpenedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark, sol := h.moderator("maya"), h.member("lark"), h.member("sol")
	_, target := h.post(lark, "Words.")
	id := h.report(sol, target, audit.Medical)
	h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	h.pass(time.Hour)
	h.exec(`UPDATE posts SET body = 'worse', html = '<p>worse</p>' WHERE id = ?`, target.ID)
	if again := h.report(sol, target, audit.Spam); again != id {
		t.Fatalf("case %d, then %d", id, again)
	}
	p := h.look(maya, id)
	if !p.Open() || p.Round != 2 || p.Severity != moderation.Green || !p.OpenedAt.Equal(h.now()) || p.ClaimedBy != 0 || len(p.Reports) != 1 ||
		!strings.Contains(p.Snapshot[0].HTML, "worse") {
		t.Errorf("opened again: %+v", p.Case)
	}
	if h.jobs("moderation.opened") != 2 {
		t.Error("staff are not told again")
	}
}

func TestReportedTwiceIsReportedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, target := h.post(h.member("lark"), "Words.")
	sol := h.member("sol")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := h.Report(t.Context(), sol, target, audit.Unkind, "so rude"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if reports, jobs := h.count(`SELECT count(*) FROM reports`), h.jobs("moderation.opened"); reports != 1 || jobs != 1 || h.count(`SELECT max(version) FROM cases`) != 1 {
		t.Errorf("%d reports, %d jobs", reports, jobs)
	}
	s, err := h.Reportable(t.Context(), sol, target)
	h.must(err)
	if reported, err := h.Reported(t.Context(), sol, s); err != nil || !reported {
		t.Errorf("they are not thanked: %v", err)
	}
}

func TestManyReportAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, target := h.post(h.member("lark"), "Words.")
	var all sync.WaitGroup
	for i := range 10 {
		who := h.member("member-" + string(rune('a'+i)))
		all.Go(func() {
			if _, err := h.Report(t.Context(), who, target, audit.Unkind, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if cases, reports := h.count(`SELECT count(*) FROM cases`), h.count(`SELECT count(*) FROM reports`); cases != 1 || reports != 10 ||
		h.count(`SELECT max(version) FROM cases`) != 10 || h.jobs("moderation.opened") != 1 {
		t.Errorf("%d cases, %d reports", cases, reports)
	}
}

// TestEverythingCanBeReported, by those who may write nothing else, and staff too.
func TestEverythingCanBeReported(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	sol := h.member("sol")
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.people.Suspend(ctx, tx, sol.ID, h.now().Add(time.Hour))
	}))
	thread, post := h.post(maya, "Words of staff.")
	consultant := h.consultant("june")
	for _, target := range []moderation.Target{
		post, {Kind: audit.Thread, ID: thread.ID}, h.say(maya, "Said in a room."), {Kind: audit.Person, Slug: "maya"},
		{Kind: audit.Listing, Slug: consultant.Slug},
	} {
		id := h.report(sol, target, audit.Unkind)
		ada := h.somebody("ada-"+string(target.Kind), accounts.Administrator)
		p := h.look(ada, id)
		if p.Kind != target.Kind || p.Title == "" || p.Path == "" || len(p.Snapshot) == 0 || p.About.ID != p.AboutID {
			t.Errorf("%s: %+v", target.Kind, p.Case)
		}
	}
}

// TestBadReports are refused in words, and leave nothing.
func TestBadReports(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread, post := h.post(wren, "Words.")
	said := h.say(wren, "Words.")
	report := func(by accounts.Viewer, target moderation.Target, reason audit.Reason, note string) error {
		_, err := h.Report(t.Context(), by, target, reason, note)
		return err
	}
	refused(t, "by a guest", report(accounts.Viewer{}, post, audit.Spam, ""), fault.Unauthenticated)
	for what, own := range map[string]moderation.Target{
		"one's own post": post, "one's own thread": {Kind: audit.Thread, ID: thread.ID}, "one's own message": said, "oneself": {Kind: audit.Person, Slug: "wren"},
	} {
		refused(t, what, report(wren, own, audit.Spam, ""), fault.Forbidden)
	}
	for what, none := range map[string]moderation.Target{
		"no post": {Kind: audit.Post, ID: 999_999}, "no thread": {Kind: audit.Thread, ID: 999_999}, "no message": {Kind: audit.Message, ID: 999, Slug: "lounge"},
		"no room": {Kind: audit.Message, ID: 1, Slug: "nowhere"}, "nobody": {Kind: audit.Person, Slug: "nobody"},
		"no listing": {Kind: audit.Listing, Slug: "nobody"}, "a kind of nothing": {Kind: audit.Room, ID: 1},
	} {
		refused(t, what, report(sol, none, audit.Spam, ""), fault.NotFound)
	}
	for _, reason := range []audit.Reason{"", "rude", audit.OffTopic, audit.Rules, "'; --"} {
		if err := report(sol, post, reason, "a note"); !slices.Equal(faulty(err), []string{"reason"}) {
			t.Errorf("reason %q: %v", reason, err)
		}
	}
	for _, note := range []string{strings.Repeat("x", 2001), "with\x00in", "with\xffin", "with\u202ein"} {
		if err := report(sol, post, audit.Spam, note); !slices.Equal(faulty(err), []string{"note"}) {
			t.Errorf("note %.20q: %v", note, err)
		}
	}
	h.exec(`UPDATE posts SET removed_at = now() WHERE id = ?`, post.ID)
	refused(t, "a removed post", report(sol, post, audit.Spam, ""), fault.NotFound)
	h.exec(`UPDATE posts SET removed_at = NULL, hidden_at = now() WHERE id = ?`, post.ID)
	refused(t, "a hidden post", report(sol, post, audit.Spam, ""), fault.NotFound)
	h.exec(`UPDATE threads SET hidden_at = now() WHERE id = ?`, thread.ID)
	refused(t, "a hidden thread", report(sol, moderation.Target{Kind: audit.Thread, ID: thread.ID}, audit.Spam, ""), fault.NotFound)
	h.exec(`UPDATE messages SET deleted_at = now() WHERE n = ?`, said.ID)
	refused(t, "a removed message", report(sol, said, audit.Spam, ""), fault.NotFound)
	if n := h.count(`SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM reports) + (SELECT count(*) FROM case_steps)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
