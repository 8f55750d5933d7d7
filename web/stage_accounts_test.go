package web_test

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/groups"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/token"
)

// makeSecret lets everybody have a secret for an app that waits to be confirmed, or none.
func (s *stage) makeSecret(state string) place {
	s.Helper()
	s.exec(`DELETE FROM totps`)
	if state != missing {
		s.exec(`INSERT INTO totps (person_id, pending, changed_at) SELECT id, 'JBSWY3DPEHPK3PXP', now() FROM people`)
	}
	return place{}
}

// makeMet is the author, whom nobody blocks yet.
func (s *stage) makeMet(state string) place {
	s.Helper()
	s.exec(`DELETE FROM blocks`)
	return place{params: map[string]string{":handle": map[string]string{"there": "sol", missing: "no-such"}[state]}}
}

// makeBlock is one that the author set.
func (s *stage) makeBlock(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	var id int64
	s.must(s.db.NewRaw(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())
		ON CONFLICT (blocker_id, blocked_id, thread_id) DO UPDATE SET created_at = now() RETURNING id`,
		s.author.viewer.ID, s.asker.viewer.ID).Scan(s.Context(), &id))
	return at(id)
}

// makeLink is one by which an administrator first comes in.
func (s *stage) makeLink(state string) place {
	s.Helper()
	token := "no-such"
	if state == "fresh" {
		s.made++
		name := fmt.Sprintf("linked-%d", s.made)
		var err error
		token, err = s.accounts.CreateAdministrator(s.Context(), name, name+"@mail.example")
		s.must(err)
	}
	return place{params: map[string]string{":token": token}}
}

// makeReset is a letter to somebody who forgot their password.
func (s *stage) makeReset(state string) place {
	s.Helper()
	secret, expires := "no-such", map[string]time.Time{"fresh": opened.Add(time.Minute), "over": opened}[state]
	if state != missing {
		secret = s.reset(s.lee, expires)
	}
	return place{params: map[string]string{":token": secret}}
}

// reset is the token that a letter to somebody holds.
func (h *house) reset(who *person, expires time.Time) string {
	h.Helper()
	secret, hash := token.New()
	h.exec(`UPDATE people SET email_confirmed_at = ? WHERE id = ?`, opened, who.viewer.ID)
	h.exec(`INSERT INTO password_resets (address, asked_at, person_id, token_hash, expires_at) VALUES ('', ?, ?, ?, ?)`,
		opened, who.viewer.ID, hash, expires)
	return secret
}

// makeSession is another one of the author's.
func (s *stage) makeSession(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	var session accounts.Session
	s.must(s.db.InTx(s.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		session, err = s.accounts.OpenSession(ctx, tx, accounts.Opening{PersonID: s.author.viewer.ID, Device: "Firefox on Linux"})
		return err
	}))
	return at(session.ID)
}

// makePerson is somebody whose role is set.
func (s *stage) makePerson(state string) place {
	s.Helper()
	switch state {
	case missing:
		return at(999999)
	case "administrator's":
		return at(s.administrator.viewer.ID)
	}
	return at(s.dove.viewer.ID)
}

// circle is the group that every test of all routes has.
const circle = "circle"

// group makes a group that somebody looks after, with others in it.
func (h *house) group(administrator, moderator accounts.Viewer, g groups.Group, others ...accounts.Viewer) {
	h.Helper()
	g.Name, g.About, g.Grants = g.Slug, "A line.", true
	h.must(h.groups.Add(h.Context(), administrator, g))
	for _, v := range append(others, moderator) {
		h.must(h.groups.LetIn(h.Context(), administrator, g.Slug, v.Handle))
	}
	h.must(h.groups.SetModerator(h.Context(), administrator, g.Slug, moderator.ID, true))
}

// makeGroup makes a group that its author looks after, with somebody in it.
func (s *stage) makeGroup(state string) place {
	s.Helper()
	if state == missing {
		return place{params: map[string]string{":group": "no-such", ":id": "999999"}}
	}
	s.made++
	slug := fmt.Sprintf("group-%d", s.made)
	s.group(s.administrator.viewer, s.author.viewer, groups.Group{Slug: slug, Open: state == "open"}, s.dove.viewer)
	return place{params: map[string]string{":group": slug, ":id": strconv.FormatInt(s.dove.viewer.ID, 10)}}
}
