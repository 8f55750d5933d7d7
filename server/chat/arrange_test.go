package chat_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
)

func (h *house) administrator(i int) accounts.Viewer {
	v := h.who[i]
	v.Role = accounts.Administrator
	if _, err := h.db.ExecContext(h.Context(), `UPDATE people SET role = ? WHERE id = ?`, string(v.Role), v.ID); err != nil {
		h.Fatal(err)
	}
	return v
}

func (h *house) rooms() []chat.Room {
	h.Helper()
	rooms, err := h.chat.Rooms(h.Context(), h.who[0])
	if err != nil {
		h.Fatal(err)
	}
	return rooms
}

var earlyBirds = chat.Room{Slug: "early-birds", Name: "Early birds", About: "Before six", Topic: "Softly.", Position: 2}

func TestAnAdministratorAddsARoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	ada := h.administrator(1)
	if err := h.chat.AddRoom(t.Context(), ada, earlyBirds); err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, r := range h.rooms() {
		slugs = append(slugs, r.Slug)
	}
	if !slices.Equal(slugs, []string{"lounge", "pump-together", "early-birds", "night-feeds"}) {
		t.Errorf("the rooms are %v", slugs)
	}
	said := line("first")
	said.Room = "early-birds"
	if ack, err := h.chat.Send(t.Context(), h.who[0], said); err != nil || ack.N != 1 || ack.Seq != 1 {
		t.Errorf("the first message: %+v %v", ack, err)
	}
	e := h.record()[0]
	if e.Verb != audit.Add || e.Kind != audit.Room || e.ObjectID != h.room("early-birds").ID || e.ActorID != ada.ID {
		t.Errorf("written down as %+v", e)
	}
	err := h.chat.AddRoom(t.Context(), ada, earlyBirds)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Fields["slug"] == "" || len(h.rooms()) != 4 || len(h.record()) != 1 {
		t.Errorf("the same again: %v", err)
	}
}

func TestANewTopicIsReadAtOnceInTheOpenRoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	ada := h.administrator(1)
	_, open, _ := h.follow(h.chat, h.who[0], 0)
	lounge := h.room("lounge")
	lounge.Topic, lounge.Name, lounge.Position = "  Only listening tonight. ", "The lounge", 9
	for range 2 { // the second time it is so already
		if err := h.chat.ChangeRoom(t.Context(), ada, lounge); err != nil {
			t.Fatal(err)
		}
	}
	ev := open.events(t, 1)[0]
	if ev.K != "state" || ev.Seq != 1 || ev.State.Topic != "Only listening tonight." || ev.State.Me.Name != h.who[0].Name {
		t.Errorf("the room was told %+v", ev)
	}
	lounge.Topic, lounge.About = "Only listening tonight.", "Another line"
	if err := h.chat.ChangeRoom(t.Context(), ada, lounge); err != nil {
		t.Fatal(err)
	}
	h.say(h.who[0], "x")
	if ev := open.events(t, 2)[1]; ev.K != "msg" || ev.Seq != 2 { // a line for the list is no news inside
		t.Errorf("then the room was told %+v", ev)
	}
	now := h.rooms()[2]
	if now.Slug != "lounge" || now.Name != "The lounge" || now.About != "Another line" || now.Position != 9 {
		t.Errorf("it stands as %+v", now)
	}
	if record := h.record(); len(record) != 2 || record[0].Verb != audit.Change || record[0].Kind != audit.Room || record[0].ObjectID != lounge.ID {
		t.Errorf("written down are %+v", record)
	}
}

func TestRoomsAreArrangedByAdministratorsOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	lounge := h.room("lounge")
	lounge.Name = "Mine"
	for _, v := range []accounts.Viewer{{}, h.who[0], h.staff(0)} {
		if err := h.chat.AddRoom(t.Context(), v, earlyBirds); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q adds: %v", v.Role, err)
		}
		if err := h.chat.ChangeRoom(t.Context(), v, lounge); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q changes: %v", v.Role, err)
		}
	}
	ada := h.administrator(1)
	for _, slug := range []string{"nowhere", "", "lo\x00unge"} {
		if err := h.chat.ChangeRoom(t.Context(), ada, chat.Room{Slug: slug, Name: "x", About: "x", Position: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", slug, err)
		}
	}
	h.sanction(h.people.Mute, ada, time.Now().Add(time.Hour))
	if err := h.chat.ChangeRoom(t.Context(), ada, lounge); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a muted administrator: %v", err)
	}
	if h.rooms()[0].Name != "Lounge" || len(h.rooms()) != 3 || len(h.record()) != 0 {
		t.Error("a refusal changed something")
	}
}

func TestFaultsOfARoomAreNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	ada := h.administrator(0)
	for field, spoil := range map[string]func(*chat.Room){
		"slug":     func(r *chat.Room) { r.Slug = "Early birds" },
		"name":     func(r *chat.Room) { r.Name = " \u200b " },
		"about":    func(r *chat.Room) { r.About = "two\nlines" },
		"topic":    func(r *chat.Room) { r.Topic = strings.Repeat("a", 301) },
		"position": func(r *chat.Room) { r.Position = 0 },
	} {
		r := earlyBirds
		spoil(&r)
		var refusal *fault.Error
		if err := h.chat.AddRoom(t.Context(), ada, r); !errors.As(err, &refusal) || len(refusal.Fields) != 1 || refusal.Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if len(h.rooms()) != 3 {
		t.Error("one of them was added")
	}
}
