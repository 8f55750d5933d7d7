package forum_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// consultant makes somebody with the label IBCLC, valid until then.
func (h *house) consultant(name string, until time.Time) person {
	h.t.Helper()
	p := h.staff(name, accounts.Consultant)
	err := h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.GrantLabel(ctx, tx, p.viewer.ID, accounts.IBCLC, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), until)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	p.viewer.Label = accounts.IBCLC
	return p
}

func TestTheQueueIsShownToConsultantsAndStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, june := h.join("Wren"), h.consultant("June", time.Time{})
	thread := wren.thread("ask-a-consultant", "A waiting question", "Words.")
	lapsed := h.consultant("Lapsed", time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	for _, who := range []person{h.guest(), wren, lapsed} {
		who.get("/questions").want(http.StatusNotFound)
		if strings.Contains(who.get("/c/house").body, `href="/questions"`) {
			t.Errorf("%q is led to the queue", who.viewer.Handle)
		}
	}
	if !strings.Contains(june.get("/c/house").body, `href="/questions"`) {
		t.Error("nothing leads a consultant to the queue")
	}
	for _, who := range []person{june, h.staff("Maya", accounts.Moderator)} {
		before := h.db.Statements()
		page := who.get("/questions").want(http.StatusOK)
		if n := h.db.Statements() - before; n > 4 {
			t.Errorf("the queue takes %d statements", n)
		}
		if len(page.all("href", thread.Path())) != 1 || !strings.Contains(page.body, "Ask a consultant") {
			t.Error("the question is not in the queue")
		}
	}
	for _, query := range []string{"?language=xx", "?specialty=x", "?after=x", "?language=%27", "?after=1-~a.1"} {
		june.get("/questions" + query).want(http.StatusNotFound)
	}
}

func TestTheQueueGoesOnWithItsFilter(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, june := h.join("Wren"), h.consultant("June", time.Time{})
	for n := range 31 {
		wren.post("/c/relactation/threads", url.Values{
			"title": {fmt.Sprintf("Question %02d", n)}, "body": {"Words."}, "key": {uuid.NewString()}, "language": {"es"}, "specialty": {"latch"},
		}).to()
	}
	wren.thread("relactation", "In no language", "Words.")
	page := june.get("/questions?language=es&specialty=latch").want(http.StatusOK)
	if strings.Contains(page.body, "In no language") || !strings.Contains(page.body, "Question 29") || strings.Contains(page.body, "Question 30") {
		t.Error("the first page does not hold the first 30")
	}
	second := june.get(page.one("rel", "next").attr("href")).want(http.StatusOK)
	if !strings.Contains(second.body, "Question 30") || strings.Contains(second.body, "In no language") || len(second.all("rel", "next")) != 0 {
		t.Error("the second page does not hold the one that is left")
	}
	if len(page.all("lang", "es")) < 2 || !strings.Contains(page.body, `<li class="chip" lang="es">español</li>`) {
		t.Error("a row does not tell its language")
	}
}

func TestATopicIsChosenAndKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	for category, open := range map[string]bool{"ask-a-consultant": true, "house": false} {
		form := wren.get("/c/" + category + "/new").want(http.StatusOK)
		details := form.all("class", "filters")[0]
		has := strings.Contains(fmt.Sprint(details.Attr), "open")
		if details.Data != "details" || has != open {
			t.Errorf("in %s the choice is open: %v", category, has)
		}
	}
	refused := wren.post("/c/house/threads", url.Values{"title": {""}, "body": {"Words."}, "language": {"es"}, "specialty": {"grief"}}).want(http.StatusUnprocessableEntity)
	for _, value := range []string{"es", "grief"} {
		if !strings.Contains(fmt.Sprint(refused.one("value", value).Attr), "selected") {
			t.Errorf("%s is not kept", value)
		}
	}
	refused = wren.post("/c/house/threads", url.Values{"title": {"A title"}, "body": {"Words."}, "language": {"xx"}, "specialty": {"'"}}).want(http.StatusUnprocessableEntity)
	for _, field := range []string{"language", "specialty"} {
		if refused.one("id", field).attr("aria-invalid") != "true" {
			t.Errorf("the fault is not at %s", field)
		}
	}
	to := wren.post("/c/house/threads", url.Values{"title": {"A title"}, "body": {"Words."}, "language": {"es"}, "specialty": {"grief"}}).to()
	if chips := h.guest().get(to).want(http.StatusOK).one("aria-label", "What Wren chose to tell"); chips.text() != "español Grief" {
		t.Errorf("the thread tells %q", chips.text())
	}
}

