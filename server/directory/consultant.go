package directory

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Listing is what a consultant says of themself.
type Listing struct {
	Name        string
	Text        string
	Fees        string
	Telehealth  bool
	Home        bool
	Clinic      bool
	Languages   []string `bun:",array"` // ISO 639-1
	Specialties []string `bun:",array"` // accounts.Specialty
	Accepting   bool     // they take somebody new, at the places that say so too
	Waiting     string   // how long people wait where they do not; empty where they keep no list
	Places      []Place  `bun:",type:jsonb"`
}

// Consultant is a listing, with whose it is and how its credential stands.
type Consultant struct {
	ID       int64
	PersonID int64
	Handle   string
	Slug     string
	Listing
	AcceptingAt time.Time
	CreatedAt   time.Time
	ConfirmedAt time.Time  // when they last said that all this is right
	HiddenAt    time.Time  `bun:",nullzero"`
	Credential  Credential `bun:"embed:credential_"`
	Metres      int64      // from where somebody looks; in a list of the nearest
}

// Fresh is how long a listing stays in the list after it was confirmed.
const Fresh = 120 * 24 * time.Hour

// Hidden reports whether a moderator took the listing from everybody but the consultant and staff.
func (c Consultant) Hidden() bool { return !c.HiddenAt.IsZero() }

// Stale reports whether nobody has confirmed the listing for so long that the list leaves it out.
func (c Consultant) Stale(now time.Time) bool { return c.ConfirmedAt.Add(Fresh).Before(now) }

// Label is what they wear for their credential now; empty where it is not verified or has ended.
func (c Consultant) Label(now time.Time) accounts.Label {
	if c.Credential.Valid(now) {
		return c.Credential.Type.Label()
	}
	return ""
}

// Takes reports whether they take somebody new at the place.
func (c Consultant) Takes(p Place) bool { return c.Accepting && p.Accepting }

// Path is the listing's address.
func (c Consultant) Path() string { return "/consultants/" + c.Slug }

// Consultant reads a listing. One that a moderator hid, or whose credential was never verified, is there for the consultant
// and for staff; those who are apart from the consultant do not find it.
func (d *Directory) Consultant(ctx context.Context, viewer accounts.Viewer, slug string) (Consultant, error) {
	if !text.IsSlug(slug) {
		return Consultant{}, fault.Missing()
	}
	return d.visible(ctx, viewer, d.reads.bySlug, slug)
}

// ConsultantByID is Consultant by its id, as jobs and cases name it.
func (d *Directory) ConsultantByID(ctx context.Context, viewer accounts.Viewer, id int64) (Consultant, error) {
	return d.visible(ctx, viewer, d.reads.byID, id)
}

// ConsultantOf is Consultant by the person whose listing it is.
func (d *Directory) ConsultantOf(ctx context.Context, viewer accounts.Viewer, personID int64) (Consultant, error) {
	return d.visible(ctx, viewer, d.reads.byPerson, personID)
}

func (d *Directory) visible(ctx context.Context, viewer accounts.Viewer, read *db.Statement, key any) (Consultant, error) {
	var c Consultant
	err := read.Scan(ctx, &c, key, sight(viewer))
	if db.IsMissing(err) || err == nil && !MaySee(viewer, c) {
		return Consultant{}, fault.Missing()
	}
	if err != nil {
		return Consultant{}, fmt.Errorf("reading a listing: %w", err)
	}
	return c, nil
}

// Own is Consultant for whose it is, with the credential's number and what an administrator wrote of it. Somebody else's is
// forbidden.
func (d *Directory) Own(ctx context.Context, viewer accounts.Viewer, slug string) (Consultant, error) {
	c, err := d.Consultant(ctx, viewer, slug)
	if err != nil {
		return Consultant{}, err
	}
	if !MayEdit(viewer, c) {
		return Consultant{}, notYours()
	}
	c.Credential, err = credentialOf(ctx, d.db, c.ID)
	if err != nil {
		return Consultant{}, fmt.Errorf("reading one's credential: %w", err)
	}
	return c, nil
}

func notYours() error {
	return fault.New(fault.Forbidden, "Only the consultant can change this listing.")
}
