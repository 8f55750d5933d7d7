package leaving

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/blob"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// kept is how long a copy can be fetched, and how long one that never came stands in the way of another.
const kept = 24 * time.Hour

// Export is the copy of all that is somebody's.
type Export struct {
	Key       uuid.UUID
	AskedAt   time.Time
	ReadyAt   time.Time `bun:",nullzero"`
	ExpiresAt time.Time `bun:",nullzero"`
	Bytes     int64
}

// Asked reports whether there is one, or will be.
func (e Export) Asked() bool { return !e.AskedAt.IsZero() }

// Ready reports whether the file can be fetched.
func (e Export) Ready() bool { return !e.ReadyAt.IsZero() }

func exportsOf(uid string) string { return "exports/" + uid + "/" }

func (e Export) file(uid string) string { return exportsOf(uid) + e.Key.String() + ".zip" }

// Export is the viewer's copy; zero where there is none.
func (l *Leaving) Export(ctx context.Context, viewer accounts.Viewer) (Export, error) {
	e, err := exportOf(ctx, l.DB, viewer.ID, l.clock().Add(-kept), l.clock())
	if err != nil && !db.IsMissing(err) {
		return Export{}, fmt.Errorf("reading a copy's state: %w", err)
	}
	return e, nil
}

// AskExport has a copy made of all that is the viewer's. One at a time: where there is one, that is a Conflict.
func (l *Leaving) AskExport(ctx context.Context, viewer accounts.Viewer) error {
	if viewer.Guest() {
		return fault.New(fault.Unauthenticated, "Please sign in first.")
	}
	now, key := l.clock(), uuid.New()
	err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := insertExport(ctx, tx, viewer.ID, key, now.Add(-kept), now)
		switch {
		case err != nil:
			return err
		case !fresh:
			return fault.New(fault.Conflict, "There is a copy already, or it is being made. You can ask for another one a day after you asked for this.")
		}
		return l.Queue.Insert(ctx, tx, Asked{PersonID: viewer.ID, Key: key}, nil)
	})
	if err != nil {
		return fmt.Errorf("asking for a copy: %w", err)
	}
	return nil
}

// OpenExport reads the viewer's copy. The caller closes it.
func (l *Leaving) OpenExport(ctx context.Context, viewer accounts.Viewer) (io.ReadCloser, Export, error) {
	e, err := l.Export(ctx, viewer)
	switch {
	case err != nil:
		return nil, Export{}, err
	case !e.Ready():
		return nil, Export{}, fault.Missing()
	}
	person, err := l.Accounts.Leaver(ctx, viewer.ID)
	if err != nil {
		return nil, Export{}, err
	}
	file, err := l.Blobs.Read(ctx, e.file(person.UID))
	if blob.IsMissing(err) {
		return nil, Export{}, fault.Missing()
	}
	return file, e, err
}

// Asked is the job of making a copy.
type Asked struct {
	PersonID int64     `json:"person_id"`
	Key      uuid.UUID `json:"key"`
}

// Kind names the job in River's table.
func (Asked) Kind() string { return "leaving.asked" }

// exporter works on Asked.
type exporter struct {
	river.WorkerDefaults[Asked]
	leaving *Leaving
}

// Timeout is for people who wrote much.
func (x *exporter) Timeout(*river.Job[Asked]) time.Duration { return longWork }

// Work makes the file and says so. Where it is not wanted any more, the file goes again.
func (x *exporter) Work(ctx context.Context, job *river.Job[Asked]) error {
	l, e := x.leaving, Export{Key: job.Args.Key}
	person, err := l.Accounts.Leaver(ctx, job.Args.PersonID)
	if err != nil {
		return err
	}
	if e.Bytes, err = l.Blobs.Write(ctx, e.file(person.UID), "application/zip", func(w io.Writer) error {
		return l.pack(ctx, w, person.ID)
	}); err != nil {
		return fmt.Errorf("making a copy: %w", err)
	}
	e.ReadyAt = l.clock()
	e.ExpiresAt = e.ReadyAt.Add(kept)
	wanted := false
	err = l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if wanted, err = updateExport(ctx, tx, person.ID, e); err != nil || !wanted {
			return err
		}
		return l.Queue.Insert(ctx, tx, Expired{PersonID: person.ID, Key: e.Key}, &river.InsertOpts{ScheduledAt: e.ExpiresAt})
	})
	if err != nil || wanted {
		return err
	}
	return l.Blobs.DeleteAll(ctx, e.file(person.UID))
}

// Expired is the job of deleting a copy.
type Expired struct {
	PersonID int64     `json:"person_id"`
	Key      uuid.UUID `json:"key"`
}

// Kind names the job in River's table.
func (Expired) Kind() string { return "leaving.expired" }

// expirer works on Expired.
type expirer struct {
	river.WorkerDefaults[Expired]
	leaving *Leaving
}

// Work deletes the file before the row that tells of it.
func (x *expirer) Work(ctx context.Context, job *river.Job[Expired]) error {
	l, e := x.leaving, Export{Key: job.Args.Key}
	person, err := l.Accounts.Leaver(ctx, job.Args.PersonID)
	if err != nil {
		return err
	}
	if err := l.Blobs.DeleteAll(ctx, e.file(person.UID)); err != nil {
		return fmt.Errorf("deleting a copy: %w", err)
	}
	err = l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteExport(ctx, tx, person.ID, e.Key) })
	if err != nil {
		return fmt.Errorf("forgetting a copy: %w", err)
	}
	return nil
}
