package forum_test

import (
	"fmt"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
)

func TestWhatAConsultantAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sol, june := h.person("sol"), h.person("june")
	maya := h.moderator("maya")
	open, members := h.thread(sol, "relactation", "Is it too late?"), h.thread(sol, "feelings", "Tired")
	h.reply(june, open, "As a peer, before.")
	june.Label = accounts.IBCLC
	first := h.reply(june, open, "No.")
	h.pass(time.Minute)
	gone := h.reply(june, open, "Taken back.")
	if _, err := h.Delete(t.Context(), june, gone.PostID); err != nil {
		t.Fatal(err)
	}
	hidden := h.thread(sol, "relactation", "Hidden")
	h.reply(june, hidden, "In a hidden thread.")
	if _, err := h.Hide(t.Context(), maya, hidden.ID, audit.Care); err != nil {
		t.Fatal(err)
	}
	h.pass(time.Minute)
	h.reply(june, members, "Among members.")
	for _, c := range []struct {
		by   accounts.Viewer
		want []string
	}{{guest, []string{"Is it too late?"}}, {sol, []string{"Tired", "Is it too late?"}}, {maya, []string{"Tired", "Is it too late?"}}} {
		var titles []string
		spoken, err := h.SpokenAs(t.Context(), c.by, june.ID, accounts.IBCLC, 10)
		for _, s := range spoken {
			titles = append(titles, s.Title)
		}
		if err != nil || fmt.Sprint(titles) != fmt.Sprint(c.want) {
			t.Errorf("%q reads %q %v, want %q", c.by.Handle, titles, err, c.want)
		}
	}
	spoken, err := h.SpokenAs(t.Context(), sol, june.ID, accounts.IBCLC, 1)
	if err != nil || len(spoken) != 1 || spoken[0].Title != "Tired" {
		t.Errorf("the newest is %+v %v", spoken, err)
	}
	if peer, err := h.SpokenAs(t.Context(), sol, june.ID, accounts.Peer, 10); err != nil || len(peer) != 0 {
		t.Errorf("as a peer: %+v %v", peer, err)
	}
	if spoken, _ := h.SpokenAs(t.Context(), guest, june.ID, accounts.IBCLC, 10); spoken[0].PostID != first.PostID || spoken[0].Path() != fmt.Sprintf("/p/%d", first.PostID) {
		t.Errorf("it leads to %+v", spoken[0])
	}
	var none []forum.Spoken
	if none, err = h.SpokenAs(t.Context(), guest, sol.ID, accounts.IBCLC, 10); err != nil || len(none) != 0 {
		t.Errorf("of a parent: %+v %v", none, err)
	}
}
