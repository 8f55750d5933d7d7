package directory

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

const (
	// maxNote bounds what an administrator writes about a refusal, in code points.
	maxNote = 1000

	credentialsPerPage = 30

	// maxYears is how far ahead a credential may end: registries renew them sooner.
	maxYears = 10
)

// Verification is what an administrator found in the registry.
type Verification struct {
	ConsultantID int64
	Number       string // as the registry has it
	Country      string // a code, or the English name
	Expires      string // the last day on which it holds, as 2006-01-02
	Seen         Status // how the credential stood on the administrator's page; empty where that is not known
}

// Verify finds a credential true until a day: its consultant wears the label until that day is over by UTC, and has a
// consultant's role. Once more, it holds until another day. Only administrators do this, and nobody for themself.
func (d *Directory) Verify(ctx context.Context, viewer accounts.Viewer, v Verification) error {
	if viewer.Role != accounts.Administrator {
		return fault.Missing()
	}
	now := d.clock()
	found, expires, err := readVerification(v, now)
	if err != nil {
		return err
	}
	err = d.judge(ctx, viewer, v.ConsultantID, func(ctx context.Context, tx *db.Tx, c Consultant) error {
		k := c.Credential
		same := k.Number == found.Number && k.Country == found.Country && k.ExpiresAt.Equal(expires)
		switch {
		case k.Status == Verified && same:
			return nil
		case k.Status == Refused, v.Seen != "" && v.Seen != k.Status:
			return judgedMeanwhile()
		}
		return d.verify(ctx, tx, viewer, c, found, expires, now)
	})
	if err != nil {
		return fmt.Errorf("verifying a credential: %w", err)
	}
	return nil
}

// verify stores that the credential was found true, and what follows from it.
func (d *Directory) verify(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Consultant, found Credential, expires, now time.Time) error {
	if err := verifyCredential(ctx, tx, c.ID, viewer.ID, found, expires, now); err != nil {
		return taken(err)
	}
	if err := d.relabel(ctx, tx, c, expires, now); err != nil {
		return err
	}
	if err := d.queue.Insert(ctx, tx, Judged{ConsultantID: c.ID, PersonID: c.PersonID, Verified: true}, nil); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, audit.Entry{
		At: now, ActorID: viewer.ID, Verb: audit.Verify, Kind: audit.Credential, ObjectID: c.ID,
	}); err != nil || c.Credential.Type != IBCLC {
		return err
	}
	return d.people.MakeConsultant(ctx, tx, viewer, c.PersonID)
}

// relabel lets the consultant wear the label until the credential ends, instead of an older one.
func (d *Directory) relabel(ctx context.Context, tx *db.Tx, c Consultant, expires, now time.Time) error {
	label := c.Credential.Type.Label()
	if err := d.people.EndLabel(ctx, tx, c.PersonID, label, now); err != nil {
		return err
	}
	return d.people.GrantLabel(ctx, tx, c.PersonID, label, now, expires)
}

// readVerification gives number and country as they are kept and the first moment at which the credential is over.
func readVerification(v Verification, now time.Time) (Credential, time.Time, error) {
	r := reader{}
	k := Credential{Number: r.number("number", v.Number), Country: r.country("country", v.Country)}
	day, err := time.Parse(time.DateOnly, v.Expires)
	expires := day.AddDate(0, 0, 1)
	switch {
	case err != nil:
		r["expires"] = "Please write the last day on which it holds, as 2029-03-31."
	case !expires.After(now):
		r["expires"] = "This day is past. A credential that has ended is not verified."
	case expires.After(now.AddDate(maxYears, 0, 1)):
		r["expires"] = fmt.Sprintf("This is more than %d years ahead. Please look at the day once more.", maxYears)
	}
	return k, expires, fault.Fields(r)
}

// Refusal is why an administrator could not verify a credential.
type Refusal struct {
	ConsultantID int64
	Reason       audit.Reason
	Note         string // for the consultant
	Seen         Status // as in a Verification; without it only what is pending can be refused
}

