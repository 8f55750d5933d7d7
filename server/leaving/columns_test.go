package leaving_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/leaving"
)

// goesWith are the tables whose rows go with a person, by their reference to people or to such a table.
const goesWith = `WITH RECURSIVE gone AS (
		SELECT c.conrelid AS place FROM pg_constraint c
		WHERE c.contype = 'f' AND c.confrelid = 'people'::regclass AND c.confdeltype = 'c'
		UNION
		SELECT c.conrelid FROM pg_constraint c JOIN gone g ON g.place = c.confrelid WHERE c.contype = 'f' AND c.confdeltype = 'c'
	)
	SELECT place::regclass::text FROM gone ORDER BY 1`

// elsewhere are the tables whose rows do not go with a person, and why nothing of them stays there. A new table stands here,
// or its rows go with the person.
var elsewhere = map[string]string{
	"people": "accounts.Erase empties the row", "former_handles": "hashes, so that nobody gets the handle",
	"posts": "forum.EraseWords", "threads": "forum.EraseWords", "quotes": "forum.EraseWords", "post_notices": "forum.EraseWords",
	"messages": "chat.EraseWords", "search_words": "go with the last text that has them", "listing_words": "directory.Erase",
	"cases": "moderation.Erase", "reports": "moderation.Erase", "decisions": "moderation.Erase", "case_partings": "until the case is closed",
	"case_steps": "ids only", "audit_entries": "ids only, and nobody changes it", "audit_head": "a hash",
	"categories": "the house's own", "rooms": "the house's own", "room_counters": "counts", "word_rules": "the house's own",
	"demo_mark": "a time",
	"groups":    "the house's own", "invitations": "the house's own", "settings": "the house's own", "banned_emails": "hashes, added by hand",
	"attempts":       "hashes of what is counted",
	"bun_migrations": "names of migrations", "bun_migration_locks": "nothing", "river_job": "jobs.Forget",
	"river_client": "nodes", "river_client_queue": "nodes", "river_leader": "nodes", "river_migration": "numbers", "river_notification": "names", "river_queue": "names",
}

func (h *house) list(query string) []string {
	h.Helper()
	var all []string
	h.must(h.db.NewRaw(query).Scan(h.Context(), &all))
	return all
}

func TestEveryTableIsErasedOrNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gone := h.list(goesWith)
	for _, table := range h.list(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`) {
		if _, named := elsewhere[table]; !named && !slices.Contains(gone, table) {
			t.Errorf("%s: its rows do not go with a person (REFERENCES people ON DELETE CASCADE), and nothing says what becomes of them", table)
		}
	}
}

// staying are the columns that name a person and stay: they lead to a row that says nothing.
var staying = []string{
	"case_partings.person_id", "case_steps.person_id", "cases.about_id", "cases.claimed_by", "credentials.judged_by", "decisions.about_id",
	"decisions.decider_id", "messages.author_id", "posts.author_id", "reports.reporter_id", "threads.author_id",
	"audit_entries.actor_id", // without a reference: it outlives what it is about
}

func TestEveryColumnThatNamesAPersonIsKnown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gone := h.list(goesWith)
	for _, column := range h.list(`
		SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
		WHERE c.contype = 'f' AND c.confrelid = 'people'::regclass AND c.confdeltype <> 'c'
		UNION
		SELECT table_name || '.' || column_name FROM information_schema.columns c
		WHERE table_schema = 'public' AND data_type = 'bigint' AND column_name ~ '^(person|author|actor|about|reporter|decider|blocker|blocked|asked|taker)_id$|_by$'
		AND NOT EXISTS (SELECT FROM pg_class v WHERE v.oid = table_name::regclass AND v.relkind = 'v') ORDER BY 1`) {
		table, _, _ := strings.Cut(column, ".")
		if !slices.Contains(staying, column) && !slices.Contains(gone, table) {
			t.Errorf("%s names a person, and nothing says what becomes of it", column)
		}
	}
}

// emptied are the columns of people that accounts.Erase empties; the others say when, and that somebody was there.
var emptied = []string{
	"awaits", "declined_at", "display_name", "email", "email_confirmed_at", "feeding", "handle", "handle_fold", "language", "leaves_at", "muted_until",
	"password_hash", "pronouns", "reduced_data", "role", "suspended_until", "theme", "uid", "visibility", "way", "way_line", "zone",
}

func TestThePersonsRowSaysNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, column := range h.list(`SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'people' ORDER BY 1`) {
		if !slices.Contains(emptied, column) && !slices.Contains([]string{"id", "created_at", "left_at"}, column) {
			t.Errorf("people.%s: accounts.Erase does not know it", column)
		}
	}
	wren := h.somebody("wren", accounts.Moderator)
	h.exec(`UPDATE people SET awaits = 'letter', email_confirmed_at = now(), feeding = 'nursing', language = 'nl', muted_until = now(),
		password_hash = 'x', pronouns = 'they', reduced_data = true, suspended_until = now(), theme = 'dim', visibility = 'nobody',
		way = '{pumping}', way_line = 'slowly', zone = 'Europe/Amsterdam' WHERE id = ?`, wren.ID)
	uid := h.text(`SELECT uid::text FROM people WHERE id = ?`, wren.ID)
	h.leave(wren, accounts.KeepWords)
	h.exec(`INSERT INTO people (handle, display_name, email) VALUES ('', 'a former member', '')`)
	const row = `SELECT (to_jsonb(p) - 'id' - 'uid' - 'created_at' - 'left_at')::text FROM people p WHERE `
	if got, want := h.text(row+`id = ?`, wren.ID), h.text(row+`id = (SELECT max(id) FROM people)`); got != want {
		t.Errorf("there stays\n%s\nwant\n%s", got, want)
	}
	if h.count(`SELECT count(*) FROM people WHERE uid = ? OR id = ? AND left_at IS NULL`, uid, wren.ID) > 0 {
		t.Error("the row keeps its uid, or does not say that they left")
	}
}

// uncopied are tables whose rows go with a person and are no part of a copy.
var uncopied = map[string]string{
	"names": "the handle, the display name and the aliases once more", "sign_in_links": "hashes", "bells": "a count",
	"departures": "the day stands with the account", "exports": "the copy itself", "password_resets": "hashes", "resets": "where rooms begin anew",
	"devices": "hashes", "ceremonies": "hashes, for minutes", "half_sign_ins": "hashes, for minutes", "recovery_codes": "hashes",
	"totps": "a secret that opens the account", "email_confirmations": "hashes; the address stands with the account",
	"unmaskings": "what staff noted",
}

func TestACopyHoldsEveryTableOfAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	all := strings.Join(mapValues(leaving.SectionQueries()), "\n")
	for _, table := range h.list(goesWith) {
		read := regexp.MustCompile(`(?:FROM|JOIN) ` + table + ` `).MatchString(all)
		if _, left := uncopied[table]; read == left {
			t.Errorf("%s: in a copy is %v, left out of it on purpose is %v", table, read, left)
		}
	}
	for _, table := range []string{"people", "posts", "threads", "messages", "reports", "decisions"} {
		if !strings.Contains(all, table+" ") {
			t.Errorf("a copy lacks %s", table)
		}
	}
}

func mapValues(m map[string]string) (values []string) {
	for _, v := range m {
		values = append(values, v)
	}
	return values
}
