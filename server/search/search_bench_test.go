package search_test

import (
	"fmt"
	"testing"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
)

// generated is how many posts the benchmarked forum has, ten in each thread.
const generated = 20_000

// fill writes 250 posts in Postgres itself. Their words follow the skew of a language: few are everywhere, most are rare.
const fill = `
	WITH words AS (
		SELECT i, CASE WHEN i <= 30 THEN (string_to_array('milk pump baby night sleep latch drops hours today work bottle tired little first never again since found with that this they have more some what when feed side help', ' '))[i]
			ELSE translate(md5(i::text), '0123456789', 'ghijklmnop') END AS word
		FROM generate_series(1, 12000) i
	), said AS (
		SELECT n, string_agg(w.word, ' ') AS body FROM (
			SELECT n, floor(exp(random() * ln(12000)))::integer AS i FROM generate_series(?0 + 1, ?0 + 250) n, generate_series(1, 80) k) p
		JOIN words w USING (i) GROUP BY n
	)
	INSERT INTO posts (thread_id, n, author_id, label, body, html, html_version, created_at)
	SELECT (s.n - 1) / 10 + 1, (s.n - 1) % 10 + 1, ?1, 'peer', s.body, '<p>' || s.body || '</p>', 1, now() - s.n * interval '1 minute' FROM said s ORDER BY s.n`

// newFullForum has 20,000 posts, one in nine threads among members only, and one post with a rare word.
func newFullForum(b *testing.B) (*db.DB, *search.Search) {
	b.Helper()
	database := testdb.New(b)
	var author int64
	err := database.NewRaw(`INSERT INTO people (handle, handle_fold, display_name, email) VALUES ('wren', 'wren', 'Wren', 'wren@mail.example') RETURNING id`).Scan(b.Context(), &author)
	if err != nil {
		b.Fatal(err)
	}
	run := func(statement string, args ...any) {
		if _, err := database.NewRaw(statement, args...).Exec(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	run(`INSERT INTO threads (category_id, author_id, title, slug, key, created_at, active_at, last_n, posts, replies)
		SELECT i % 9 + 1, ?1, 'How is the milk on day ' || i, 'x', gen_random_uuid(), now(), now(), 10, 10, 9 FROM generate_series(1, ?0 / 10) i`, generated, author)
	for n := 0; n < generated; n += 250 {
		run(fill, n, author)
	}
	run(`UPDATE posts SET body = body || ' fenugreek', html = html || '<p>Fenugreek.</p>' WHERE id = 10007`)
	run(`ANALYZE`)
	return database, search.New(database, time.Now)
}

// BenchmarkSearch looks through 20,000 posts for what is rare, for what is in most of them, and for what is mistyped.
func BenchmarkSearch(b *testing.B) {
	database, s := newFullForum(b)
	for _, c := range []struct {
		name, words string
		hits        bool
	}{
		{"rare", "fenugreek", true}, {"common", "milk", true}, {"common words", "milk pump baby night sleep latch drops hours", true},
		{"everywhere", "how is the", true}, {"mistyped", "fenugrek", true}, {"mistyped with common", "milk pump babi fenugrek", true},
		{"nothing", "zeppelin", false},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := database.Statements()
			for b.Loop() {
				found, err := s.Find(b.Context(), guest, search.Query{Words: c.words})
				if err != nil || len(found.Hits) > 0 != c.hits {
					b.Fatal(fmt.Sprint(len(found.Hits), " hits"), err)
				}
			}
			b.ReportMetric(float64(database.Statements()-before)/float64(b.N), "statements/op")
		})
	}
}
