package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Bounds of what the two write to each other, in code points.
const (
	MaxMessage = 4000
	MaxReply   = 2000
)

const requestsPerPage = 20

// Request is what a person wrote to a consultant, private to the two.
type Request struct {
	ID             int64
	ConsultantID   int64
	ConsultantName string
	ConsultantSlug string
	AskedID        int64 // the consultant, as a person
	PersonID       int64 // who asks
	PersonName     string
	PersonHandle   string
	Message        string
	CreatedAt      time.Time
	SeenAt         time.Time `bun:",nullzero"` // when the consultant opened it
	AnsweredAt     time.Time `bun:",nullzero"`
	Accepted       bool
	Reply          string // what the consultant wrote to the answer; may be empty
}

// State is how far a request has come.
type State string

// The states.
const (
	Sent     State = "sent"
	Seen     State = "seen"
	Accepted State = "accepted"
	Declined State = "declined"
)

// State tells how far it has come.
func (r Request) State() State {
	switch {
	case r.Accepted:
		return Accepted
	case !r.AnsweredAt.IsZero():
		return Declined
	case !r.SeenAt.IsZero():
		return Seen
	}
	return Sent
}

// Asks reports whether the viewer wrote it.
func (r Request) Asks(viewer accounts.Viewer) bool { return !viewer.Guest() && r.PersonID == viewer.ID }

// Answers reports whether it was written to the viewer.
func (r Request) Answers(viewer accounts.Viewer) bool {
	return !viewer.Guest() && r.AskedID == viewer.ID
}

// Path is the request's address.
func (r Request) Path() string { return fmt.Sprintf("/contacts/%d", r.ID) }

// Contact is a request as it is written.
type Contact struct {
	Slug    string // the consultant's
	Message string
	Consent bool      // they want the consultant to read it
	Key     uuid.UUID // made with the form: the same again gives the same request
}

// Contact sends a request to a consultant and gives its id. The same key again gives the first one, whatever the message
// says now.
func (d *Directory) Contact(ctx context.Context, viewer accounts.Viewer, c Contact) (int64, error) {
	message, err := readContact(c)
	if err != nil {
		return 0, err
	}
	now, id := d.clock(), int64(0)
	err = d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		consultant, err := lockBySlug(ctx, tx, viewer, c.Slug)
		if err != nil {
			return err
		}
		if id, err = requestByKey(ctx, tx, viewer.ID, c.Key); !db.IsMissing(err) {
			return err
		}
		if err := MayAsk(viewer, consultant, now); err != nil {
			return err
		}
		id, err = insertRequest(ctx, tx, consultant.ID, viewer.ID, c.Key, message, now)
		if err != nil {
			return err
		}
		return d.queue.Insert(ctx, tx, Contacted{RequestID: id, PersonID: consultant.PersonID}, nil)
	})
	if err != nil {
		return 0, fmt.Errorf("writing to a consultant: %w", err)
	}
	return id, nil
}

// readContact gives the message as it is kept, or what is wrong.
func readContact(c Contact) (string, error) {
	faults := map[string]string{}
	message, err := text.Body(c.Message, MaxMessage)
	switch {
	case err != nil:
		faults["message"] = err.Error()
	case message == "":
		faults["message"] = "There are no words here yet."
	}
	if !c.Consent {
		faults["consent"] = "Please say that the consultant may read this."
	}
	return message, fault.Fields(faults)
}

// Requests reads those of these that the viewer wrote or was written. While the two are apart it is there for neither, and
// comes back when they meet again.
func (d *Directory) Requests(ctx context.Context, viewer accounts.Viewer, ids []int64) (map[int64]Request, error) {
	requests, err := requestsByID(ctx, d.db, viewer, ids)
	if err != nil {
		return nil, fmt.Errorf("reading requests: %w", err)
	}
	found := map[int64]Request{}
	for _, r := range requests {
		if MayRead(viewer, r) {
			found[r.ID] = r
		}
	}
	return found, nil
}

// RequestsPage is a stretch of somebody's requests, the newest first.
type RequestsPage struct {
	Requests []Request
	Next     int64 // the id before which the next page begins; 0 on the last
}

// Contacts lists the requests that the viewer wrote and those that were written to them, before an id; 0 is the newest.
func (d *Directory) Contacts(ctx context.Context, viewer accounts.Viewer, before int64) (RequestsPage, error) {
	if viewer.Guest() {
		return RequestsPage{}, fault.Missing()
	}
	requests, err := requestsBefore(ctx, d.db, viewer, before, requestsPerPage+1)
	if err != nil {
		return RequestsPage{}, fmt.Errorf("listing requests: %w", err)
	}
	page := RequestsPage{Requests: requests}
	if len(requests) > requestsPerPage {
		page.Requests = requests[:requestsPerPage]
		page.Next = page.Requests[requestsPerPage-1].ID
	}
	return page, nil
}

// Open reads one request; opened by the consultant, it is seen from then on.
func (d *Directory) Open(ctx context.Context, viewer accounts.Viewer, id int64) (Request, error) {
	found, err := d.Requests(ctx, viewer, []int64{id})
	if err != nil {
		return Request{}, err
	}
	request, there := found[id]
	if !there {
		return Request{}, fault.Missing()
	}
	if !request.Answers(viewer) || !request.SeenAt.IsZero() {
		return request, nil
	}
	request.SeenAt = d.clock()
	if err := d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return markSeen(ctx, tx, id, request.SeenAt)
	}); err != nil {
		return Request{}, fmt.Errorf("marking a request as seen: %w", err)
	}
	return request, nil
}

// Answer accepts a request or declines it, with some words or without. The first answer stays; giving it once more changes
// nothing.
func (d *Directory) Answer(ctx context.Context, viewer accounts.Viewer, id int64, accepted bool, reply string) error {
	reply, err := text.Body(reply, MaxReply)
	if err != nil {
		return fault.Field("reply", err.Error())
	}
	now := d.clock()
	err = d.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		request, err := lockRequest(ctx, tx, viewer, id)
		switch {
		case err != nil:
			return err
		case !MayRead(viewer, request):
			return fault.Missing()
		case !request.Answers(viewer):
			return fault.New(fault.Forbidden, "Only the consultant answers a request.")
		case !request.AnsweredAt.IsZero() && request.Accepted == accepted:
			return nil
		case !request.AnsweredAt.IsZero():
			return fault.New(fault.Conflict, "You have answered this already. Your first answer stands.")
		}
		if err := updateAnswer(ctx, tx, id, accepted, reply, now); err != nil {
			return err
		}
		return d.queue.Insert(ctx, tx, Answered{RequestID: id, PersonID: request.PersonID, Accepted: accepted}, nil)
	})
	if err != nil {
		return fmt.Errorf("answering a request: %w", err)
	}
	return nil
}