// Refuse says that a credential could not be verified; where it had been, the label ends. The consultant may change it and
// so apply again.
func (d *Directory) Refuse(ctx context.Context, viewer accounts.Viewer, f Refusal) error {
	if viewer.Role != accounts.Administrator {
		return fault.Missing()
	}
	note, err := readRefusal(f)
	if err != nil {
		return err
	}
	now := d.clock()
	err = d.judge(ctx, viewer, f.ConsultantID, func(ctx context.Context, tx *db.Tx, c Consultant) error {
		k := c.Credential
		switch {
		case k.Status == Refused:
			return nil
		case k.Status == Verified && f.Seen != Verified:
			return judgedMeanwhile()
		}
		if err := refuseCredential(ctx, tx, c.ID, viewer.ID, f.Reason, note); err != nil {
			return err
		}
		if k.Valid(now) {
			if err := d.people.EndLabel(ctx, tx, c.PersonID, k.Type.Label(), now); err != nil {
				return err
			}
		}
		if err := d.queue.Insert(ctx, tx, Judged{ConsultantID: c.ID, PersonID: c.PersonID}, nil); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{
			At: now, ActorID: viewer.ID, Verb: audit.Refuse, Kind: audit.Credential, ObjectID: c.ID, Reason: f.Reason,
		})
	})
	if err != nil {
		return fmt.Errorf("refusing a credential: %w", err)
	}
	return nil
}

func readRefusal(f Refusal) (note string, err error) {
	faults := map[string]string{}
	if !f.Reason.Known() {
		faults["reason_code"] = "Please choose why."
	}
	note, err = text.Body(f.Note, maxNote)
	if err != nil {
		faults["note"] = err.Error()
	}
	return note, fault.Fields(faults)
}

func judgedMeanwhile() error {
	return fault.New(fault.Conflict, "This credential was judged in the meantime, or has changed. Nothing was done; please look at it as it is now.")
}

// judge holds a credential while do decides on it, with the roles of both people: whose it is, and who decides.
func (d *Directory) judge(ctx context.Context, viewer accounts.Viewer, id int64,
	do func(ctx context.Context, tx *db.Tx, c Consultant) error,
) error {
	c, err := d.ConsultantByID(ctx, viewer, id)
	if err != nil {
		return err
	}
	if MayEdit(viewer, c) {
		return fault.New(fault.Forbidden, "Nobody verifies themself. Please ask another administrator.")
	}
	return d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := d.people.HoldAdministrator(ctx, tx, viewer, c.PersonID); err != nil {
			return err
		}
		held, err := lockConsultant(ctx, tx, id)
		if err != nil {
			return err
		}
		if held.Credential, err = credentialOf(ctx, tx, id); err != nil {
			return err
		}
		return do(ctx, tx, held)
	})
}

// Examine reads a listing with its credential's number, for an administrator, and writes into the audit that they looked.
func (d *Directory) Examine(ctx context.Context, viewer accounts.Viewer, id int64) (Consultant, error) {
	if viewer.Role != accounts.Administrator {
		return Consultant{}, fault.Missing()
	}
	c, err := d.ConsultantByID(ctx, viewer, id)
	if err != nil {
		return Consultant{}, err
	}
	err = d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if c.Credential, err = credentialOf(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{
			At: d.clock(), ActorID: viewer.ID, Verb: audit.Open, Kind: audit.Credential, ObjectID: id,
		})
	})
	if err != nil {
		return Consultant{}, fmt.Errorf("looking at a credential: %w", err)
	}
	return c, nil
}

// Desk lists the consultants with how their credentials stand, without numbers, for staff: what waits first, the longest
// first; then what holds, what ends soonest first; then what ended or was refused. It goes on after a cursor.
func (d *Directory) Desk(ctx context.Context, viewer accounts.Viewer, after string) (Page, error) {
	if !viewer.Staff() {
		return Page{}, fault.Missing()
	}
	from, err := parseCursor(after, cursor{-1, 0, 0})
	if err != nil {
		return Page{}, err
	}
	rows := make([]deskRow, 0, credentialsPerPage+1)
	err = d.reads.desk.Scan(ctx, &rows, d.clock(), from[0], from[1], from[2], credentialsPerPage+1)
	if err != nil {
		return Page{}, fmt.Errorf("listing the credentials: %w", err)
	}
	page := Page{}
	for i, row := range rows {
		if i == credentialsPerPage {
			last := rows[i-1]
			page.Next = cursor{last.Rank, last.Due, last.ID}.String()
			break
		}
		page.Consultants = append(page.Consultants, row.Consultant)
	}
	return page, nil
}