func TestTakingAQuestion(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, june, ida := h.join("Wren"), h.consultant("June", time.Time{}), h.consultant("Ida", time.Time{})
	thread := wren.thread("ask-a-consultant", "A question", "Words.")
	at := fmt.Sprintf("/t/%d/", thread.ID)
	note := func(who person, words string) {
		t.Helper()
		if got := who.get(thread.Path()).want(http.StatusOK).one("aria-label", "For consultants").text(); !strings.Contains(got, words) {
			t.Errorf("%q reads %q, want %q", who.viewer.Handle, got, words)
		}
	}
	note(june, "Take this question")
	if to := june.post(at+"take", nil).to(); to != thread.Path() {
		t.Errorf("taking leads to %s", to)
	}
	note(june, "You have taken it")
	note(ida, "June is answering, until 2 May 2026, 03:00 UTC.")
	if got := ida.post(at+"take", nil).want(http.StatusConflict).body; !strings.Contains(got, "June is answering this question, until 2 May 2026, 03:00 UTC") {
		t.Error("a second consultant is not told who has it and until when")
	}
	if queue := ida.get("/questions").want(http.StatusOK).body; !strings.Contains(queue, "June is answering") {
		t.Error("the queue does not tell who is answering")
	}
	for _, who := range []person{h.guest(), wren, h.staff("Maya", accounts.Moderator)} {
		if page := who.get(thread.Path()).want(http.StatusOK); strings.Contains(page.body, "is answering") || len(page.all("action", at+"take")) != 0 {
			t.Errorf("%q is shown who takes it", who.viewer.Handle)
		}
	}
	ida.post(at+"untake", nil).to()
	note(ida, "June is answering")
	june.post(at+"untake", nil).to()
	note(ida, "Take this question")
	june.post(at+"take", nil).to()
	june.reply(thread, "An answer.")
	note(ida, "Take this question")
	for _, who := range []person{h.guest(), wren} {
		who.post(at+"take", nil).want(http.StatusNotFound)
	}
	h.staff("Ada", accounts.Administrator).post(at+"take", nil).want(http.StatusForbidden)
	june.post("/t/999999/take", nil).want(http.StatusNotFound)
	own := june.thread("house", "Own", "Words.")
	if strings.Contains(june.get(own.Path()).body, "For consultants") {
		t.Error("a consultant is asked to answer themself")
	}
}

func TestOnlyTheAnswersOfConsultants(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, june := h.join("Wren"), h.consultant("June", time.Time{})
	thread := wren.thread("relactation", "A question", "Words.")
	only := thread.Path() + "?verified=1"
	if links := h.guest().get(thread.Path()).all("href", only); len(links) != 0 {
		t.Error("a thread without an answer leads to none")
	}
	wren.reply(thread, "Words of others.")
	for range 21 {
		june.reply(thread, "Words of a consultant.")
	}
	page := h.guest().get(thread.Path()).want(http.StatusOK)
	if link := page.one("href", only); !strings.Contains(link.text(), "Answers under Verified IBCLC (21)") {
		t.Errorf("the link says %q", link.text())
	}
	for _, c := range []struct {
		who   person
		limit int64
	}{{h.guest(), 2}, {wren, 4}} {
		before := h.db.Statements()
		page = c.who.get(only).want(http.StatusOK)
		if n := h.db.Statements() - before; n > c.limit {
			t.Errorf("%d statements, at most %d", n, c.limit)
		}
	}
	if posts := page.all("data-n"); len(posts) != 20 || posts[0].attr("data-n") != "1" || posts[1].attr("data-n") != "3" || strings.Contains(page.body, "Words of others.") {
		t.Errorf("%d posts, not the first and 19 answers", len(posts))
	}
	if len(page.all("href", thread.Path())) < 2 {
		t.Error("nothing leads back to all posts")
	}
	next := page.one("rel", "next").attr("href")
	if last := h.guest().get(next).want(http.StatusOK); len(last.all("data-n")) != 2 || last.one("rel", "prev").attr("href") != only {
		t.Errorf("%s holds %d posts", next, len(last.all("data-n")))
	}
	if to := h.guest().get(fmt.Sprintf("/t/%d?verified=1&after=3", thread.ID)).to(); to != thread.Path()+"?after=3&verified=1" {
		t.Errorf("the address without its title leads to %s", to)
	}
	h.guest().get(thread.Path() + "?verified=%27").want(http.StatusOK)
}

func TestTheLookOfAConsultantsAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, june := h.join("Wren"), h.consultant("June", time.Time{})
	thread := wren.thread("relactation", "A question", "Words.")
	place := june.reply(thread, "An answer.")
	article := func() element {
		return h.guest().get(thread.Path()).want(http.StatusOK).one("id", fmt.Sprintf("p-%d", place.PostID))
	}
	want := func(class string, words ...string) {
		t.Helper()
		e := article()
		if e.attr("class") != class {
			t.Errorf("it looks like %q, want %q", e.attr("class"), class)
		}
		for _, w := range words {
			if !strings.Contains(e.text(), w) {
				t.Errorf("it does not say %q: %s", w, e.text())
			}
		}
	}
	want("post post-ibclc", "Verified IBCLC June", "valid when this was written", "Information, not a consultation")
	if _, err := h.db.NewRaw(`UPDATE labels SET valid_until = '2026-04-30' WHERE person_id = ?`, june.viewer.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("post", "June Verified IBCLC when this was written", "valid when this was written", "Information, not a consultation")
	found := h.guest().get("/search?q=answer&label=ibclc").want(http.StatusOK)
	if !strings.Contains(found.body, "Verified IBCLC when this was written") || strings.Contains(found.body, "label-ibclc") {
		t.Error("the search does not tell that the label is one of then")
	}
}

func TestSpeakingAsAModerator(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, maya := h.join("Wren"), h.staff("Maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Words.")
	for _, path := range []string{thread.Path(), "/c/house/new"} {
		if len(wren.get(path).want(http.StatusOK).all("name", "as")) != 0 || len(maya.get(path).want(http.StatusOK).all("name", "as")) != 1 {
			t.Errorf("%s: the choice is not for staff alone", path)
		}
	}
	at := fmt.Sprintf("/t/%d/posts", thread.ID)
	form := url.Values{"body": {"Please be kind."}, "as": {"moderator"}}
	for path, fields := range map[string]url.Values{at: form, "/c/house/threads": {"title": {"A title"}, "body": form["body"], "as": form["as"]}} {
		to := maya.post(path, fields).to()
		to, anchor, _ := strings.Cut(to, "#")
		posts := h.guest().get(to).want(http.StatusOK).all("data-n")
		if last := posts[len(posts)-1]; !strings.Contains(last.text(), "Moderator") {
			t.Errorf("%s (%s) says %q", to, anchor, last.text())
		}
		refused := wren.post(path, fields).want(http.StatusForbidden)
		if !strings.Contains(refused.body, "Only moderators can speak as one") || refused.one("name", "body").value() != "Please be kind." {
			t.Error("a member is not told why, or loses the words")
		}
		fields.Set("as", "ibclc")
		refused = maya.post(path, fields).want(http.StatusUnprocessableEntity)
		if refused.one("name", "body").attr("aria-invalid") != "true" {
			t.Error("an unknown label is no fault")
		}
	}
	refused := maya.post(at, url.Values{"body": {""}, "as": {"moderator"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(fmt.Sprint(refused.one("name", "as").Attr), "checked") {
		t.Error("the choice is not kept")
	}
}
