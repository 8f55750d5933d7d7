package forum_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

// consultant is somebody whose credential is valid now.
func (h *house) consultant(handle string) accounts.Viewer {
	h.t.Helper()
	v := h.person(handle)
	v.Label = accounts.IBCLC
	return v
}

// question begins a thread with a topic, a minute after the last one.
func (h *house) question(by accounts.Viewer, category, title string, topic forum.Topic) forum.Thread {
	h.t.Helper()
	h.pass(time.Minute)
	thread, err := h.Start(h.t.Context(), by, forum.Opening{Category: category, Title: title, Body: "How it began.", Key: uuid.New(), Topic: topic})
	if err != nil {
		h.t.Fatal(err)
	}
	return thread
}

// queue is the queue as titles; "+" stands before those that have an answer.
func (h *house) queue(by accounts.Viewer, filter forum.Topic) string {
	h.t.Helper()
	page, err := h.Questions(h.t.Context(), by, filter, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return queued(page.Questions)
}

func queued(questions []forum.Question) string {
	var all []string
	for _, q := range questions {
		if q.Answered() {
			q.Title = "+" + q.Title
		}
		all = append(all, q.Title)
	}
	return strings.Join(all, " ")
}

func TestTheQueueHasWhatWaitsFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, june := h.person("wren"), h.person("sol"), h.consultant("june")
	h.question(wren, "relactation", "elsewhere-1", forum.Topic{})
	h.question(wren, "ask-a-consultant", "asked-1", forum.Topic{})
	asked := h.question(wren, "ask-a-consultant", "asked-2", forum.Topic{})
	other := h.question(wren, "feelings", "elsewhere-2", forum.Topic{})
	h.question(june, "ask-a-consultant", "mine", forum.Topic{})
	h.reply(sol, other, "No consultant says this.")
	want := func(when, titles string) {
		t.Helper()
		if got := h.queue(june, forum.Topic{}); got != titles {
			t.Errorf("%s: %s, want %s", when, got, titles)
		}
	}
	want("at first", "asked-1 asked-2 elsewhere-1 elsewhere-2")
	place := h.reply(june, asked, "An answer.")
	want("answered", "asked-1 elsewhere-1 elsewhere-2 +asked-2")
	if _, err := h.Delete(t.Context(), june, place.PostID); err != nil {
		t.Fatal(err)
	}
	want("the answer was taken away", "asked-1 asked-2 elsewhere-1 elsewhere-2")
	h.reply(h.consultant("ida"), other, "Another consultant says this.")
	want("answered by another", "asked-1 asked-2 elsewhere-1 +elsewhere-2")
}

