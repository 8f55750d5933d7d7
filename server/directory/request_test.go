package directory_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
)

func contact(c directory.Consultant) directory.Contact {
	return directory.Contact{Slug: c.Slug, Message: "He is three weeks old, and I have stopped.", Consent: true, Key: uuid.New()}
}

func TestARequestIsSentSeenAndAnswered(t *testing.T) {
	t.Parallel()
	for _, accepted := range []bool{true, false} {
		h := newHouse(t)
		ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
		june, c := h.consultant(ada, "june", application("June"))
		before := len(h.jobs())
		id, err := h.Contact(t.Context(), wren, contact(c))
		h.must(err)
		state := func(by accounts.Viewer) directory.Request {
			found, err := h.Requests(t.Context(), by, []int64{id})
			h.must(err)
			return found[id]
		}
		mine, err := h.Open(t.Context(), wren, id)
		if err != nil || mine.State() != directory.Sent || state(june).State() != directory.Sent || mine.ConsultantName != "June" || mine.PersonHandle != "wren" {
			t.Errorf("sent: %+v %v", mine, err)
		}
		h.pass(time.Minute)
		for range 2 {
			if theirs, err := h.Open(t.Context(), june, id); err != nil || theirs.State() != directory.Seen {
				t.Errorf("opened: %+v %v", theirs, err)
			}
		}
		seenAt := h.now()
		h.pass(time.Minute)
		for range 2 { // the second time it is so already
			h.must(h.Answer(t.Context(), june, id, accepted, "Call me on Thursday."))
		}
		want := map[bool]directory.State{true: directory.Accepted, false: directory.Declined}[accepted]
		if r := state(wren); r.State() != want || r.Reply != "Call me on Thursday." || !r.SeenAt.Equal(seenAt) || !r.AnsweredAt.Equal(h.now()) {
			t.Errorf("answered: %+v", r)
		}
		refused(t, "the other answer", h.Answer(t.Context(), june, id, !accepted, ""), fault.Conflict)
		jobs := h.jobs()[before:]
		told := map[bool]string{
			true: `directory.answered {"accepted": true, "person_id": 2, "request_id": 1}`, false: `directory.answered {"accepted": false, "person_id": 2, "request_id": 1}`,
		}[accepted]
		if !slices.Equal(jobs, []string{`directory.contacted {"person_id": 3, "request_id": 1}`, told}) {
			t.Errorf("jobs: %v", jobs)
		}
	}
}

func TestARequestIsPrivateToTheTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	june, c := h.consultant(ada, "june", application("June"))
	id, err := h.Contact(t.Context(), wren, contact(c))
	h.must(err)
	for _, v := range []accounts.Viewer{guest, h.member("sol"), h.person("maya", accounts.Moderator), ada} {
		found, err := h.Requests(t.Context(), v, []int64{id, 0, 999_999})
		if err != nil || len(found) != 0 {
			t.Errorf("%q reads %v %v", v.Handle, found, err)
		}
		_, err = h.Open(t.Context(), v, id)
		refused(t, "opened by "+v.Handle, err, fault.NotFound)
		if v.Guest() {
			_, err = h.Contacts(t.Context(), v, 0)
			refused(t, "a guest's list", err, fault.NotFound)
			continue
		}
		refused(t, "answered by "+v.Handle, h.Answer(t.Context(), v, id, true, ""), fault.NotFound)
		if page, err := h.Contacts(t.Context(), v, 0); err != nil || len(page.Requests) != 0 {
			t.Errorf("%s lists %v %v", v.Handle, page, err)
		}
	}
	refused(t, "answered by who asks", h.Answer(t.Context(), wren, id, true, ""), fault.Forbidden)
	for _, v := range []accounts.Viewer{wren, june} {
		if page, err := h.Contacts(t.Context(), v, 0); err != nil || len(page.Requests) != 1 || page.Requests[0].Message == "" {
			t.Errorf("%s lists %v %v", v.Handle, page, err)
		}
	}
}

func TestRequestsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	june, c := h.consultant(ada, "june", application("June"))
	before := len(h.jobs())
	send := func(by accounts.Viewer, change func(c *directory.Contact)) error {
		letter := contact(c)
		change(&letter)
		_, err := h.Contact(t.Context(), by, letter)
		return err
	}
	same := func(*directory.Contact) {}
	faulty(t, "nothing", send(wren, func(c *directory.Contact) { c.Message, c.Consent = " ", false }), "consent", "message")
	faulty(t, "without consent", send(wren, func(c *directory.Contact) { c.Consent = false }), "consent")
	faulty(t, "too long", send(wren, func(c *directory.Contact) { c.Message = strings.Repeat("a", directory.MaxMessage+1) }), "message")
	refused(t, "to nobody", send(wren, func(c *directory.Contact) { c.Slug = "nobody" }), fault.NotFound)
	refused(t, "to oneself", send(june, same), fault.Forbidden)
	refused(t, "by a guest", send(guest, same), fault.Unauthenticated)
	h.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Second), wren.ID)
	refused(t, "muted", send(wren, same), fault.Forbidden)
	h.pass(time.Second)
	h.must(h.SetAccepting(t.Context(), june, c.Slug, false, ""))
	refused(t, "who takes nobody", send(wren, same), fault.Forbidden)
	h.must(h.SetAccepting(t.Context(), june, c.Slug, true, ""))
	h.pass(directory.Fresh + time.Second)
	refused(t, "who has not confirmed", send(wren, same), fault.Forbidden)
	h.must(h.Confirm(t.Context(), june, c.Slug))
	h.must(h.carry(ada, directory.Order{Verb: audit.Hide, ConsultantID: c.ID, Reason: audit.Care}))
	refused(t, "hidden", send(wren, same), fault.NotFound)
	h.must(h.carry(ada, directory.Order{Verb: audit.Restore, ConsultantID: c.ID, Reason: audit.Care}))
	h.must(h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other, Seen: directory.Verified}))
	refused(t, "not verified", send(wren, same), fault.Forbidden)
	if jobs := h.jobs(); len(jobs) != before+1 { // the refusal's
		t.Errorf("jobs: %v", jobs[before:])
	}
}

func TestAWaitingListCanBeAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	june, c := h.consultant(ada, "june", application("June"))
	h.must(h.SetAccepting(t.Context(), june, c.Slug, false, "three weeks"))
	_, err := h.Contact(t.Context(), wren, contact(c))
	h.must(err)
	faulty(t, "a long answer", h.Answer(t.Context(), june, 1, true, strings.Repeat("a", directory.MaxReply+1)), "reply")
	h.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Second), june.ID)
	refused(t, "a muted consultant", h.Answer(t.Context(), june, 1, true, ""), fault.Forbidden)
}

func TestARepeatedKeyIsOneRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	_, c := h.consultant(ada, "june", application("June"))
	letter, before := contact(c), len(h.jobs())
	var all sync.WaitGroup
	ids := make([]int64, 4)
	for i := range ids {
		all.Go(func() {
			var err error
			if ids[i], err = h.Contact(t.Context(), wren, letter); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	letter.Message = "Other words."
	again, err := h.Contact(t.Context(), wren, letter)
	if err != nil || len(slices.Compact(append(ids, again))) != 1 || len(h.jobs()) != before+1 {
		t.Errorf("requests %v and %d, %v", ids, again, err)
	}
	if r, err := h.Open(t.Context(), wren, again); err != nil || r.Message == letter.Message {
		t.Errorf("%+v %v", r, err)
	}
	sol, err := h.Contact(t.Context(), h.member("sol"), letter) // a key is its author's
	if err != nil || sol == again {
		t.Errorf("another's: %d %v", sol, err)
	}
}

func TestTheListOfRequestsTurnsItsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, c := h.consultant(ada, "june", application("June"))
	sol, other := h.consultant(ada, "sol", application("Sol"))
	for range 13 {
		_, err := h.Contact(t.Context(), sol, contact(c))
		h.must(err)
		_, err = h.Contact(t.Context(), june, contact(other))
		h.must(err)
	}
	first, err := h.Contacts(t.Context(), june, 0)
	h.must(err)
	second, err := h.Contacts(t.Context(), june, first.Next)
	h.must(err)
	if len(first.Requests) != 20 || len(second.Requests) != 6 || second.Next != 0 || first.Requests[0].ID != 26 || second.Requests[5].ID != 1 {
		t.Errorf("%d and %d requests", len(first.Requests), len(second.Requests))
	}
}
