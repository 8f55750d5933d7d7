package moderation

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/web/ui"
)

// look is how a severity is shown.
type look struct{ words, class string }

var severities = map[moderation.Severity]look{
	moderation.Crisis: {"Crisis", "sev-crisis"},
	moderation.Red:    {"Red", "sev-red"},
	moderation.Amber:  {"Amber", "sev-amber"},
	moderation.Green:  {"Green", ""},
}

// kindWords name what a case is about.
var kindWords = map[audit.Kind]string{
	audit.Post: "a post", audit.Thread: "a thread", audit.Message: "a message in a room", audit.Person: "a person",
	audit.Listing: "a listing", audit.Credential: "a consultant",
}

// caseTitle names a case by why it is one; nothing private stands in it.
func caseTitle(c moderation.Case) string {
	if c.Kind == audit.Credential {
		return "A credential to check"
	}
	return ui.ReasonWords(c.Reason)
}

var states = []struct {
	state moderation.State
	words string
}{{moderation.Waiting, "Open"}, {moderation.Mine, "Mine"}, {moderation.Closed, "Closed"}}

func listTitle(s moderation.State) string {
	switch s {
	case moderation.Mine:
		return "Your cases"
	case moderation.Closed:
		return "Closed cases"
	}
	return "Open cases"
}

func emptyList(s moderation.State) string {
	switch s {
	case moderation.Mine:
		return "You have no case at the moment."
	case moderation.Closed:
		return "No case has been closed yet."
	}
	return "Nothing waits here. Enough for today."
}

// statePath is the address of a list.
func statePath(s moderation.State, after string) string {
	query := url.Values{}
	if s != moderation.Waiting {
		query.Set("state", string(s))
	}
	if after != "" {
		query.Set("after", after)
	}
	if len(query) == 0 {
		return cases
	}
	return cases + "?" + query.Encode()
}

// soon is how close a case is to its time when that stands out.
const soon = 10 * time.Minute

// dueWords say when somebody should have decided.
func dueWords(due, now time.Time) string {
	left := due.Sub(now)
	if left < 0 {
		return "Late by " + spanWords(-left)
	}
	return "Due in " + spanWords(left)
}

