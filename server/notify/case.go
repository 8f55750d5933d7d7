package notify

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/joining"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
)

// Call is the letter that calls one of staff to a case.
type Call struct {
	PersonID int64 `json:"person_id"`
	CaseID   int64 `json:"case_id"`
}

// Kind names the job in River's table.
func (Call) Kind() string { return "notify.call" }

// opened calls staff where somebody may be in danger; other cases wait on their list. Whom the case is about is not called.
func (n *Notify) opened(ctx context.Context, job *river.Job[moderation.Opened]) error {
	if !job.Args.Crisis {
		return nil
	}
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := n.tellOpened(ctx, tx, job.Args)
		if err != nil {
			return err
		}
		for _, id := range fresh {
			if err := n.queue.Insert(ctx, tx, Call{PersonID: id, CaseID: job.Args.CaseID}, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("calling staff to a case: %w", err)
	}
	return nil
}

// tellOpened gives those of the staff to whom it is new.
func (n *Notify) tellOpened(ctx context.Context, tx *db.Tx, args moderation.Opened) ([]int64, error) {
	staff, err := staffFor(ctx, tx, args.CaseID)
	if err != nil {
		return nil, err
	}
	return n.tell(ctx, tx, subject{objectID: args.CaseID, round: int64(args.Round)}, same(Case, staff))
}

// waits tells administrators that somebody waits to be let in. Who has not seen such a notice yet gets no second one: however
// many come, the page of those who wait has them all.
func (n *Notify) waits(ctx context.Context, job *river.Job[joining.Waits]) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := administratorsUntold(ctx, tx)
		if err != nil {
			return err
		}
		_, err = n.tell(ctx, tx, subject{objectID: job.Args.PersonID, round: once}, same(Waits, all))
		return err
	})
	if err != nil {
		return fmt.Errorf("telling that somebody waits: %w", err)
	}
	return nil
}

// caller works on Call.
type caller struct {
	river.WorkerDefaults[Call]
	notify *Notify
	mailer Mailer
}

// Work reads the person anew: since the job was made they may have left the staff, or changed their address.
func (c *caller) Work(ctx context.Context, job *river.Job[Call]) error {
	email, err := staffEmail(ctx, c.notify.db, job.Args.PersonID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whom to call: %w", err)
	}
	link := c.notify.base.JoinPath("mod", "cases", fmt.Sprint(job.Args.CaseID))
	return c.mailer.Send(ctx, mail.Letter{To: email, Subject: callSubject, Text: fmt.Sprintf(callText, link)})
}

// The letter says nothing of the case, nor of whom it is about: others may see it.
const (
	callSubject = "Something here needs you"
	callText    = `Hello,

something here needs one of you soon:

%s

Whoever comes first takes it.
`
)

// seen tells those who reported a case that somebody has taken it; whoever did knows.
func (n *Notify) seen(ctx context.Context, job *river.Job[moderation.Seen]) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return n.tellSeen(ctx, tx, job.Args) })
	if err != nil {
		return fmt.Errorf("telling that a case was seen: %w", err)
	}
	return nil
}

func (n *Notify) tellSeen(ctx context.Context, tx *db.Tx, args moderation.Seen) error {
	round, claimer, err := takenCase(ctx, tx, args.CaseID)
	if err != nil {
		return err
	}
	_, err = n.tell(ctx, tx, subject{objectID: args.CaseID, round: round}, same(Seen, without(args.Reporters, claimer)))
	return err
}

// decided tells whom a decision is about, and those who reported. One that was taken back at once is not told; whoever
// decided knows.
func (n *Notify) decided(ctx context.Context, job *river.Job[moderation.Decided]) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return n.tellDecided(ctx, tx, job.Args) })
	if err != nil {
		return fmt.Errorf("telling of a decision: %w", err)
	}
	return nil
}

func (n *Notify) tellDecided(ctx context.Context, tx *db.Tx, args moderation.Decided) error {
	d, err := standingDecision(ctx, tx, args.DecisionID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if author := args.AuthorID; author != 0 && author != d.DeciderID {
		if _, err := n.tell(ctx, tx, subject{objectID: d.ID, round: once}, same(Decided, []int64{author})); err != nil {
			return err
		}
	}
	_, err = n.tell(ctx, tx, subject{objectID: d.CaseID, round: d.Round}, same(Closed, without(args.Reporters, d.DeciderID)))
	return err
}

// decision is what is needed of one to tell of it.
type decision struct {
	ID, CaseID, Round, DeciderID int64
}
