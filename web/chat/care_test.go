package chat_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
)

func (h *house) inTx(do func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	must(h.t, h.db.InTx(h.t.Context(), do))
}

// carry has a message of the lounge taken away or given back.
func (h *house) carry(verb audit.Verb, n int64) {
	h.t.Helper()
	maya := accounts.Viewer{ID: 1 << 40, Role: accounts.Moderator}
	room, err := h.chat.Room(h.t.Context(), maya, "lounge")
	must(h.t, err)
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.chat.Carry(ctx, tx, maya, chat.Order{Verb: verb, RoomID: room.ID, N: n, Reason: audit.Unkind})
	})
}

func TestRemovedWordsAreOnNoPageAndInNoAnswer(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	first := h.says(sol, "planted words")
	_, err := h.chat.Send(t.Context(), river.Viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "I am", Re: first})
	must(t, err)
	h.carry(audit.Hide, first)
	for _, who := range []member{river, sol} {
		for _, path := range []string{"/rooms/lounge", "/rooms/lounge?re=1", "/rooms/lounge?around=1"} {
			w := h.ask(call{path: path, by: who})
			rows := pageOf(t, w).all("data-n")
			if strings.Contains(w.Body.String(), "planted") || rows[0].text() != "A message was removed." || !strings.Contains(rows[1].text(), "to an earlier message") {
				t.Errorf("%s at %s reads %q and %q", who.Name, path, rows[0].text(), rows[1].text())
			}
		}
		if w := h.ask(call{path: messagesPath, accept: asJSON, by: who}); !strings.Contains(w.Body.String(), `{"n":1,"rev":3,"del":true}`) {
			t.Errorf("%s is given %s", who.Name, w.Body)
		}
	}
	h.carry(audit.Restore, first)
	if w := h.ask(call{path: "/rooms/lounge", by: river}); !strings.Contains(w.Body.String(), "to sol: planted words") {
		t.Error("what is restored is not there")
	}
}

func TestALabelThatRanOutIsNoLabel(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	june, river := h.grant(h.join("june"), accounts.IBCLC), h.join("river")
	h.says(june, "I am one.")
	row := func() element { return pageOf(t, h.ask(call{path: "/rooms/lounge", by: river})).the(t, "data-n") }
	if r := row(); !strings.Contains(r.class(), "msg-ibclc") || r.all("data-lapsed") != nil {
		t.Errorf("while it holds: %q %s", r.class(), r.text())
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.EndLabel(ctx, tx, june.ID, accounts.IBCLC, time.Now())
	})
	if r := row(); strings.Contains(r.class(), "msg-ibclc") || !strings.Contains(r.text(), "Verified IBCLC when this was written") {
		t.Errorf("afterwards: %q %s", r.class(), r.text())
	}
}

func TestOthersMessagesCanBeReported(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	h.says(river, "mine")
	h.says(sol, "theirs")
	rows := pageOf(t, h.ask(call{path: "/rooms/lounge", by: river})).all("data-n")
	if rows[0].all("data-report") != nil {
		t.Error("one's own can be reported")
	}
	link := rows[1].the(t, "data-report")
	to, _ := link.attr("href")
	words, _ := link.attr("aria-label")
	if to != "/rooms/lounge/messages/2/report" || words != "Report what sol said" {
		t.Errorf("%q leads to %q", words, to)
	}
}

