package chat

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/platform/text"
	"firstdrops/server/words"
)

// MaxBody is the longest message, in Unicode code points after trimming (CHAT-PROTOCOL section 3).
const MaxBody = 4000

// Line is what somebody wants to say.
type Line struct {
	Room string // its slug
	CMID string // the client's own uuid: the same one again is the same message
	Body string // Markdown
	Re   int64  // the number of the message it answers; 0 for none
}

// Ack says that a message is committed. It never comes before the COMMIT.
type Ack struct {
	N, Seq int64
	At     time.Time
	Dup    bool // it was in already; these are its first numbers
	Crisis bool // its author may be in danger, and should see at once who can help; told also where it was refused
}

// The codes of a refusal, from CHAT-PROTOCOL section 4.
const (
	codeBadFrame  = "bad_frame"
	codeNotFound  = "not_found"
	codeForbidden = "forbidden"
	codeTooLong   = "too_long"
	codeEmpty     = "empty"
	codeBusy      = "busy"
)

// busyRetry is how soon a client may try again when the house could not take a message.
const busyRetry = time.Second

// Send says something in a room and waits until it is committed.
func (c *Chat) Send(ctx context.Context, viewer accounts.Viewer, line Line) (Ack, error) {
	type answer struct {
		ack Ack
		err error
	}
	answered := make(chan answer, 1)
	c.Submit(viewer, line, func(ack Ack, err error) { answered <- answer{ack, err} })
	select {
	case a := <-answered:
		return a.ack, a.err
	case <-ctx.Done():
		return Ack{}, busy(ctx.Err())
	}
}

// Submit is Send for those who have more to say at once: lines of one caller are committed in the
// order they were submitted. done is called once, from another goroutine or at once.
func (c *Chat) Submit(viewer accounts.Viewer, line Line, done func(Ack, error)) {
	s, err := c.compose(viewer, line)
	if err == nil {
		err = c.look(s)
	}
	if err != nil {
		done(Ack{}, err)
		return
	}
	s.done = done
	c.enqueue(line.Room, s)
}

// compose judges what can be judged before the room is locked, and renders.
func (c *Chat) compose(viewer accounts.Viewer, line Line) (*send, error) {
	if !mayRead(viewer) || !text.IsSlug(line.Room) {
		return nil, fault.Missing().Coded(codeNotFound)
	}
	cmid, err := uuid.Parse(line.CMID)
	if err != nil || len(line.CMID) != 36 {
		return nil, fault.Field("cmid", "The message has no proper id of its own.").Coded(codeBadFrame)
	}
	if line.Re < 0 {
		return nil, fault.Field("re", "There is no such message to answer.").Coded(codeBadFrame)
	}
	body, err := text.Body(line.Body, MaxBody)
	switch {
	case errors.Is(err, text.ErrTooLong):
		return nil, fault.Field("body", "A message has at most 4,000 characters. Nothing you wrote is lost.").Coded(codeTooLong)
	case err != nil:
		return nil, fault.Field("body", err.Error()).Coded(codeBadFrame)
	case strings.TrimSpace(body) == "":
		return nil, fault.Field("body", "There is nothing in it yet.").Coded(codeEmpty)
	}
	if wait := c.sends.Wait(viewer.Handle); wait > 0 {
		return nil, fault.SlowDown(wait)
	}
	return &send{
		viewer: viewer, cmid: cmid, re: line.Re, body: body, html: richtext.RenderMessage(body),
	}, nil
}

// look sees whether the author may be in danger, by rules that may be a few seconds old: a message costs no statement for
// it.
func (c *Chat) look(s *send) error {
	ctx, cancel := c.brief()
	defer cancel()
	var err error
	if s.crisis, err = c.lookout.Crisis(ctx, s.body); err != nil {
		return busy(err)
	}
	return nil
}

func busy(cause error) *fault.Error {
	e := fault.New(fault.Unavailable, "We could not take that in right now. It is kept; please send it again in a moment.").Because(cause).Coded(codeBusy)
	e.Retry = busyRetry
	return e
}

// Help is what the house says to somebody in danger, as a room's page holds it ready; without a title it has no words.
func (c *Chat) Help(ctx context.Context) (words.Notice, error) { return c.lookout.Help(ctx) }
