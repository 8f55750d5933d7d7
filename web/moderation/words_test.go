package moderation

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
)

var now = time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)

func TestWhenACaseIsDue(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		6 * time.Minute: "Due in 6 min", 72 * time.Minute: "Due in 1 h 12 min", 9 * time.Hour: "Due in 9 h", 48 * time.Hour: "Due in 2 days",
		-30 * time.Second: "Late by 0 min", -5 * time.Hour: "Late by 5 h",
	} {
		if got := dueWords(now.Add(left), now); got != want {
			t.Errorf("%v: %q, want %q", left, got, want)
		}
	}
}

// TestEveryChoiceSaysWhatItMeans, and what would change nothing is not offered.
func TestEveryChoiceSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	thread := []audit.Verb{moderation.None, audit.Pin, audit.Lock, audit.Unlock, audit.Move, audit.Hide, audit.Remove, audit.Restore, audit.Warn, audit.Mute, audit.Suspend}
	for name, c := range map[string]struct {
		current moderation.Current
		without []audit.Verb
	}{
		"as it was":         {moderation.Current{}, []audit.Verb{audit.Unlock, audit.Restore}},
		"hidden and locked": {moderation.Current{Hidden: true, Locked: true}, []audit.Verb{audit.Lock, audit.Hide}},
		"removed, pinned":   {moderation.Current{Removed: true, Pinned: true}, []audit.Verb{audit.Pin, audit.Unlock, audit.Remove}},
	} {
		p := moderation.Page{Case: moderation.Case{Kind: audit.Thread}, About: accounts.Person{Name: "Lark"}, Actions: thread, Current: c.current}
		var offered []audit.Verb
		for _, o := range choices(p) {
			offered = append(offered, o.action)
			if o.words == "" || o.means == "" || o.action != moderation.None && !strings.Contains(o.words+o.means, "Lark") {
				t.Errorf("%s: %+v", o.action, o)
			}
		}
		want := slices.DeleteFunc(slices.Clone(thread), func(v audit.Verb) bool { return slices.Contains(c.without, v) })
		if !slices.Equal(offered, want) {
			t.Errorf("%s: offered are %v, want %v", name, offered, want)
		}
	}
}

func TestSpansEndWhenTheySay(t *testing.T) {
	t.Parallel()
	offered := spans(now)
	if len(offered) != 5 || offered[usual].words != "3 days" {
		t.Fatalf("%+v", offered)
	}
	if s := offered[usual]; s.value != strconv.FormatInt(now.AddDate(0, 0, 3).UnixMilli(), 10) || s.means != "Until Monday 4 May, 03:00 UTC" {
		t.Errorf("%+v", s)
	}
	if !moment(offered[0].value).Equal(now.Add(time.Hour)) {
		t.Errorf("%v", moment(offered[0].value))
	}
	for _, bad := range []string{"", "x", "-1", "0", "1.5", "99999999999999999999"} {
		if m := moment(bad); !m.IsZero() {
			t.Errorf("%q is %v", bad, m)
		}
	}
}

func TestEveryDecisionAndReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, reason := range moderation.ReportReasons {
		if caseTitle(moderation.Case{Kind: audit.Post, Reason: reason}) == "" {
			t.Errorf("%s has no words", reason)
		}
	}
	left := didWords(moderation.Decision{Action: moderation.None})
	for _, action := range []audit.Verb{audit.Hide, audit.Remove, audit.Restore, audit.Pin, audit.Lock, audit.Unlock, audit.Move, audit.Warn, audit.Mute, audit.Suspend} {
		if words := didWords(moderation.Decision{Action: action, Until: now}); words == "" || words == left {
			t.Errorf("%s: %q", action, words)
		}
	}
}