// What one cannot answer is not in the queue: own threads, locked and hidden ones, those whose question is gone, and
// what is no question.
func TestTheQueueHoldsOnlyWhatCanBeAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june, maya := h.person("wren"), h.consultant("june"), h.moderator("maya")
	locked, hidden, gone := h.thread(wren, "relactation", "locked"), h.thread(wren, "relactation", "hidden"), h.thread(wren, "relactation", "gone")
	h.reply(wren, gone, "More words.")
	h.thread(june, "relactation", "mine")
	h.thread(wren, "house", "about-this-place")
	if _, err := h.Start(t.Context(), maya, forum.Opening{
		Category: "ask-a-consultant", Title: "how-to-ask", Body: "Words.", Key: uuid.New(), As: accounts.AsModerator,
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Lock(t.Context(), maya, locked.ID, "care"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Hide(t.Context(), maya, hidden.ID, "care"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Delete(t.Context(), wren, h.page(wren, gone, 0).Posts[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := h.queue(june, forum.Topic{}); got != "" {
		t.Errorf("the queue of a consultant holds %s", got)
	}
	if got := h.queue(maya, forum.Topic{}); got != "mine" {
		t.Errorf("the queue of staff holds %s", got)
	}
	own := h.raised(june, accounts.Moderator)
	refusedTake(t, h, own, hidden, "hidden, by staff", 0)
	refusedTake(t, h, june, locked, "locked", fault.Forbidden)
	refusedTake(t, h, june, hidden, "hidden", fault.NotFound)
}

func TestTheQueueByLanguageAndSpecialty(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june := h.person("wren"), h.consultant("june")
	h.question(wren, "relactation", "none", forum.Topic{})
	h.question(wren, "relactation", "esp", forum.Topic{Language: "es"})
	h.question(wren, "relactation", "latch", forum.Topic{Specialty: accounts.Latch})
	h.question(wren, "relactation", "es-latch", forum.Topic{Language: "es", Specialty: accounts.Latch})
	for want, filter := range map[string]forum.Topic{
		"none esp latch es-latch": {}, "esp es-latch": {Language: "es"}, "latch es-latch": {Specialty: accounts.Latch},
		"es-latch": {Language: "es", Specialty: accounts.Latch}, "": {Language: "fr"},
	} {
		if got := h.queue(june, filter); got != want {
			t.Errorf("%+v finds %q, want %q", filter, got, want)
		}
	}
	if thread := h.page(guest, h.question(wren, "relactation", "told", forum.Topic{Language: "es", Specialty: accounts.Grief}), 0).Thread; thread.Language != "es" || thread.Specialty != accounts.Grief {
		t.Errorf("the thread tells %+v", thread.Topic)
	}
}

func TestTheQueueIsForConsultantsAndStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lapsed := h.raised(h.person("lapsed"), accounts.Consultant) // the role remains, the label does not
	for _, who := range []accounts.Viewer{guest, h.person("wren"), lapsed} {
		_, err := h.Questions(t.Context(), who, forum.Topic{}, "")
		refused(t, "the queue for "+who.Handle, err, fault.NotFound)
	}
	june := h.consultant("june")
	for _, filter := range []forum.Topic{{Language: "xx"}, {Specialty: "x"}, {Language: "'"}} {
		_, err := h.Questions(t.Context(), june, filter, "")
		refused(t, fmt.Sprint(filter), err, fault.NotFound)
	}
	for _, after := range []string{"x", "1", "1-", "-", "0-a.1", "4-a.1", "01-a.1", "1-~a.1", "1-a.0", "-1-a.1", "a.1", "1-a.1 "} {
		_, err := h.Questions(t.Context(), june, forum.Topic{}, after)
		refused(t, "after "+after, err, fault.NotFound)
	}
}

func TestPagesOfTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june := h.person("wren"), h.consultant("june")
	var want []string
	for _, category := range []string{"ask-a-consultant", "feelings", "relactation"} {
		for n := range 25 {
			thread := h.question(wren, category, fmt.Sprintf("%s-%02d", category, n), forum.Topic{})
			if category == "relactation" {
				h.reply(june, thread, "An answer.")
				thread.Title = "+" + thread.Title
			}
			want = append(want, thread.Title)
		}
	}
	var got []string
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		page, err := h.Questions(t.Context(), june, forum.Topic{}, after)
		if err != nil || pages > 2 {
			t.Fatalf("page %d: %v", pages, err)
		}
		got = append(got, strings.Fields(queued(page.Questions))...)
		after = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages hold\n%v, want\n%v", got, want)
	}
}

func TestTopicsAreOnesOfTheLists(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	_, err := h.Start(t.Context(), wren, forum.Opening{
		Category: "house", Title: "", Body: "Words.", Key: uuid.New(), Topic: forum.Topic{Language: "EN", Specialty: "babies"},
	})
	if got := faultyFields(err); !slices.Equal(got, []string{"language", "specialty", "title"}) {
		t.Errorf("faults at %v", got)
	}
	if n := h.count(`SELECT count(*) FROM threads`); n != 0 {
		t.Errorf("%d threads were begun", n)
	}
}

// refusedTake wants the take refused so; 0 wants it done.
func refusedTake(t *testing.T, h *house, who accounts.Viewer, thread forum.Thread, what string, kind fault.Kind) {
	t.Helper()
	_, err := h.Take(t.Context(), who, thread.ID)
	if kind == 0 && err == nil {
		return
	}
	refused(t, what, err, kind)
}

func TestATakeKeepsOthersAwayForADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june, ida := h.person("wren"), h.consultant("june"), h.consultant("ida")
	thread := h.thread(wren, "ask-a-consultant", "A question")
	taker := func(want string) {
		t.Helper()
		take, name := h.page(guest, thread, 0).Take, ""
		if take.Held(h.now()) {
			name = take.TakerName
		}
		page, err := h.Questions(t.Context(), ida, forum.Topic{}, "")
		if err != nil || len(page.Questions) != 1 {
			t.Fatalf("the queue holds %d questions (%v)", len(page.Questions), err)
		}
		if name != want || page.Questions[0].Take != take {
			t.Errorf("taken by %q, want %q; in the queue %+v", name, want, page.Questions[0].Take)
		}
	}
	taker("")
	refusedTake(t, h, june, thread, "free", 0)
	until := h.now().Add(24 * time.Hour)
	h.pass(time.Hour)
	refusedTake(t, h, june, thread, "taken by oneself", 0)
	if got := h.page(guest, thread, 0).Take.TakenUntil; !got.Equal(until) {
		t.Errorf("taken once more it ends at %s, not at %s", got, until)
	}
	_, err := h.Take(t.Context(), ida, thread.ID)
	var conflict *fault.Error
	if !errors.As(err, &conflict) || conflict.Kind != fault.Conflict || !strings.Contains(conflict.Message, "june") || !strings.Contains(conflict.Message, "2 May 2026, 03:00 UTC") {
		t.Errorf("a second one is told %v", err)
	}
	if _, err := h.Untake(t.Context(), ida, thread.ID); err != nil {
		t.Fatal(err)
	}
	taker("june")
	h.pass(23 * time.Hour)
	taker("")
	refusedTake(t, h, ida, thread, "after a day", 0)
	taker("ida")
	if _, err := h.Untake(t.Context(), ida, thread.ID); err != nil {
		t.Fatal(err)
	}
	taker("")
	refusedTake(t, h, june, thread, "let go", 0)
	h.reply(wren, thread, "The asker says more.")
	taker("june")
	h.reply(ida, thread, "Somebody else answers.")
	taker("june")
	h.reply(june, thread, "The answer.")
	taker("")
}

func TestWhoMayTake(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june := h.person("wren"), h.consultant("june")
	public, inside := h.thread(wren, "house", "For all"), h.thread(wren, "feelings", "For members")
	refusedTake(t, h, guest, public, "a guest", fault.Unauthenticated)
	refusedTake(t, h, wren, public, "a member", fault.Forbidden)
	refusedTake(t, h, h.moderator("maya"), public, "a moderator", fault.Forbidden)
	refusedTake(t, h, june, h.thread(june, "house", "Own"), "one's own", fault.Forbidden)
	refusedTake(t, h, june, forum.Thread{ID: 999999}, "nothing", fault.NotFound)
	if _, err := h.Untake(t.Context(), guest, inside.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a guest lets go of what they may not read: %v", err)
	}
	muted := h.consultant("muted")
	if _, err := h.db.NewRaw(`UPDATE people SET suspended_until = ? WHERE id = ?`, h.now().Add(time.Hour), muted.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	refusedTake(t, h, muted, public, "somebody who is suspended", fault.Forbidden)
	if n := h.count(`SELECT count(*) FROM takes`); n != 0 {
		t.Errorf("%d refused takes are kept", n)
	}
}

// Of many who take at once, one has it.
func TestOneOfManyTakes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	thread := h.thread(h.person("wren"), "house", "A question")
	var wait sync.WaitGroup
	errs := make(chan error, 8)
	for n := range cap(errs) {
		who := h.consultant(fmt.Sprintf("june%d", n))
		wait.Go(func() {
			_, err := h.Take(t.Context(), who, thread.ID)
			errs <- err
		})
	}
	wait.Wait()
	close(errs)
	taken := 0
	for err := range errs {
		if err == nil {
			taken++
		} else if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if taken != 1 {
		t.Errorf("%d have taken it", taken)
	}
}

func TestAnswersOfConsultantsAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, june := h.person("wren"), h.person("sol"), h.consultant("june")
	thread := h.thread(wren, "relactation", "A question")
	none, err := h.Answers(t.Context(), guest, thread.ID, 0)
	if err != nil || none.Thread.Answers != 0 || !none.Verified || !slices.Equal(numbers(none.Posts), []int{1}) {
		t.Errorf("without an answer: %+v (%v)", none, err)
	}
	h.reply(sol, thread, "Two.")
	h.reply(june, thread, "Three.")
	gone := h.reply(june, thread, "Four.")
	h.reply(wren, thread, "Five.")
	h.reply(h.consultant("ida"), thread, "Six.")
	if _, err := h.Delete(t.Context(), june, gone.PostID); err != nil {
		t.Fatal(err)
	}
	page, err := h.Answers(t.Context(), guest, thread.ID, 0)
	if err != nil || page.Thread.Answers != 2 || !slices.Equal(numbers(page.Posts), []int{1, 3, 6}) {
		t.Errorf("posts %v, %d answers (%v)", numbers(page.Posts), page.Thread.Answers, err)
	}
	own := h.thread(june, "relactation", "A consultant asks")
	h.reply(june, own, "And says more.")
	if page := h.page(guest, own, 0); page.Thread.Answers != 0 || page.Verified || len(page.Posts) != 2 {
		t.Errorf("the asker's own words are taken as answers: %d", page.Thread.Answers)
	}
	if _, err := h.Answers(t.Context(), guest, h.thread(wren, "feelings", "Inside").ID, 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("a guest reads the answers inside: %v", err)
	}
}

func TestSpeakingAsAModerator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	speak := func(by accounts.Viewer, as accounts.Label) (forum.Thread, error) {
		return h.Start(t.Context(), by, forum.Opening{Category: "house", Title: "A thread", Body: "Words.", Key: uuid.New(), As: as})
	}
	thread, err := speak(maya, accounts.AsModerator)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(by accounts.Viewer, as accounts.Label) error {
		_, err := h.Reply(t.Context(), by, forum.Answer{ThreadID: thread.ID, Body: "Words.", Key: uuid.New(), As: as})
		return err
	}
	for _, as := range []accounts.Label{accounts.AsModerator, ""} {
		if err := answer(maya, as); err != nil {
			t.Fatal(err)
		}
	}
	var labels []accounts.Label
	for _, p := range h.page(guest, thread, 0).Posts {
		labels = append(labels, p.Label)
	}
	if !slices.Equal(labels, []accounts.Label{accounts.AsModerator, accounts.AsModerator, accounts.Peer}) {
		t.Errorf("the labels are %v", labels)
	}
	for _, c := range []struct {
		who  accounts.Viewer
		as   accounts.Label
		want fault.Kind
	}{{wren, accounts.AsModerator, fault.Forbidden}, {h.consultant("june"), accounts.AsModerator, fault.Forbidden}, {maya, accounts.IBCLC, fault.Invalid}, {wren, "x", fault.Invalid}} {
		_, err := speak(c.who, c.as)
		refused(t, "starting as "+string(c.as), err, c.want)
		refused(t, "replying as "+string(c.as), answer(c.who, c.as), c.want)
	}
	if n := h.count(`SELECT count(*) FROM posts`); n != 3 {
		t.Errorf("%d posts, want 3", n)
	}
}