func spanWords(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 3*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// holder says in a row who has the case.
func holder(c moderation.Case, viewer accounts.Viewer, now time.Time) string {
	switch {
	case c.HeldBy(viewer, now):
		return "you have it"
	case c.Held(now):
		return c.ClaimedName + " has it"
	}
	return "nobody yet"
}

func holderSentence(c moderation.Case, viewer accounts.Viewer, now time.Time) string {
	until := c.ClaimedUntil.UTC().Format("15:04 UTC")
	switch {
	case c.HeldBy(viewer, now):
		return "You have it until " + until + ", and longer with everything that you do here."
	case c.Held(now):
		return c.ClaimedName + " has it until " + until + ", or for longer while they work on it."
	}
	return "Nobody has it yet."
}

// reportersWords count who reported it.
func reportersWords(reports []moderation.Report) string {
	switch {
	case len(reports) == 0:
		return "Nobody reported it again"
	case len(reports) == 1 && reports[0].ByHouse():
		return "The house found it"
	case len(reports) == 1:
		return "One person reported it"
	}
	return fmt.Sprintf("%d reports", len(reports))
}

func reporter(r moderation.Report) string {
	if r.ByHouse() {
		return "The house"
	}
	return r.ReporterName
}

// changed says what has become of a thing since it was reported.
func changed(p moderation.Page) string {
	switch now := p.Current; {
	case p.Kind == audit.Person:
		return "This is about the person, rather than something that they wrote."
	case now.Gone:
		return "Its author has taken it away since."
	case now.Removed:
		return "It is removed: nobody can read it but here."
	case now.Hidden:
		return "It is hidden: only its author and moderators can read it."
	case now.EditedAt.After(p.OpenedAt):
		return "Its author has changed it since. See it in its place."
	}
	return "Not changed since."
}

// sinceWords say who it is, as far as the viewer knows.
func sinceWords(p moderation.Page) string {
	since := "Here since " + p.About.JoinedAt.Format("January 2006") + "."
	switch {
	case p.Masked:
		return "They write under another name in this thread, and you see what was decided about that name."
	case p.Alias != "":
		return "You have looked: this is " + p.About.Name + ". " + since
	}
	return since
}

// history counts what was decided about the person before.
func history(p moderation.Page) string {
	standing := slices.DeleteFunc(slices.Clone(p.Decisions), func(d moderation.Decision) bool {
		return d.Undone() || d.Action == moderation.None
	})
	switch len(standing) {
	case 0:
		return "No decision against them so far."
	case 1:
		return "One decision so far:"
	}
	return fmt.Sprintf("%d decisions so far:", len(standing))
}

// didWords say what a decision did.
func didWords(d moderation.Decision) string {
	until := d.Until.UTC().Format("2 January 2006, 15:04 UTC")
	switch d.Action {
	case audit.Hide:
		return "hid it"
	case audit.Remove:
		return "removed it"
	case audit.Restore:
		return "restored it"
	case audit.Pin:
		return "pinned it"
	case audit.Lock:
		return "locked it"
	case audit.Unlock:
		return "unlocked it"
	case audit.Move:
		return "moved it"
	case audit.Warn:
		return "wrote to the author"
	case audit.Mute:
		return "asked for a pause until " + until
	case audit.Suspend:
		return "suspended the account until " + until
	}
	return "left it as it is"
}

// choice is a decision as the form offers it, with its consequence in words.
type choice struct {
	action       audit.Verb
	words, means string
}

// choices are the decisions that would change something, and to leave it.
func choices(p moderation.Page) []choice {
	who, now := p.Named(), p.Current
	judged := who + " is told which rule, and can ask for another look."
	all := map[audit.Verb]choice{
		moderation.None: {words: "Leave it", means: leaveMeans(p)},
		audit.Pin:       {words: "Pin it", means: "It comes first in its category, for everybody. " + judged},
		audit.Lock:      {words: "Lock it", means: "Everybody who can read it still can, and members can write nothing more in it. " + judged},
		audit.Unlock:    {words: "Unlock it", means: "Members can write in it again. " + who + " is told."},
		audit.Move:      {words: "Move it", means: "It goes to another category at once, and is read by those who read that. " + judged},
		audit.Hide:      {words: "Hide it", means: hideMeans(p.Kind, who) + " " + judged},
		audit.Remove:    {words: "Remove it", means: "Nobody can read it any more, but in this case. " + judged},
		audit.Restore:   {words: "Restore it", means: "Everybody who could read it before can read it again. " + who + " is told."},
		audit.Warn:      {words: "Write to " + who, means: "It stays as it is. " + who + " reads the reason and your words, and can ask for another look."},
		audit.Mute:      {words: "A pause for " + who, means: "They can read, report and object, and write nothing that others see. It ends by itself. What is reported stays as it is. " + judged},
		audit.Suspend:   {words: "Suspend " + who, means: "As a pause, and they cannot be in the rooms: the ones they have open close at once. It ends by itself. What is reported stays as it is. " + judged},
	}
	pointless := map[audit.Verb]bool{
		audit.Pin: now.Pinned, audit.Lock: now.Locked, audit.Unlock: !now.Locked,
		audit.Hide: now.Hidden, audit.Remove: now.Removed, audit.Restore: !now.Hidden && !now.Removed,
	}
	var offered []choice
	for _, action := range p.Actions {
		if !pointless[action] {
			c := all[action]
			c.action = action
			offered = append(offered, c)
		}
	}
	return offered
}

// leaveMeans says who hears that nothing was done.
func leaveMeans(p moderation.Page) string {
	if p.Objection() != nil {
		return "It stays as it is. " + p.Named() + " hears that somebody looked once more, and so do those who reported it since."
	}
	return "It stays as it is. Those who reported it hear that somebody looked, and " + p.Named() + " hears nothing."
}

// hideMeans says who still reads what is hidden.
func hideMeans(kind audit.Kind, who string) string {
	switch kind {
	case audit.Thread:
		return "It and all that stands in it vanish at once, for everybody but moderators."
	case audit.Message:
		return "It vanishes from the room at once, for everybody."
	case audit.Listing:
		return "Only " + who + " and moderators can see the listing."
	}
	return "Only " + who + " and moderators can read it."
}

// span is a time for which somebody is muted or suspended, as the form offers it.
type span struct{ value, words, means string }

// usual is the span that is chosen at first.
const usual = 2

func spans(now time.Time) []span {
	var offered []span
	for _, s := range []struct {
		words string
		days  time.Duration
		hours time.Duration
	}{{"1 hour", 0, 1}, {"1 day", 1, 0}, {"3 days", 3, 0}, {"7 days", 7, 0}, {"30 days", 30, 0}} {
		until := now.Add(s.days*24*time.Hour + s.hours*time.Hour)
		offered = append(offered, span{strconv.FormatInt(until.UnixMilli(), 10), s.words, "Until " + until.UTC().Format("Monday 2 January, 15:04 UTC")})
	}
	return offered
}