func TestHelpIsThereAtOnceForWhoMayBeInDanger(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	hidden := func(who member, path string) bool {
		_, hidden := pageOf(t, h.ask(call{path: path, by: who})).the(t, "data-help").attr("hidden")
		return hidden
	}
	w := h.postForm(river, url.Values{"cmid": {uuid.NewString()}, "body": {"I want to die."}})
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || to != "/rooms/lounge?care=1#help-for-you" {
		t.Fatalf("%d to %q", w.Code, to)
	}
	path, _, _ := strings.Cut(to, "#")
	if hidden(river, path) || !hidden(sol, "/rooms/lounge") {
		t.Error("the help is not for its author, or for others")
	}
	if w := h.postForm(river, url.Values{"cmid": {uuid.NewString()}, "body": {"> I want to die.\n\nWe are here."}}); w.Header().Get("Location") != "/rooms/lounge#m-2" {
		t.Errorf("who quotes is led to %q", w.Header().Get("Location"))
	}
	if w := h.postJSON(river, messagesPath, fields{"cmid": uuid.NewString(), "body": "I want to die."}); !strings.Contains(w.Body.String(), `"care":true`) {
		t.Errorf("a program is told %s", w.Body)
	}
	var alarmed []int64
	must(t, h.db.NewRaw(`SELECT (args->>'n')::bigint FROM river_job WHERE kind = 'chat.alarmed' ORDER BY 1`).Scan(t.Context(), &alarmed))
	if len(alarmed) != 2 || alarmed[0] != 1 || alarmed[1] != 3 {
		t.Errorf("alarms were raised of %v", alarmed)
	}
	if rows := h.history(sol); len(rows) != 3 {
		t.Errorf("the room holds %d messages of 3", len(rows))
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.Mute(ctx, tx, river.ID, time.Now().Add(time.Hour))
	})
	refused := pageOf(t, h.postForm(river, url.Values{"cmid": {uuid.NewString()}, "body": {"I want to die."}}))
	if _, hidden := refused.the(t, "data-help").attr("hidden"); hidden {
		t.Error("whose words are refused sees no help")
	}
}

func TestTheMutedAreToldWhyAndKeepTheirWords(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	if words := pageOf(t, h.ask(call{path: "/rooms/lounge", by: river})).the(t, "data-muted").text(); words != "" {
		t.Errorf("a member is told %q", words)
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.Mute(ctx, tx, river.ID, time.Now().Add(time.Hour))
	})
	if words := pageOf(t, h.ask(call{path: "/rooms/lounge", by: river})).the(t, "data-muted").text(); !strings.Contains(words, "pause until") {
		t.Errorf("the room says %q", words)
	}
	w := h.postForm(river, url.Values{"cmid": {uuid.NewString()}, "body": {"my words"}})
	if page := pageOf(t, w); w.Code != http.StatusForbidden || !strings.Contains(page.the(t, "data-say").text(), "my words") {
		t.Errorf("%d %s", w.Code, page.the(t, "data-say").text())
	}
	w = h.postJSON(river, messagesPath, fields{"cmid": uuid.NewString(), "body": "x"})
	if p := problemOf(t, w); w.Code != http.StatusForbidden || p.Code != "muted" {
		t.Errorf("a program is told %d %+v", w.Code, p)
	}
}

func TestTheRoomsSayWhyTheyAreClosed(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	h.says(sol, "planted words")
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.Suspend(ctx, tx, river.ID, time.Now().Add(time.Hour))
	})
	form := url.Values{"cmid": {uuid.NewString()}, "body": {"my words"}}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"the room":  h.ask(call{path: "/rooms/lounge", by: river}),
		"its past":  h.ask(call{path: "/rooms/lounge?before=9", by: river}),
		"a message": h.postForm(river, form),
		"a program": h.ask(call{path: messagesPath, accept: asJSON, by: river}),
		"its words": h.postJSON(river, messagesPath, fields{"cmid": uuid.NewString(), "body": "x"}),
	} {
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "suspended your account until") || strings.Contains(w.Body.String(), "planted") {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem") && problemOf(t, w).Code != "forbidden" {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
	if w := h.postForm(river, form); !strings.Contains(w.Body.String(), "my words") {
		t.Error("what was typed is lost")
	}
	if w := h.ask(call{path: "/rooms", by: river}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Lounge") {
		t.Errorf("the list: %d", w.Code)
	}
}
