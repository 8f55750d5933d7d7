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

// Apply takes a person's application and gives their listing, which the others see once its credential was verified. A
// person has one.
func (d *Directory) Apply(ctx context.Context, viewer accounts.Viewer, typed Application) (Consultant, error) {
	a, err := readApplication(typed)
	if err != nil {
		return Consultant{}, err
	}
	now := d.clock()
	err = d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		_, err := d.add(ctx, tx, viewer.ID, a, now)
		return err
	})
	if err != nil {
		return Consultant{}, fmt.Errorf("applying as a consultant: %w", err)
	}
	return d.ConsultantOf(ctx, viewer, viewer.ID)
}

// add stores an application, and has it checked.
func (d *Directory) add(ctx context.Context, tx *db.Tx, personID int64, a Application, now time.Time) (int64, error) {
	id, err := insertConsultant(ctx, tx, personID, text.SlugOr(a.Name, "consultant"), a.Listing, now)
	if err != nil {
		return 0, taken(err)
	}
	if err := d.keepDetails(ctx, tx, id, a.Listing, nil, now); err != nil {
		return 0, err
	}
	if err := insertCredential(ctx, tx, id, a, now); err != nil {
		return 0, taken(err)
	}
	return id, d.queue.Insert(ctx, tx, Applied{ConsultantID: id}, nil)
}

// taken turns what is somebody else's, or there already, into words.
func taken(err error) error {
	switch {
	case db.IsUnique(err, "consultants_person_id_key"):
		return fault.New(fault.Conflict, "You have a listing already. Please change that one.").Because(err)
	case db.IsUnique(err, "consultants_name_looks_key"), db.IsUnique(err, "consultants_slug_key"):
		return fault.Field("name", "Somebody is listed under a name that reads like this one. Please add something to yours, as a middle name.").Because(err)
	case db.IsUnique(err, "credentials_number_key"):
		return fault.Field("number", "This number is in use here already. Please look at it once more; if it is yours, write to the people who run this place.").Because(err)
	}
	return err
}

// keepDetails stores the places, and what the search knows of the listing.
func (d *Directory) keepDetails(ctx context.Context, tx *db.Tx, id int64, l Listing, before []Place, now time.Time) error {
	rows := make([]placeRow, 0, len(l.Places))
	for _, p := range l.Places {
		row := placeRow{Place: p, CityPlain: text.Plain(p.City)}
		row.AcceptingAt = since(p, before, now)
		row.point, row.known = locate(p.City, p.Country)
		rows = append(rows, row)
	}
	if err := replacePlaces(ctx, tx, id, rows); err != nil {
		return err
	}
	return learn(ctx, tx, id)
}

// since is when a place began to take people, or ceased to: what stays as it was keeps its date.
func since(p Place, before []Place, now time.Time) time.Time {
	for _, b := range before {
		if b.City == p.City && b.Country == p.Country && b.Accepting == p.Accepting {
			return b.AcceptingAt
		}
	}
	return now
}

// Edit changes the viewer's listing, which is then confirmed. Another name, type, number or country of the credential is
// checked anew: until then nothing is verified, and the label ends.
func (d *Directory) Edit(ctx context.Context, viewer accounts.Viewer, slug string, typed Application) (Consultant, error) {
	a, err := readApplication(typed)
	if err != nil {
		return Consultant{}, err
	}
	err = d.change(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, c Consultant, now time.Time) error {
		acceptingAt := c.AcceptingAt
		if a.Accepting != c.Accepting {
			acceptingAt = now
		}
		if err := updateListing(ctx, tx, c.ID, a.Listing, acceptingAt, now); err != nil {
			return taken(err)
		}
		if err := d.keepDetails(ctx, tx, c.ID, a.Listing, c.Places, now); err != nil {
			return err
		}
		return d.keepCredential(ctx, tx, c, a, now)
	})
	if err != nil {
		return Consultant{}, fmt.Errorf("changing a listing: %w", err)
	}
	return d.Consultant(ctx, viewer, slug)
}

// keepCredential sends a changed credential back to be checked, and one that was refused.
func (d *Directory) keepCredential(ctx context.Context, tx *db.Tx, c Consultant, a Application, now time.Time) error {
	k, err := credentialOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	same := k.Type == a.Type && k.Country == a.Country && text.Looks(k.Number) == text.Looks(a.Number) &&
		text.Looks(c.Name) == text.Looks(a.Name)
	if same && k.Status != Refused {
		return nil
	}
	if err := reapply(ctx, tx, c.ID, a, now); err != nil {
		return taken(err)
	}
	if k.Valid(now) {
		if err := d.people.EndLabel(ctx, tx, c.PersonID, k.Type.Label(), now); err != nil {
			return err
		}
	}
	return d.queue.Insert(ctx, tx, Applied{ConsultantID: c.ID}, nil)
}

// Confirm says that all of the viewer's listing is still right.
func (d *Directory) Confirm(ctx context.Context, viewer accounts.Viewer, slug string) error {
	err := d.change(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, c Consultant, now time.Time) error {
		return updateConfirmed(ctx, tx, c.ID, now)
	})
	if err != nil {
		return fmt.Errorf("confirming a listing: %w", err)
	}
	return nil
}

// SetAccepting says whether the consultant takes somebody new, at the places that do, and how long people wait where not.
// Who says so has the listing in their hand: it is confirmed, too.
func (d *Directory) SetAccepting(ctx context.Context, viewer accounts.Viewer, slug string, accepting bool, waiting string) error {
	r := reader{}
	waiting = r.line("waiting", waiting, maxWaiting, "")
	if err := fault.Fields(r); err != nil {
		return err
	}
	err := d.change(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, c Consultant, now time.Time) error {
		since := c.AcceptingAt
		if accepting != c.Accepting {
			since = now
		}
		return updateAccepting(ctx, tx, c.ID, accepting, waiting, since, now)
	})
	if err != nil {
		return fmt.Errorf("saying who is taken: %w", err)
	}
	return nil
}

// change holds the viewer's own listing while do changes it.
func (d *Directory) change(ctx context.Context, viewer accounts.Viewer, slug string,
	do func(ctx context.Context, tx *db.Tx, c Consultant, now time.Time) error,
) error {
	now := d.clock()
	return d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		c, err := lockBySlug(ctx, tx, viewer, slug)
		if err != nil {
			return err
		}
		if !MayEdit(viewer, c) {
			return notYours()
		}
		return do(ctx, tx, c, now)
	})
}
