package notify_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
)

func TestNoticesAreSeenWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol, june := h.member("river"), h.member("sol"), h.member("june")
	says(t, river.notices(), []string{"Nothing yet."}, "<form")
	thread := river.thread("Is it too late?", "She is ten weeks old.")
	first := sol.reply(thread, "It was not for us.")
	sol.reply(thread, "One more thing.")
	called := june.reply(thread, "@river, how is it going?")
	want := []string{
		fmt.Sprintf(`2 new replies in <a href="/p/%d">Is it too late?</a>`, first),
		fmt.Sprintf(`june mentioned you in <a href="/p/%d">Is it too late?</a>`, called),
		fmt.Sprintf(`You follow <a href="/t/%d">this thread</a>`, thread.ID), "Peer experience", "Mark all as seen",
	}
	for range 2 { // looking changes nothing
		page := river.notices()
		says(t, page, want)
		if fresh := strings.Count(page, ">New<"); fresh != 2 || river.unread() != 3 {
			t.Errorf("%d entries are new, %d notices wait", fresh, river.unread())
		}
	}
	_, upto, _ := strings.Cut(river.notices(), `name="upto" value="`)
	upto, _, _ = strings.Cut(upto, `"`)
	sol.reply(thread, "And another.")
	h.settle()
	if status, _ := river.ask("/notifications/seen", url.Values{"upto": {upto}}); status != http.StatusSeeOther {
		t.Errorf("marking: %d", status)
	}
	says(t, river.notices(), []string{">New</span> sol replied in", "2 replies in"}, "new replies")
	if river.unread() != 1 {
		t.Errorf("%d notices wait, want the one that came later", river.unread())
	}
}

func TestBadIdsMarkNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol := h.member("river"), h.member("sol")
	sol.reply(river.thread("Hello", "Some words."), "Hello.")
	h.settle()
	for _, bad := range []string{"", "0", "-1", "01", "+1", "1.0", "x", "9223372036854775808", "1\x00", "' OR 1=1 --"} {
		for _, form := range []url.Values{{"upto": {bad}}, {"upto": {"9223372036854775807"}, "from": {bad}}} {
			if status, _ := river.ask("/notifications/seen", form); status != http.StatusUnprocessableEntity {
				t.Errorf("%v: %d", form, status)
			}
		}
		if bad != "" {
			if status, _ := river.ask("/notifications?before="+url.QueryEscape(bad), nil); status != http.StatusNotFound {
				t.Errorf("before %q: %d", bad, status)
			}
		}
	}
	if river.unread() != 1 {
		t.Errorf("%d notices wait, want 1", river.unread())
	}
}

// TestWhatMayNoLongerBeReadIsNotNamed hides, removes, deletes what somebody was told of, one after the other.
func TestWhatMayNoLongerBeReadIsNotNamed(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, maya := h.member("river"), h.join("maya", accounts.Moderator)
	for name, change := range map[string]string{
		"a hidden post":    `UPDATE posts SET hidden_at = now() WHERE id = ?0`,
		"a removed post":   `UPDATE posts SET removed_at = now() WHERE id = ?0`,
		"a deleted post":   `UPDATE posts SET deleted_at = now() WHERE id = ?0`,
		"a hidden thread":  `UPDATE threads SET hidden_at = now() WHERE id = ?1`,
		"a removed thread": `UPDATE threads SET removed_at = now() WHERE id = ?1`,
	} {
		planted := h.member("planted-" + strings.ReplaceAll(name, " ", "-"))
		thread := planted.thread("PLANTED title", "PLANTED body")
		_, err := h.Forum.Watch(t.Context(), river.Viewer, thread.ID, true)
		h.must(err)
		reply, mention := planted.reply(thread, "PLANTED words"), planted.reply(thread, "@river @maya PLANTED words")
		says(t, river.notices(), []string{"PLANTED title", planted.Handle})
		for _, post := range []int64{reply, mention} {
			_, err = h.db.NewRaw(change, post, thread.ID).Exec(t.Context())
			h.must(err)
		}
		page := river.notices()
		says(t, page, []string{"Something that is no longer there"}, "PLANTED", "planted", "/p/", "/t/")
		says(t, maya.notices(), nil, "PLANTED body", "PLANTED words")
	}
}

