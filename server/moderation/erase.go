package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
)

// Erase takes what cases hold of somebody who leaves: their reports, what they objected, their name, and their words where
// those go. An open case keeps what it holds until it is closed. It runs before their name is gone, and after their words.
func (m *Moderation) Erase(ctx context.Context, tx *db.Tx, l accounts.Leaver) error {
	if err := eraseReports(ctx, tx, l.ID); err != nil {
		return fmt.Errorf("erasing reports: %w", err)
	}
	if err := releaseAll(ctx, tx, l.ID); err != nil {
		return fmt.Errorf("giving cases back: %w", err)
	}
	for after, more := int64(0), true; more; {
		page, err := casesOf(ctx, tx, l, after, casesPerPage)
		if err != nil {
			return fmt.Errorf("reading the cases about somebody who leaves: %w", err)
		}
		for _, c := range page {
			after = c.ID
			if err := m.part(ctx, tx, c, l); err != nil {
				return fmt.Errorf("emptying a case: %w", err)
			}
		}
		more = len(page) == casesPerPage
	}
	return nil
}

// part empties a case of what it holds of a leaver, or notes that this is to be done. The case of a credential that goes
// with them is closed.
func (m *Moderation) part(ctx context.Context, tx *db.Tx, c Case, l accounts.Leaver) error {
	if c.Open() && c.Kind == audit.Credential {
		c.ClosedAt, c.ClaimedBy, c.ClaimedUntil = m.clock(), 0, time.Time{}
		if err := move(ctx, tx, c, stepClose, accounts.Viewer{}); err != nil {
			return err
		}
	}
	if c.Open() {
		return insertParting(ctx, tx, c.ID, l)
	}
	return emptyCase(ctx, tx, c, l)
}

// emptyCase stores a case without what it holds of somebody who left.
func emptyCase(ctx context.Context, tx *db.Tx, c Case, l accounts.Leaver) error {
	theirs, err := linesOf(ctx, tx, c, l.ID)
	if err != nil {
		return err
	}
	if c.AboutID == l.ID && l.Parting.Removes() {
		c.Words = ""
	}
	c.Words = l.Unnamed(c.Words)
	if c.AboutID == l.ID && ofPerson(c.Kind) {
		c.Title, c.Path = accounts.FormerName, "/mod"
	} else if c.Title, c.Path, err = titleNow(ctx, tx, c); err != nil {
		return err
	}
	for i, line := range c.Snapshot {
		c.Snapshot[i] = line.without(l, theirs[line.ID])
		if line.Reported && c.Kind == audit.Post && c.AboutID != l.ID {
			c.Words = richtext.Excerpt(c.Snapshot[i].HTML, excerpt) // which began with what it quoted
		}
	}
	if err := updateSnapshot(ctx, tx, c); err != nil {
		return err
	}
	return emptyNotes(ctx, tx, c.ID, l)
}

// ofPerson says whether a case of this kind is called after the person whom it is about.
func ofPerson(kind audit.Kind) bool {
	return kind == audit.Person || kind == audit.Listing || kind == audit.Credential
}

// without is a line as it stands once somebody has left, who wrote it or is named in it.
func (line Line) without(l accounts.Leaver, theirs bool) Line {
	line.HTML = l.Unnamed(line.HTML)
	switch {
	case theirs:
		line.Author, line.Handle = accounts.FormerName, ""
		if l.Parting.Removes() {
			line.HTML = ""
		}
	case l.Parting == accounts.RemoveQuotes:
		line.HTML = withoutQuotes(line.HTML)
	}
	return line
}

// withoutQuotes takes out all that is quoted: whose words they are is not known any more.
func withoutQuotes(html string) string {
	for {
		starts, ends := strings.Index(html, "<blockquote"), strings.LastIndex(html, "</blockquote>")
		if starts < 0 || ends < starts {
			return html
		}
		html = html[:starts] + html[ends+len("</blockquote>"):]
	}
}

// emptyLater has a case emptied once its decision can no longer be taken back.
func (m *Moderation) emptyLater(ctx context.Context, tx *db.Tx, c Case) error {
	partings, err := partingsOf(ctx, tx, c.ID)
	if err != nil || len(partings) == 0 {
		return err
	}
	return m.queue.Insert(ctx, tx, Emptied{CaseID: c.ID}, &river.InsertOpts{ScheduledAt: c.ClosedAt.Add(undoable)})
}

// empty works on Emptied; a case that is open again keeps what it holds.
func (m *Moderation) empty(ctx context.Context, job *river.Job[Emptied]) error {
	err := m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := lockCase(ctx, tx, job.Args.CaseID)
		if err != nil || c.Open() {
			return err
		}
		partings, err := partingsOf(ctx, tx, c.ID)
		for _, l := range partings {
			if err == nil {
				err = emptyCase(ctx, tx, c, l)
			}
		}
		if err != nil {
			return err
		}
		return deletePartings(ctx, tx, c.ID)
	})
	if err != nil {
		return fmt.Errorf("emptying a closed case: %w", err)
	}
	return nil
}
