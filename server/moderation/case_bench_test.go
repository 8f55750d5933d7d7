package moderation_test

import (
	"testing"

	"firstdrops/server/moderation"
)

// BenchmarkCases reads the moderators' list at 10,000 open cases: its first page, and one far behind.
func BenchmarkCases(b *testing.B) {
	h := newHouse(b)
	maya, lark := h.moderator("maya"), h.member("lark")
	h.exec(`INSERT INTO cases (kind, object_id, room_id, about_id, title, path, snapshot, words, reason, severity, opened_at, due_at)
		SELECT 'post', g, 0, ?0, 'A title', '/p/1', '[]', 'Words.', 'unkind', 1 + g % 4, ?1, ?1::timestamptz + g * interval '1 second'
		FROM generate_series(1, 10000) g`, lark.ID, h.now())
	h.exec(`SET LOCAL ROLE NONE; ANALYZE cases`)
	deep := ""
	for range 300 {
		list, err := h.Cases(b.Context(), maya, moderation.Waiting, deep)
		h.must(err)
		deep = list.Next
	}
	for name, after := range map[string]string{"first page": "", "page 301": deep} {
		b.Run(name, func(b *testing.B) {
			before := h.db.Statements()
			for b.Loop() {
				list, err := h.Cases(b.Context(), maya, moderation.Waiting, after)
				if err != nil || len(list.Cases) != 30 {
					b.Fatalf("%d cases: %v", len(list.Cases), err)
				}
			}
			b.ReportMetric(float64(h.db.Statements()-before)/float64(b.N), "statements/op")
		})
	}
}