// A judged answer is no answer for the queue, and a judged question none to answer.
func TestTheQueueKnowsOfNothingThatIsJudged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june, maya := h.person("wren"), h.consultant("june"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "question")
	place := h.reply(june, thread, "An answer.")
	answers := func(when string, counted int, posts ...int) {
		t.Helper()
		page, err := h.Answers(t.Context(), guest, thread.ID, 0)
		want := "question"
		if counted > 0 {
			want = "+question"
		}
		if queue := h.queue(june, forum.Topic{}); err != nil || page.Thread.Answers != counted || !slices.Equal(numbers(page.Posts), posts) || queue != want {
			t.Errorf("%s: %d answers, posts %v, in the queue %s (%v)", when, page.Thread.Answers, numbers(page.Posts), queue, err)
		}
	}
	answers("at first", 1, 1, 2)
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove} {
		h.judge(verb, maya, place.PostID)
		answers(string(verb), 0, 1)
		h.judge(audit.Restore, maya, place.PostID)
		answers("restored", 1, 1, 2)
	}
	first := h.page(wren, thread, 0).Posts[0].ID
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove} {
		for what, order := range map[string]forum.Order{"the thread": {ThreadID: thread.ID}, "the first post": {PostID: first}} {
			for _, order.Verb = range []audit.Verb{verb, audit.Restore} {
				order.Reason = audit.Rules
				if err := h.carry(maya, order); err != nil {
					t.Fatal(err)
				}
				if got := h.queue(june, forum.Topic{}); (got == "") != (order.Verb == verb) {
					t.Errorf("%s, %s: the queue holds %q", order.Verb, what, got)
				}
			}
		}
	}
}
