package chat_test

import (
	"slices"
	"testing"

	"firstdrops/server/chat"
)

// alarms are the messages of the lounge that a moderator is asked to look at.
func (h *house) alarms() []int64 {
	h.Helper()
	var ns []int64
	err := h.db.NewRaw(`SELECT (args->>'n')::bigint FROM river_job
		WHERE kind = 'chat.alarmed' AND (args->>'room_id')::bigint = ? ORDER BY 1`, h.room("lounge").ID).Scan(h.Context(), &ns)
	if err != nil {
		h.Fatal(err)
	}
	return ns
}

func TestWordsOfDangerRaiseAnAlarmAndAreSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	dire := line("I want to die, and fenugreek does not help.")
	for i := range 2 { // the second is a retry after a lost ack
		ack, err := h.chat.Send(t.Context(), h.who[0], dire)
		if err != nil || !ack.Crisis || ack.N != 1 || ack.Dup != (i == 1) {
			t.Fatalf("answered %+v %v", ack, err)
		}
	}
	h.say(h.who[1], "> I want to die\n\nWe are here.")
	h.say(h.who[1], "Fenugreek, 10 mg.")
	if ack := h.say(h.who[1], "I was better off without me here, once."); !ack.Crisis {
		t.Errorf("answered %+v", ack)
	}
	if got := h.alarms(); !slices.Equal(got, []int64{1, 4}) {
		t.Errorf("alarms of %v", got)
	}
}

// TestAnAlarmAndItsMessageAreOne: where the one cannot be, neither is.
func TestAnAlarmAndItsMessageAreOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	if _, err := h.db.ExecContext(t.Context(), `SET LOCAL ROLE NONE; ALTER TABLE river_job ADD CONSTRAINT none CHECK (kind <> 'chat.alarmed')`); err != nil {
		t.Fatal(err)
	}
	ack, err := h.chat.Send(t.Context(), h.who[0], line("I want to die."))
	if codeOf(err) != "busy" || !ack.Crisis {
		t.Errorf("answered %+v %v", ack, err)
	}
	page, err := h.chat.History(t.Context(), h.who[0], "lounge", chat.Span{})
	if err != nil || len(page.Messages) != 0 {
		t.Errorf("the room holds %+v %v", page.Messages, err)
	}
}

func TestWhatIsNoDangerCostsNoStatement(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	h.say(h.who[0], "reads the rules")
	before := h.db.Statements()
	h.say(h.who[0], "Left side only tonight.")
	if n := h.db.Statements() - before; n != 3 {
		t.Errorf("a message took %d statements", n)
	}
}
