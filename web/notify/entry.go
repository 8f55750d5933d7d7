package notify

import (
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
)

// entry is a line of the page: one notice, or the replies in one thread.
type entry struct {
	sentence
	Fresh    bool // not seen yet
	At       time.Time
	Line     forum.PostLine     // of one post; the zero line elsewhere
	ThreadID int64              // of a watched thread; else 0
	Verdict  moderation.Verdict // of a decision; the zero verdict elsewhere
}

// sentence is what an entry says, with the name of a thing in its midst; without a path the name leads nowhere.
type sentence struct{ before, name, path, after string }

// gone stands for whatever may no longer be seen, whichever it was.
var gone = sentence{before: "Something that is no longer there"}

// together is what replies have in common that stand in one entry.
type together struct {
	thread       int64
	fresh, there bool
}

// entries says what each notice is about, the replies in one thread together where the newest of them stands.
func (k known) entries(viewer accounts.Viewer, notices []notify.Notice) []entry {
	var all []entry
	replies := map[together][]forum.PostLine{}
	first := map[together]int{}
	for _, n := range notices {
		if n.Kind != notify.Reply {
			all = append(all, k.entry(viewer, n))
			continue
		}
		line, there := k.lines[n.ObjectID]
		with := together{n.ThreadID, !n.Read(), there}
		if _, begun := first[with]; !begun {
			first[with] = len(all)
			all = append(all, entry{Fresh: !n.Read(), At: n.At})
		}
		replies[with] = append(replies[with], line)
	}
	for with, lines := range replies {
		e := &all[first[with]]
		e.sentence = gone
		if with.there {
			e.sentence, e.ThreadID = repliedWords(lines, with.fresh), with.thread
		}
		if with.there && len(lines) == 1 {
			e.Line = lines[0]
		}
	}
	return all
}

// entry is that of one notice.
func (k known) entry(viewer accounts.Viewer, n notify.Notice) entry {
	e := entry{sentence: gone, Fresh: !n.Read(), At: n.At}
	switch n.Kind {
	case notify.Mention, notify.Answer:
		if line, there := k.lines[n.ObjectID]; there {
			e.sentence, e.Line = calledWords(n.Kind, line), line
		}
	case notify.Decided:
		if verdict, there := k.verdicts[n.ObjectID]; there {
			e.sentence, e.Verdict = verdictWords(verdict), verdict
		}
	case notify.Seen, notify.Closed:
		if tiding, there := k.tidings[n.ObjectID]; there {
			e.sentence = tidingWords(n.Kind, tiding)
		}
	case notify.Case:
		if viewer.Staff() {
			e.sentence = sentence{"Somebody may be in danger. ", "Look at the case", fmt.Sprintf("/mod/cases/%d", n.ObjectID), ""}
		}
	case notify.Waits:
		if viewer.Role == accounts.Administrator {
			e.sentence = sentence{"Somebody would like to join. ", "See who waits", "/admin/approvals", ""}
		}
	case notify.Contact, notify.ContactAnswered:
		if request, there := k.requests[n.ObjectID]; there {
			e.sentence = requestWords(n.Kind, request)
		}
	case notify.Verified:
		e.sentence = sentence{before: "Your credential was verified. From now on your words stand under that label."}
	case notify.Refused:
		e.sentence = sentence{"Your credential could not be verified. ", "What was missing", "/consultants/apply", ""}
	}
	return e
}

func requestWords(kind notify.Kind, r directory.Request) sentence {
	switch {
	case kind == notify.Contact:
		return sentence{r.PersonName + " has ", "written to you", r.Path(), ""}
	case r.Accepted:
		return sentence{r.ConsultantName + " has accepted ", "your request", r.Path(), ""}
	}
	return sentence{r.ConsultantName + " has declined ", "your request", r.Path(), ""}
}
