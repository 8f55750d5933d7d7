package notify

import (
	"fmt"
	"slices"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
)

// repliedWords tell of replies in one thread, and lead to the first of them.
func repliedWords(lines []forum.PostLine, fresh bool) sentence {
	first := slices.MinFunc(lines, func(a, b forum.PostLine) int { return a.N - b.N })
	before := first.AuthorName + " replied in "
	if len(lines) > 1 && fresh {
		before = fmt.Sprintf("%d new replies in ", len(lines))
	} else if len(lines) > 1 {
		before = fmt.Sprintf("%d replies in ", len(lines))
	}
	return sentence{before, first.Title, first.Path(), ""}
}

// calledWords tell of a post that is meant for the viewer.
func calledWords(kind notify.Kind, line forum.PostLine) sentence {
	did := " answered you in "
	if kind == notify.Mention {
		did = " mentioned you in "
	}
	return sentence{line.AuthorName + did, line.Title, line.Path(), ""}
}

// thing is how one that can be judged is named: by a noun, and the words between it and its title.
type thing struct{ noun, joint string }

var things = map[audit.Kind]thing{
	audit.Post: {"post", " in "}, audit.Message: {"message", " in "}, audit.Thread: {"thread", " "}, audit.Listing: {"listing", " "},
}

// of names something as its author or a reader would; a title follows where it may be seen.
func (t thing) of(whose, title string) string {
	if title == "" {
		return whose + " " + t.noun
	}
	return whose + " " + t.noun + t.joint
}

// judged says what a moderator did, before the thing that was judged and after it.
var judged = map[audit.Verb]struct{ before, after string }{
	audit.Hide:    {"A moderator has hidden ", ". Others no longer read it."},
	audit.Remove:  {"A moderator has removed ", "."},
	audit.Restore: {"A moderator has restored ", "."},
	audit.Lock:    {"A moderator has locked ", ". It can be read, and nothing more can be written in it."},
	audit.Unlock:  {"A moderator has unlocked ", "."},
	audit.Pin:     {"A moderator has pinned ", "."},
	audit.Move:    {"A moderator has moved ", " to where it belongs."},
	audit.Warn:    {"A moderator asks you to mind the house rules", "."},
	audit.Mute:    {"A moderator has asked you to pause", ". You can read, and write nothing meanwhile."},
	audit.Suspend: {"A moderator has suspended your account", ". You can read, and the rooms are closed to you meanwhile."},
}

// verdictWords tell somebody what was decided about them or their words.
func verdictWords(v moderation.Verdict) sentence {
	if v.Action == moderation.None {
		return leftWords(v)
	}
	words := judged[v.Action]
	personal := v.Action == audit.Warn || v.Action == audit.Mute || v.Action == audit.Suspend
	switch {
	case v.Kind == audit.Person:
		return sentence{before: words.before + words.after}
	case personal:
		words.before += ", for "
	}
	return sentence{words.before + things[v.Kind].of("your", v.Title), v.Title, v.Path, words.after}
}

// leftWords tell somebody who asked for another look that nothing came of it.
func leftWords(v moderation.Verdict) sentence {
	const before, after = "A moderator has looked once more at ", ", and left it as it was decided."
	if v.Kind == audit.Person {
		return sentence{before: before + "what was decided about you" + after}
	}
	return sentence{before + things[v.Kind].of("your", v.Title), v.Title, v.Path, after}
}

// tidingWords tell somebody what became of their report: never what was done, to whom or by whom.
func tidingWords(kind notify.Kind, t moderation.Tiding) sentence {
	reported := "your report of " + things[t.Kind].of("the", t.Title)
	if t.Kind == audit.Person {
		reported = "your report of "
	}
	switch {
	case kind == notify.Seen || !t.Closed: // a decision may have been taken back
		return sentence{"A moderator has seen " + reported, t.Title, t.Path, "."}
	case t.Acted:
		return sentence{"A moderator has looked at " + reported, t.Title, t.Path, ", and acted."}
	}
	return sentence{"A moderator has looked at " + reported, t.Title, t.Path, ", and left it as it is."}
}
