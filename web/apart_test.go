package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// part has somebody not meet another, by the form on the profile.
func (p *person) part(handle string) answer {
	p.Helper()
	return p.get("/u/" + handle).form("/u/" + handle + "/block").send()
}

func TestABlockIsSetAndEndedByForms(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	wren.get("/settings/blocks").says("nobody whom you do not meet")
	asked := wren.get("/u/sol").form("/u/sol/block")
	for range 2 { // once from a page that was open before
		if to := asked.send().to(); to != "/u/sol" {
			t.Errorf("it leads to %s", to)
		}
	}
	wren.get("/u/sol").says("You and sol do not meet", "Report this person").hides("/u/sol/block")
	list := wren.get("/settings/blocks")
	list.says("/u/sol", "Everywhere they write under their own name")
	var id int64
	h.must(h.db.NewRaw(`SELECT id FROM blocks`).Scan(t.Context(), &id))
	end := fmt.Sprintf("/settings/blocks/%d/end", id)
	sol.post(end, url.Values{}).want(http.StatusNotFound)
	sol.get("/settings/blocks").says("nobody whom you do not meet").hides("wren")
	if to := list.form(end).send().to(); to != "/settings/blocks" {
		t.Errorf("its end leads to %s", to)
	}
	wren.get("/u/sol").says("/u/sol/block").hides("do not meet</p>")
}

// TestTheBlockedAreNotTold: the profile of who blocked them is, byte by byte, one that its owner shows to nobody.
func TestTheBlockedAreNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, heron := h.member("wren"), h.member("sol"), h.member("heron")
	h.exec(`UPDATE people SET pronouns = 'canary', way_line = 'canary', visibility = 'nobody' WHERE id = ?`, wren.viewer.ID)
	untold, asGuest := sol.get("/u/wren"), h.guest().get("/u/wren")
	h.exec(`UPDATE people SET visibility = 'public' WHERE id = ?`, wren.viewer.ID)
	wren.part("sol").want(http.StatusSeeOther)
	told := sol.get("/u/wren")
	if told.body != untold.body || told.status != untold.status {
		t.Error("the profile of who blocked them is told apart")
	}
	if sol.get("/u/wren").body == heron.get("/u/wren").body {
		t.Error("everybody is shown the same")
	}
	wren.get("/u/sol").hides("canary")
	if a := h.guest().get("/u/wren"); strings.Contains(asGuest.body, "do not meet") || strings.Contains(a.body, "do not meet") {
		t.Error("a guest is told of blocks")
	}
	untold.says("/u/wren/block") // and may ask for the same
	sol.part("wren").want(http.StatusSeeOther)
}

func TestAnAliasIsBlockedByItsPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread := wren.thread("relactation", "Is it too late?", "She is ten weeks old.")
	closed := sol.thread("feelings", "For members", "Some words.")
	h.exec(`INSERT INTO aliases (person_id, thread_id, name, fold, created_at) VALUES (?0, ?1, 'Quiet Heron', 'quiet heron', now()), (?0, ?2, 'Quiet Heron', 'quiet heron', now())`,
		sol.viewer.ID, thread.ID, closed.ID)
	at := fmt.Sprintf("/t/%d/block", thread.ID)
	ask := wren.get(at + "?name=Quiet+Heron")
	ask.says("Not meeting Quiet Heron", "in this thread only")
	if to := ask.form(at).send().to(); to != "/settings/blocks" {
		t.Errorf("it leads to %s", to)
	}
	wren.get("/settings/blocks").says("Quiet Heron", "one thread").hides("sol")
	wren.get("/u/sol").says("/u/sol/block")
	h.exec(`UPDATE threads SET hidden_at = now() WHERE id = ?`, closed.ID)
	wren.post(fmt.Sprintf("/t/%d/block", closed.ID), url.Values{"name": {"Quiet Heron"}}).want(http.StatusNotFound)
}

// TestRoomsWithoutThoseApart: their words and names are in no page of the room, and nothing counts them.
func TestRoomsWithoutThoseApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, heron := h.member("wren"), h.member("sol"), h.member("heron")
	for i := range 60 {
		sol.say("lounge", fmt.Sprintf("canary of sol %d", i))
		if i%10 == 0 {
			heron.say("lounge", fmt.Sprintf("open to all %d", i))
		}
	}
	wren.part("sol").want(http.StatusSeeOther)
	wren.say("lounge", "canary of wren")
	for _, path := range []string{
		"/rooms/lounge", "/rooms/lounge?before=40", "/rooms/lounge?after=1", "/rooms/lounge?around=30", "/rooms/lounge?re=3", "/rooms", "/", "/rooms/lounge/messages/3/report",
	} {
		wren.get(path).hides("canary of sol")
		sol.get(path).hides("canary of wren")
	}
	wren.get("/rooms/lounge").says("open to all 0", "open to all 50", "canary of wren", "data-earlier hidden", `data-last-n="67"`)
	wren.get("/rooms").says("7 new") // six of heron's, and one's own
	var page struct {
		Messages []struct{ N int64 }
		LastN    int64 `json:"last_n"`
		More     bool
	}
	a := wren.get("/rooms/lounge/messages?limit=7", "Accept", "application/json")
	if err := json.Unmarshal([]byte(a.body), &page); err != nil || len(page.Messages) != 7 || page.LastN != 67 || page.More {
		t.Errorf("%v: %s", err, a.body)
	}
	sol.say("lounge", "canary of sol, the last")
	wren.get("/rooms/lounge?around=67").says("data-say").hides("Later messages") // nothing comes after it
	heron.get("/rooms/lounge?around=20").says("Later messages")
	wren.post("/rooms/lounge/messages", url.Values{"cmid": {"7f1b6b1e-8f4e-4b58-9d0c-0c9b0f5d9a11"}, "body": {"An answer."}, "re": {"3"}})
	sol.get("/rooms/lounge").hides("An answer.")
	heron.get("/rooms/lounge").says("An answer.")
}
