package notify

import (
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
)

func (s sentence) String() string {
	if s.path == "" {
		return s.before + s.name + s.after
	}
	return s.before + "[" + s.name + "](" + s.path + ")" + s.after
}

func TestVerdictsInWords(t *testing.T) {
	t.Parallel()
	post := moderation.Verdict{Kind: audit.Post, Title: "Is it too late?", Path: "/p/7"}
	for action, want := range map[audit.Verb]string{
		audit.Hide:    "A moderator has hidden your post in [Is it too late?](/p/7). Others no longer read it.",
		audit.Remove:  "A moderator has removed your post in [Is it too late?](/p/7).",
		audit.Restore: "A moderator has restored your post in [Is it too late?](/p/7).",
		audit.Warn:    "A moderator asks you to mind the house rules, for your post in [Is it too late?](/p/7).",
		audit.Mute:    "A moderator has asked you to pause, for your post in [Is it too late?](/p/7). You can read, and write nothing meanwhile.",
		audit.Suspend: "A moderator has suspended your account, for your post in [Is it too late?](/p/7). You can read, and the rooms are closed to you meanwhile.",
	} {
		post.Action = action
		if got := verdictWords(post).String(); got != want {
			t.Errorf("%s: %q, want %q", action, got, want)
		}
	}
	for want, v := range map[string]moderation.Verdict{
		"A moderator has removed your post.":                                                             {Kind: audit.Post, Action: audit.Remove},
		"A moderator has hidden your message in Lounge. Others no longer read it.":                       {Kind: audit.Message, Action: audit.Hide, Title: "Lounge"},
		"A moderator has moved your thread [Hello](/t/1) to where it belongs.":                           {Kind: audit.Thread, Action: audit.Move, Title: "Hello", Path: "/t/1"},
		"A moderator has unlocked your thread [Hello](/t/1).":                                            {Kind: audit.Thread, Action: audit.Unlock, Title: "Hello", Path: "/t/1"},
		"A moderator has pinned your thread.":                                                            {Kind: audit.Thread, Action: audit.Pin},
		"A moderator has locked your thread. It can be read, and nothing more can be written in it.":     {Kind: audit.Thread, Action: audit.Lock},
		"A moderator has hidden your listing. Others no longer read it.":                                 {Kind: audit.Listing, Action: audit.Hide},
		"A moderator asks you to mind the house rules.":                                                  {Kind: audit.Person, Action: audit.Warn, Title: "Sol", Path: "/u/sol"},
		"A moderator has asked you to pause. You can read, and write nothing meanwhile.":                 {Kind: audit.Person, Action: audit.Mute},
		"A moderator has looked once more at your post in [Hello](/p/7), and left it as it was decided.": {Kind: audit.Post, Action: moderation.None, Title: "Hello", Path: "/p/7"},
		"A moderator has looked once more at what was decided about you, and left it as it was decided.": {Kind: audit.Person, Action: moderation.None},
	} {
		if got := verdictWords(v).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTidingsInWords(t *testing.T) {
	t.Parallel()
	post := moderation.Tiding{Kind: audit.Post, Title: "Is it too late?", Path: "/p/7"}
	closed, acted := post, post
	closed.Closed, acted.Closed, acted.Acted = true, true, true
	for want, tt := range map[string]struct {
		kind notify.Kind
		moderation.Tiding
	}{
		"A moderator has seen your report of the post in [Is it too late?](/p/7).":                               {notify.Seen, acted},
		"A moderator has seen your report of the post in Is it too late?.":                                       {notify.Closed, moderation.Tiding{Kind: audit.Post, Title: "Is it too late?"}},
		"A moderator has looked at your report of the post in [Is it too late?](/p/7), and left it as it is.":    {notify.Closed, closed},
		"A moderator has looked at your report of the post in [Is it too late?](/p/7), and acted.":               {notify.Closed, acted},
		"A moderator has looked at your report of the post, and acted.":                                          {notify.Closed, moderation.Tiding{Kind: audit.Post, Closed: true, Acted: true}},
		"A moderator has looked at your report of [sol](/u/sol), and left it as it is.":                          {notify.Closed, moderation.Tiding{Kind: audit.Person, Title: "sol", Path: "/u/sol", Closed: true}},
		"A moderator has looked at your report of the message in [Lounge](/rooms/lounge), and left it as it is.": {notify.Closed, moderation.Tiding{Kind: audit.Message, Title: "Lounge", Path: "/rooms/lounge", Closed: true}},
	} {
		if got := tidingWords(tt.kind, tt.Tiding).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// told is a page of notices, the newest first, as they read.
func told(k known, viewer accounts.Viewer, notices ...notify.Notice) []string {
	var words []string
	for _, e := range k.entries(viewer, notices) {
		words = append(words, e.String())
	}
	return words
}

func TestRepliesInOneThreadStandTogether(t *testing.T) {
	t.Parallel()
	line := func(id int64, who, title string) forum.PostLine {
		return forum.PostLine{PostID: id, N: int(id), AuthorName: who, Title: title}
	}
	k := known{lines: map[int64]forum.PostLine{
		1: line(1, "Sol", "Hello"), 2: line(2, "Wren", "Hello"), 3: line(3, "June", "Goodbye"), 4: line(4, "Sol", "Hello"), 5: line(5, "Sol", "Hello"),
		6: line(6, "Lark", "Hello"),
	}}
	reply := func(post, thread int64) notify.Notice {
		return notify.Notice{Kind: notify.Reply, ObjectID: post, ThreadID: thread}
	}
	read := func(n notify.Notice) notify.Notice {
		n.ReadAt = time.Unix(1, 0)
		return n
	}
	mention := notify.Notice{Kind: notify.Mention, ObjectID: 6}
	got := told(k, accounts.Viewer{ID: 1},
		reply(99, 1), reply(4, 1), mention, reply(98, 1), reply(5, 1), reply(3, 2), read(reply(2, 1)), read(reply(1, 1)))
	want := []string{
		"Something that is no longer there", "2 new replies in [Hello](/p/4)", "Lark mentioned you in [Hello](/p/6)",
		"June replied in [Goodbye](/p/3)", "2 replies in [Hello](/p/1)",
	}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

func TestWhatIsNotKnownIsGone(t *testing.T) {
	t.Parallel()
	for _, kind := range []notify.Kind{
		notify.Mention, notify.Answer, notify.Reply, notify.Decided, notify.Seen, notify.Closed, notify.Case, notify.Contact, notify.ContactAnswered, notify.Waits,
	} {
		if got := told(known{}, accounts.Viewer{ID: 1}, notify.Notice{Kind: kind, ObjectID: 7, ThreadID: 8}); got[0] != gone.before {
			t.Errorf("%s: %q", kind, got)
		}
	}
	staff := accounts.Viewer{ID: 1, Role: accounts.Moderator}
	if got := told(known{}, staff, notify.Notice{Kind: notify.Case, ObjectID: 7}); got[0] != "Somebody may be in danger. [Look at the case](/mod/cases/7)" {
		t.Errorf("to staff: %q", got)
	}
	ada := accounts.Viewer{ID: 1, Role: accounts.Administrator}
	if got := told(known{}, ada, notify.Notice{Kind: notify.Waits, ObjectID: 7}); got[0] != "Somebody would like to join. [See who waits](/admin/approvals)" {
		t.Errorf("to an administrator: %q", got)
	}
	if got := told(known{}, staff, notify.Notice{Kind: notify.Waits, ObjectID: 7}); got[0] != gone.before {
		t.Errorf("to a moderator: %q", got)
	}
}

func TestRequestsInWords(t *testing.T) {
	t.Parallel()
	request := directory.Request{ID: 3, PersonName: "River", ConsultantName: "June Hale"}
	accepted := request
	accepted.Accepted = true
	for want, s := range map[string]sentence{
		"River has [written to you](/contacts/3)":            requestWords(notify.Contact, accepted),
		"June Hale has accepted [your request](/contacts/3)": requestWords(notify.ContactAnswered, accepted),
		"June Hale has declined [your request](/contacts/3)": requestWords(notify.ContactAnswered, request),
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}
