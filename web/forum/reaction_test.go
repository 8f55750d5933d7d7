package forum_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"firstdrops/server/forum"
)

func reacting(kind, on string) url.Values { return url.Values{"kind": {kind}, "on": {on}} }

// felt is the sentence below a post.
func (p person) felt(place forum.Place) string {
	p.t.Helper()
	for e := range p.get(place.Path()).want(http.StatusOK).one("id", fmt.Sprintf("p-%d", place.PostID)).Descendants() {
		if class := (element{e}).attr("class"); class == "felt meta" {
			return element{e}.text()
		}
	}
	return ""
}

func TestReactionsStandBelowThePostAsASentence(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("relactation", "Is it too late?", "Words.")
	place := sol.reply(thread, "Mine began so.")
	at := fmt.Sprintf("/p/%d/react", place.PostID)
	want := func(who person, sentence string) {
		t.Helper()
		if got := who.felt(place); got != sentence {
			t.Errorf("%q reads %q, want %q", who.viewer.Handle, got, sentence)
		}
	}
	want(h.guest(), "")
	if to := wren.post(at, reacting("helpful", "1")).to(); to != place.Path() {
		t.Errorf("reacting leads to %s", to)
	}
	want(h.guest(), "Wren, who asked, found this helpful.")
	want(wren, "You found this helpful.")
	ash, ida := h.join("Ash"), h.join("Ida")
	ash.post(at, reacting("helpful", "1")).to()
	want(ida, "Wren, who asked, and one other found this helpful.")
	want(ash, "Wren, who asked, and you found this helpful.")
	ida.post(at, reacting("helpful", "1")).to()
	want(ash, "Wren, who asked, you and one other found this helpful.")
	want(wren, "You and two others found this helpful.")
	for range 13 {
		h.join("Someone").post(at, reacting("same_here", "1")).to()
	}
	ida.post(at, reacting("hug", "1")).to()
	ash.post(at, reacting("helpful", "0")).to()
	ida.post(at, reacting("helpful", "0")).to()
	wren.post(at, reacting("helpful", "0")).to()
	want(wren, "13 people felt the same. One person sent a hug.")
	ash.post(at, reacting("thanks", "1")).to()
	ash.post(at, reacting("hug", "1")).to()
	want(sol, "13 people felt the same. Two people sent a hug. One person said thank you.")
}

// Nobody learns who reacted: the page is the same whoever did.
func TestNobodyReadsWhoReacted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol, ash := h.join("Wren"), h.join("Sol"), h.join("Plantedname")
	thread := wren.thread("relactation", "Is it too late?", "Words.")
	place := sol.reply(thread, "Mine began so.")
	for _, kind := range []string{"same_here", "hug", "helpful", "thanks"} {
		ash.post(fmt.Sprintf("/p/%d/react", place.PostID), reacting(kind, "1")).to()
	}
	for _, who := range []person{h.guest(), wren, sol} {
		if body := who.get(thread.Path()).want(http.StatusOK).body; strings.Contains(body, "Plantedname") || strings.Contains(body, ash.viewer.Handle) {
			t.Errorf("%q reads who reacted", who.viewer.Handle)
		}
	}
}

func TestTheButtonsOfReactions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("relactation", "Is it too late?", "Words.")
	place := sol.reply(thread, "Mine began so.")
	at := fmt.Sprintf("/p/%d/react", place.PostID)
	offered := func(who person) string {
		var words []string
		for _, form := range who.get(thread.Path()).want(http.StatusOK).all("action", at) {
			words = append(words, form.text())
		}
		return strings.Join(words, " | ")
	}
	if got := offered(wren); got != "Same here Hug Helpful Thank you" {
		t.Errorf("at first it offers %s", got)
	}
	wren.post(at, reacting("hug", "1")).to()
	if got := offered(wren); got != "Same here Helpful Thank you | Take back “Hug”" {
		t.Errorf("afterwards it offers %s", got)
	}
	muted := h.join("Muted")
	if _, err := h.db.NewRaw(`UPDATE people SET muted_until = ? WHERE id = ?`, time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC), muted.viewer.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, who := range []person{h.guest(), sol, muted} {
		if got := offered(who); got != "" {
			t.Errorf("%q is offered %s", who.viewer.Handle, got)
		}
	}
	for what, form := range map[string]url.Values{
		"an unknown kind": reacting("like", "1"), "no kind": reacting("", "1"), "neither on nor off": reacting("hug", "yes"), "nothing": {},
	} {
		if status := wren.post(at, form).status; status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, status)
		}
	}
	if refused := sol.post(at, reacting("hug", "1")).want(http.StatusForbidden); !strings.Contains(refused.body, "These are your own words") {
		t.Error("the author is not told why not")
	}
	muted.post(at, reacting("hug", "1")).want(http.StatusForbidden)
	wren.post("/p/999999/react", reacting("hug", "1")).want(http.StatusNotFound)
	if to := h.guest().post(at, reacting("hug", "1")).to(); to != "/login" {
		t.Errorf("a guest is led to %s", to)
	}
}