// decided has sol report river's post, and maya decide on it.
func (h *house) decided(post int64, sol, maya person, d moderation.Decision) {
	h.Helper()
	_, err := h.Moderation.Report(h.Context(), sol.Viewer, moderation.Target{Kind: audit.Post, ID: post}, audit.Unkind, "PLANTED report")
	h.must(err)
	var id int64
	h.must(h.db.NewRaw(`SELECT id FROM cases WHERE object_id = ?`, post).Scan(h.Context(), &id))
	version := func() int {
		standing, err := h.Moderation.Standing(h.Context(), maya.Viewer, id)
		h.must(err)
		return standing.Version
	}
	h.must(h.Moderation.Claim(h.Context(), maya.Viewer, id, version()))
	says(h.T, sol.notices(), []string{"A moderator has seen your report of the post in"}, "maya")
	h.must(h.Moderation.Decide(h.Context(), maya.Viewer, id, version(), d))
}

func TestAuthorAndReporterReadWhatHappened(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	thread := sol.thread("Is it too late?", "She is ten weeks old.")
	post := river.reply(thread, "What a silly question.")
	h.decided(post, sol, maya, moderation.Decision{Action: audit.Hide, Reason: audit.Unkind, Note: "Please speak as you would like to be spoken to."})
	page := river.notices()
	says(t, page, []string{
		fmt.Sprintf(`A moderator has hidden your post in <a href="/p/%d">Is it too late?</a>`, post), "Why: Unkind or hurtful.",
		"Please speak as you would like to be spoken to.", "</svg>Moderator</span>", "You wrote: What a silly question.",
	}, "maya", "sol", "PLANTED")
	_, action, _ := strings.Cut(page, `action="/decisions/`)
	action, _, _ = strings.Cut(action, `"`)
	if status, _ := river.ask("/decisions/"+action, url.Values{"note": {"It was meant well."}}); status != http.StatusSeeOther {
		t.Errorf("an objection: %d", status)
	}
	says(t, river.notices(), []string{"You have asked for another look."}, "/decisions/")
	says(t, sol.notices(), []string{"A moderator has looked at your report of the post", ", and acted."},
		"maya", "Unkind", "speak as you", "What a silly", "has hidden", "/decisions/")
	says(t, h.member("wren").notices(), []string{"Nothing yet."})
}

// TestTheSuspendedReadWhyAndUntilWhen, and can object. Their page asks for no socket, which would be refused.
func TestTheSuspendedReadWhyAndUntilWhen(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	post := river.reply(sol.thread("Is it too late?", "She is ten weeks old."), "What a silly question.")
	until := time.Now().Add(24 * time.Hour).UTC()
	h.decided(post, sol, maya, moderation.Decision{Action: audit.Suspend, Reason: audit.Unkind, Until: until})
	says(t, river.notices(), []string{
		"A moderator has suspended your account, for your post in", "It ends by itself on", until.Format("2 January 2006, 15:04") + " UTC", "Ask for another look",
	})
	_, page := river.ask("/notifications", nil)
	says(t, page, nil, "bell.js")
	_, page = sol.ask("/notifications", nil)
	says(t, page, []string{"bell.js"})
}

func TestALeftCaseTellsItsReporterOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	post := river.reply(sol.thread("Is it too late?", "She is ten weeks old."), "It is not.")
	h.decided(post, sol, maya, moderation.Decision{Action: moderation.None, Reason: audit.Unkind})
	says(t, sol.notices(), []string{", and left it as it is."})
	says(t, river.notices(), []string{"Nothing yet."})
}

// TestACrisisIsShownToStaffOnly reports somebody whom a member is worried about.
func TestACrisisIsShownToStaffOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	post := river.reply(sol.thread("Is it too late?", "She is ten weeks old."), "I am so tired.")
	_, err := h.Moderation.Report(t.Context(), sol.Viewer, moderation.Target{Kind: audit.Post, ID: post}, audit.Worried, "PLANTED note")
	h.must(err)
	says(t, maya.notices(), []string{`Somebody may be in danger. <a href="/mod/cases/`}, "river", "PLANTED")
	_, err = h.db.NewRaw(`UPDATE people SET role = 'member' WHERE id = ?`, maya.ID).Exec(t.Context())
	h.must(err)
	says(t, maya.notices(), []string{"Something that is no longer there"}, "danger", "/mod/")
}
