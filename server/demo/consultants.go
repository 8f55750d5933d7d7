package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/platform/db"
)

func (c *community) gatherConsultants() error {
	talks, err := read("consultants")
	if err != nil {
		return err
	}
	for _, t := range talks {
		if err := c.gatherConsultant(t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// gatherConsultant lets one join, apply, be verified where they were, and confirm their listing.
func (c *community) gatherConsultant(t talk) error {
	handle := t.value("handle")
	age, err := parseAge(t.value("joined"))
	if err != nil {
		return err
	}
	confirmed, err := parseAge(t.value("confirmed"))
	if err != nil {
		return err
	}
	application, until, err := readApplication(t)
	if err != nil {
		return err
	}
	if _, known := c.joined[handle]; !known {
		c.joins(saying{where: t.name, handle: handle, age: age}, t.value("name"), accounts.Member)
	}
	var id int64
	c.then(age-settled, t.name, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = c.directory.PlantListing(ctx, tx, c.people[handle], application)
		c.consultants[handle] = id
		if err != nil || until != "" {
			return err
		}
		return c.moderation.PlantCredential(ctx, tx, directory.Consultant{
			ID: id, PersonID: c.people[handle].ID, Listing: directory.Listing{Name: application.Name},
		})
	})
	if until == "" {
		return nil
	}
	expires, err := parseAge(until)
	if err != nil {
		return err
	}
	c.then(age-2*settled, t.name, func(ctx context.Context, tx *db.Tx) error {
		c.wears(handle, func(v *accounts.Viewer) { v.Role, v.Label = accounts.Consultant, accounts.IBCLC })
		return c.directory.PlantVerification(ctx, tx, c.people[keeper], directory.Verification{
			ConsultantID: id, Number: application.Number, Country: application.Country, Expires: c.now.Add(-expires).Format(time.DateOnly),
		})
	})
	if expires > 0 {
		c.then(expires, t.name, func(context.Context, *db.Tx) error {
			c.wears(handle, func(v *accounts.Viewer) { v.Label = accounts.Peer })
			return nil
		})
	}
	c.then(confirmed, t.name, func(ctx context.Context, tx *db.Tx) error { return c.directory.PlantConfirmation(ctx, tx, id) })
	return nil
}

// readApplication reads what a consultant says of themself, and until when their credential holds: empty where nobody has
// verified it yet.
func readApplication(t talk) (a directory.Application, until string, err error) {
	credential := strings.Split(t.value("credential"), ", ")
	kind, number, ok := strings.Cut(credential[0], " ")
	if !ok || len(credential) != 3 {
		return a, "", fmt.Errorf("a credential is such as `ibclc L-204417, GB, until in 840d`, or ends in `unverified`")
	}
	a.Type, a.Number, a.Country = directory.Type(kind), number, credential[1]
	until, verified := strings.CutPrefix(credential[2], "until ")
	if !verified {
		until = ""
	}
	meets := strings.Fields(t.value("meets"))
	a.Listing = directory.Listing{
		Name: t.value("name"), Text: t.text, Fees: t.value("fees"), Waiting: t.value("waiting"), Accepting: t.value("waiting") == "",
		Telehealth: slices.Contains(meets, "telehealth"), Home: slices.Contains(meets, "home"), Clinic: slices.Contains(meets, "clinic"),
		Languages: strings.Fields(t.value("languages")), Specialties: strings.Fields(t.value("specialties")),
	}
	for _, f := range t.head {
		if f.name != "place" {
			continue
		}
		place := strings.Split(f.value, ", ")
		if len(place) != 3 {
			return a, "", fmt.Errorf("a place is such as `Leeds, GB, accepting`, this is %q", f.value)
		}
		a.Places = append(a.Places, directory.Place{City: place[0], Country: place[1], Accepting: place[2] == "accepting"})
	}
	return a, until, nil
}

func (c *community) gatherRequests() error {
	talks, err := read("requests")
	if err != nil {
		return err
	}
	for _, t := range talks {
		var id int64
		for i, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) (err error) {
				switch {
				case i == 0:
					id, err = c.directory.PlantRequest(ctx, tx, c.people[s.handle], c.consultants[t.value("to")], directory.Contact{
						Message: s.body, Consent: true, Key: uuid.New(),
					})
				case s.has("sees"):
					err = c.directory.PlantSight(ctx, tx, id)
				default:
					err = c.directory.PlantAnswer(ctx, tx, id, s.has("accepts"), s.body)
				}
				return err
			})
		}
	}
	return nil
}
