package chat_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
)

func TestRoomShowsWhoSpeaks(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, june := h.join("river"), h.join("june")
	june = h.grant(june, accounts.IBCLC)
	h.says(river, "Who is *with* me?")
	h.says(june, "I am.")
	h.says(june, "Still.")
	w := h.ask(call{path: "/rooms/lounge", by: h.join("sol")})
	page := pageOf(t, w)
	rows := page.all("data-n")
	if w.Code != http.StatusOK || len(rows) != 3 {
		t.Fatalf("%d with %d rows", w.Code, len(rows))
	}
	for i, words := range [][]string{{"river", "Peer experience", "Who is with me?"}, {"june", "Verified IBCLC", "I am."}, {"june", "Still."}} {
		for _, part := range words {
			if !strings.Contains(rows[i].text(), part) {
				t.Errorf("row %d lacks %q: %s", i, part, rows[i].text())
			}
		}
	}
	if strings.Contains(rows[1].class(), "msg-more") || !strings.Contains(rows[2].class(), "msg-more") {
		t.Errorf("grouped as %q, %q", rows[1].class(), rows[2].class())
	}
	if title := "<title>Room · First Drops</title>"; !strings.Contains(w.Body.String(), title) {
		t.Errorf("the title is not neutral")
	}
}

// grant gives somebody a label, and the viewer who wears it.
func (h *house) grant(who member, label accounts.Label) member {
	h.t.Helper()
	must(h.t, h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.GrantLabel(ctx, tx, who.ID, label, time.Now().Add(-time.Hour), time.Time{})
	}))
	viewer, err := h.accounts.Viewer(h.t.Context(), who.token)
	must(h.t, err)
	return member{viewer, who.token}
}

func TestRoomShowsOwnAnsweredAndRemoved(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	first := h.says(sol, "Who is with me?")
	_, err := h.chat.Send(t.Context(), river.Viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "I am", Re: first})
	must(t, err)
	removed := h.says(sol, "planted words")
	_, err = h.db.ExecContext(t.Context(), `UPDATE messages SET deleted_at = now() WHERE n = ?`, removed)
	must(t, err)
	w := h.ask(call{path: "/rooms/lounge", by: river})
	rows := pageOf(t, w).all("data-n")
	if !strings.Contains(rows[1].class(), "msg-mine") || !strings.Contains(rows[1].text(), "to sol: Who is with me?") {
		t.Errorf("my answer is %q: %s", rows[1].class(), rows[1].text())
	}
	if link, _ := rows[1].the(t, "data-answers").attr("href"); link != fmt.Sprintf("#m-%d", first) {
		t.Errorf("the answer leads to %q", link)
	}
	if rows[2].text() != "A message was removed." || strings.Contains(w.Body.String(), "planted") {
		t.Errorf("the removed one reads %q", rows[2].text())
	}
}

func TestRoomPagesThroughItsPast(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	for i := range 60 {
		h.says(river, fmt.Sprintf("number %d", i+1))
	}
	newest := pageOf(t, h.ask(call{path: "/rooms/lounge", by: river}))
	if rows := newest.all("data-n"); len(rows) != 50 || !strings.Contains(rows[0].text(), "number 11") {
		t.Fatalf("the newest page has %d rows", len(rows))
	}
	if _, hidden := newest.the(t, "data-earlier").attr("hidden"); hidden || newest.all("data-say") == nil {
		t.Error("the newest page lacks the link to earlier messages, or the composer")
	}
	past := pageOf(t, h.ask(call{path: "/rooms/lounge?before=11", by: river}))
	_, hidden := past.the(t, "data-earlier").attr("hidden")
	if rows := past.all("data-n"); len(rows) != 10 || !hidden || past.all("data-say") != nil {
		t.Errorf("the past has %d rows, or a composer, or more before it", len(rows))
	}
	if !strings.Contains(past.text(), "Back to now") {
		t.Error("there is no way back from the past")
	}
}

func TestRoomShowsWhereTheReaderStopped(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	for range 4 {
		h.says(sol, "hello")
	}
	_, err := h.db.ExecContext(t.Context(), `INSERT INTO read_markers (person_id, room_id, n) SELECT ?, id, 2 FROM rooms WHERE slug = 'lounge'`, river.ID)
	must(t, err)
	stop := pageOf(t, h.ask(call{path: "/rooms/lounge", by: river})).the(t, "data-stop")
	next := element{stop.NextSibling}
	if n, _ := next.attr("data-n"); n != "3" {
		t.Errorf("it stands before message %q", n)
	}
}

func TestRoomHasNothingInlineAndStaysSmall(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	for range 50 {
		h.says(river, strings.Repeat("words ", 30))
	}
	w := h.ask(call{path: "/rooms/lounge", by: river})
	for _, inline := range []string{"<style", " style=", " onclick=", "<script>"} {
		if strings.Contains(w.Body.String(), inline) {
			t.Errorf("the page has %s", inline)
		}
	}
}
