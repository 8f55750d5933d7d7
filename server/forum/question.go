package forum

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/keyset"
	"firstdrops/server/platform/text"
)

const (
	questionsPerPage = 30
	takeLasts        = 24 * time.Hour

	// askCategory is where people ask for a consultant's answer; its questions come first in the queue.
	askCategory = "ask-a-consultant"
	// houseCategory is about this place: nothing there is a question to consultants.
	houseCategory = "house"
)

// AsksConsultants reports whether threads there are questions to consultants.
func (c Category) AsksConsultants() bool { return c.Slug == askCategory }

// Topic is what the asker of a thread chose to tell for those who may answer; each may be empty.
type Topic struct {
	Language  string // ISO 639-1
	Specialty accounts.Specialty
}

// faults are those of a form, by field.
func (t Topic) faults() map[string]string {
	faults := map[string]string{}
	if t.Language != "" && !text.KnownLanguage(t.Language) {
		faults["language"] = "Please choose a language of the list, or none."
	}
	if t.Specialty != "" && !t.Specialty.Known() {
		faults["specialty"] = "Please choose a subject of the list, or none."
	}
	return faults
}

// Take says which consultant is writing an answer. It ends by itself, and with the answer.
type Take struct {
	TakerID    int64 // 0 where nobody is
	TakerName  string
	TakenUntil time.Time `bun:",nullzero"`
}

// Held reports whether somebody is writing an answer now.
func (k Take) Held(now time.Time) bool { return k.TakenUntil.After(now) }

// UntilWords say when it ends by itself.
func (k Take) UntilWords() string { return k.TakenUntil.UTC().Format("2 January 2006, 15:04") + " UTC" }

// Question is a thread as the consultants' queue shows it.
type Question struct {
	Thread
	Take
	Turn int // whose turn it is: see the constants
}

// The turns, in the order of the queue.
const (
	turnAsked     = 1 + iota // it waits, and was put to consultants
	turnElsewhere            // it waits in another category
	turnAnswered             // a consultant's answer stands below it
)

// Answered reports whether an answer stands below it that was written under the label IBCLC.
func (q Question) Answered() bool { return q.Turn == turnAnswered }

// Questions is a page of the consultants' queue.
type Questions struct {
	Questions []Question
	Next      string // the cursor of the next page; empty on the last
}

// Questions reads the queue from a cursor on: first what waits for a consultant's answer, the longest waiting first, then
// what has one. Filters that are empty let all through. It is missing for all but consultants and staff, and holds neither
// their own threads, nor locked ones, nor those whose first post is gone, nor what is about the house or said by a moderator.
func (f *Forum) Questions(ctx context.Context, viewer accounts.Viewer, filter Topic, after string) (Questions, error) {
	from, turn, err := parseTurn(after)
	if err != nil || !maySeeQuestions(viewer) || len(filter.faults()) > 0 {
		return Questions{}, fault.Missing()
	}
	page := Questions{Questions: make([]Question, 0, questionsPerPage+1)}
	err = f.reads.questions.Scan(ctx, &page.Questions, sight(viewer), viewer.ID, filter.Language, string(filter.Specialty),
		turn, from.At, from.ID, questionsPerPage+1)
	if err != nil {
		return Questions{}, fmt.Errorf("reading the queue: %w", err)
	}
	if len(page.Questions) > questionsPerPage {
		page.Questions = page.Questions[:questionsPerPage]
		last := page.Questions[questionsPerPage-1]
		page.Next = strconv.Itoa(last.Turn) + turnMark + keyset.Key{At: last.CreatedAt, ID: last.ID}.String()
	}
	return page, nil
}

// turnMark parts the turn from the rest of a cursor.
const turnMark = "-"

// parseTurn reads a cursor of the queue; empty is its start.
func parseTurn(s string) (from keyset.Key, turn int, err error) {
	if s == "" {
		return keyset.Key{}, 0, nil
	}
	first, rest, _ := strings.Cut(s, turnMark)
	from, err = keyset.Parse(rest)
	turn, numberErr := strconv.Atoi(first)
	if err != nil || numberErr != nil || rest == "" || turn < turnAsked || turn > turnAnswered || first != strconv.Itoa(turn) {
		return keyset.Key{}, 0, fault.Missing()
	}
	return from, turn, nil
}

// Take tells the other consultants that the viewer is writing an answer. One who has taken the thread already keeps it as
// it was; where another has, it is a Conflict that says who and until when.
func (f *Forum) Take(ctx context.Context, viewer accounts.Viewer, threadID int64) (Thread, error) {
	now := f.clock()
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		thread, err := lockThread(ctx, tx, viewer, threadID)
		if err != nil {
			return err
		}
		if err := checkTake(viewer, thread); err != nil {
			return err
		}
		if err := unmasked(ctx, tx, viewer, threadID, now); err != nil {
			return err
		}
		take, err := takeThread(ctx, tx, threadID, viewer.ID, now)
		if err == nil && take.TakerID != viewer.ID {
			return fault.New(fault.Conflict, fmt.Sprintf("%s is answering this question, until %s. After that, others can take it.",
				take.TakerName, take.UntilWords()))
		}
		return err
	})
	if err != nil {
		return Thread{}, fmt.Errorf("taking the question: %w", err)
	}
	return f.Thread(ctx, viewer, threadID)
}

// checkTake says why the viewer may not take the thread.
func checkTake(viewer accounts.Viewer, thread Thread) error {
	switch {
	case !MaySee(viewer, thread):
		return fault.Missing()
	case viewer.Label != accounts.IBCLC:
		return fault.New(fault.Forbidden, "Only consultants whose credential we have checked can take a question.")
	case thread.AuthorID == viewer.ID:
		return fault.New(fault.Forbidden, "This is your own question. Another consultant will answer it.")
	case !MayAnswer(viewer, thread):
		return locked()
	}
	return nil
}

// Untake lets others take the thread again. Where the viewer has not taken it, that changes nothing.
func (f *Forum) Untake(ctx context.Context, viewer accounts.Viewer, threadID int64) (Thread, error) {
	thread, err := f.Thread(ctx, viewer, threadID)
	if err != nil {
		return Thread{}, err
	}
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteTake(ctx, tx, threadID, viewer.ID) })
	if err != nil {
		return Thread{}, fmt.Errorf("letting go of the question: %w", err)
	}
	return thread, nil
}
