package directory_test

import (
	"testing"

	"firstdrops/server/directory"
)

// generated is how many listings the benchmarked directory has: half within 500 km of Utrecht, one in fifty speaks
// Icelandic, and one says zeppelin.
const generated = 20_000

func newFullHouse(b *testing.B) *house {
	b.Helper()
	h := newHouse(b)
	fill := func(query string, args ...any) { // however long it takes
		h.t.Helper()
		h.exec("SET LOCAL statement_timeout = 0; "+query, args...)
	}
	fill(`INSERT INTO people (handle, handle_fold, display_name, email)
		SELECT 'p' || i, 'p' || i, 'Person ' || i, 'p@mail.example' FROM generate_series(1, ?) i`, generated)
	fill(`INSERT INTO consultants (person_id, slug, name, name_looks, text, fees, telehealth, home, clinic, languages, specialties,
			accepting, accepting_at, waiting, created_at, confirmed_at, search)
		SELECT i, 'c' || i, 'Name ' || i, 'n' || i, 'Milk and patience.', 'free', i % 3 > 0, true, false,
			CASE WHEN i % 50 = 0 THEN '{is,en}' ELSE '{en,nl}' END::text[], CASE WHEN i % 7 = 0 THEN '{adoption,grief}' ELSE '{latch}' END::text[],
			i % 4 > 0, ?1::timestamptz, '', ?1, ?1::timestamptz - i * interval '1 minute',
			search_vector('Name ' || i || ' Milk and patience ' || translate(md5(i::text), '0123456789', 'ghijklmnop') || CASE WHEN i = 777 THEN ' zeppelin' ELSE '' END)
		FROM generate_series(1, ?0) i`, generated, h.now())
	fill(`INSERT INTO credentials (consultant_id, type, number, number_looks, country, status, applied_at, verified_at, expires_at)
		SELECT i, 'ibclc', 'L-' || i, 'L-' || i, 'NL', 'verified', ?1, ?1, ?1::timestamptz + interval '1 year' FROM generate_series(1, ?0) i`, generated, h.now())
	fill(`INSERT INTO places (consultant_id, position, city, city_plain, country, lat, lon, accepting, accepting_at)
		SELECT i, n, 'Town ' || i, 'town ' || i, 'NL', CASE WHEN i % 2 = 0 THEN 52.09 + sin(i) * (i % 400) / 100 ELSE sin(i) * 60 END,
			CASE WHEN i % 2 = 0 THEN 5.12 + cos(i) * (i % 400) / 100 ELSE cos(i) * 170 END, i % 5 > 0, ?1 FROM generate_series(1, ?0) i, generate_series(0, 1) n`, generated, h.now())
	fill(`INSERT INTO listing_words (word) SELECT translate(md5(i::text), '0123456789', 'ghijklmnop') FROM generate_series(1, ?) i ON CONFLICT DO NOTHING`, generated)
	fill(`INSERT INTO listing_words (word) VALUES ('zeppelin'), ('patience')`)
	fill(`SET LOCAL ROLE NONE; ANALYZE`)
	return h
}

// BenchmarkConsultants lists a page among 20,000 listings. With the viewer a page takes one statement more than stands here.
func BenchmarkConsultants(b *testing.B) {
	h := newFullHouse(b)
	second, err := h.Listings(b.Context(), guest, directory.Filter{})
	h.must(err)
	for _, c := range []struct {
		name  string
		f     directory.Filter
		finds bool
	}{
		{"all", directory.Filter{}, true},
		{"next page", directory.Filter{After: second.Next}, true},
		{"accepting", directory.Filter{Accepting: true, Telehealth: true}, true},
		{"a rare language", directory.Filter{Language: "is"}, true},
		{"a rare pair", directory.Filter{Language: "is", Specialty: "adoption"}, true},
		{"near", directory.Filter{Place: "Utrecht"}, true},
		{"far around", directory.Filter{Place: "Utrecht", Km: 1000}, true},
		{"a place by its name", directory.Filter{Place: "Town 19999"}, true},
		{"a land", directory.Filter{Place: "Netherlands"}, true},
		{"a rare word", directory.Filter{Words: "zeppelin"}, true},
		{"a word of all", directory.Filter{Words: "milk patience"}, true},
		{"mistyped", directory.Filter{Words: "zepelin"}, true},
		{"nobody", directory.Filter{Words: "nothing-like-this"}, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := h.db.Statements()
			for b.Loop() {
				page, err := h.Listings(b.Context(), guest, c.f)
				if err != nil || len(page.Consultants) > 0 != c.finds {
					b.Fatal(len(page.Consultants), err)
				}
			}
			b.ReportMetric(float64(h.db.Statements()-before)/float64(b.N), "statements/op")
		})
	}
}
