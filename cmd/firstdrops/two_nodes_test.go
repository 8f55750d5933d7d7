package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/migrations"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

// TestSecondNode joins a house that runs its own Postgres and NATS: the two are one site.
func TestSecondNode(t *testing.T) {
	t.Parallel()
	bus := freeAddress(t)
	a := newHouse(t, unlimited, "NATS_LISTEN="+bus)
	a.start()
	b := newHouse(t, unlimited, "NATS_URL=nats://"+bus, "DATABASE_URL=postgres:///firstdrops?host="+url.QueryEscape(a.postgres()+"/run"))
	b.start()
	people := a.people(2)

	b.wantThread(a.write(people[0], "Written on one"), "Written on one")
	a.wantThread(b.write(people[1], "Written on the other"), "Written on the other")

	here, there := a.enter(people[0]), b.enter(people[1])
	here.write(object{T: "send", ID: "1", Room: "lounge", CMID: uuid.NewString(), Body: "Hello over there"})
	here.until("ack")
	committed := time.Now()
	if said := there.until("ev"); said.M == nil || said.M.HTML != "<p>Hello over there</p>" {
		t.Errorf("the other node says %+v", said)
	}
	soon(t, committed, "a message")

	if left := a.post("/logout", people[1], url.Values{}); left.status != http.StatusSeeOther {
		t.Fatalf("signing out was answered with %d", left.status)
	}
	out := time.Now()
	if code := there.closeCode(); code != 4401 {
		t.Errorf("the socket of who signed out was closed with %d, want 4401", code)
	}
	soon(t, out, "the end of a session")
}

// soon is what the bus is for; without it, the nodes would find out later.
func soon(t *testing.T, since time.Time, what string) {
	t.Helper()
	if took := time.Since(since); took > time.Second {
		t.Errorf("%s took %v from node to node", what, took)
	}
}

// enter follows the lounge.
func (h *house) enter(cookie string) *socket {
	h.Helper()
	s := h.connect(cookie)
	s.write(object{T: "hello", V: 1, Rooms: map[string]int64{"lounge": 0}})
	s.until("sync")
	return s
}

// TestThreeNodesAtOnce start on a database that has nothing in it yet.
func TestThreeNodesAtOnce(t *testing.T) {
	t.Parallel()
	target := emptyDatabase(t)
	var nodes []*house
	for range 3 {
		h := newHouse(t, "DATABASE_URL="+target.URL())
		h.begin()
		nodes = append(nodes, h)
	}
	for _, h := range nodes {
		h.awaitOpen()
		h.wantStatus(http.StatusOK, "/readyz", "")
		if home := h.wantStatus(http.StatusOK, "/", ""); strings.Count(home.body, `href="/c/relactation"`) == 0 {
			t.Error("a node does not show the categories")
		}
	}
	database := db.Open(target.WithPool(1))
	defer func() { _ = database.Close() }()
	var applied, categories int
	err := database.NewRaw(`SELECT (SELECT count(*) FROM bun_migrations), (SELECT count(*) FROM categories)`).Scan(t.Context(), &applied, &categories)
	if err != nil {
		t.Fatal(err)
	}
	files, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if applied != len(files) || categories != len(publicCategories)+1 {
		t.Errorf("%d of %d migrations were recorded, and %d categories seeded", applied, len(files), categories)
	}
}

// emptyDatabase is one in which nothing was migrated.
func emptyDatabase(t *testing.T) db.Target {
	t.Helper()
	migrated := testdb.Target(t)
	admin := db.Open(migrated.WithPool(1))
	t.Cleanup(func() { _ = admin.Close() })
	name := migrated.Database() + "_empty"
	if _, err := admin.ExecContext(t.Context(), `CREATE DATABASE "`+name+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(`DROP DATABASE "` + name + `" WITH (FORCE)`); err != nil {
			t.Errorf("dropping a database: %v", err)
		}
	})
	return migrated.WithDatabase(name)
}
