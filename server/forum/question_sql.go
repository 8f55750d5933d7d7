package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
)

// asker is who began the thread that is the third argument.
const asker = `(SELECT t.author_id FROM threads t WHERE t.id = $3)`

// Who is writing an answer to the thread t.
const (
	takeColumns = `, coalesce(k.person_id, 0) AS taker_id, coalesce(ka.display_name, '') AS taker_name, k.until AS taken_until`
	takeTables  = ` LEFT JOIN takes k ON k.thread_id = t.id LEFT JOIN people ka ON ka.id = k.person_id`
)

// questions reads a page of the queue from a cursor on. Each turn is walked by itself, from where the cursor stands in it.
func questions() string {
	return questionsOf(turnAsked, `t.answers = 0 AND c.slug = '`+askCategory+`'`) +
		` UNION ALL ` + questionsOf(turnElsewhere, `t.answers = 0 AND c.slug <> '`+askCategory+`'`) +
		` UNION ALL ` + questionsOf(turnAnswered, `t.answers > 0`) +
		` ORDER BY turn, created_at, id LIMIT $8`
}

func questionsOf(turn int, which string) string {
	return fmt.Sprintf(`(%s%s, %d AS turn%s%s
		WHERE t.posts > 0 AND t.posts > t.replies AND t.locked_at IS NULL AND %s AND t.author_id <> $2
		AND c.slug <> '`+houseCategory+`' AND NOT EXISTS (SELECT FROM posts s WHERE s.thread_id = t.id AND s.n = 1 AND s.label = 'moderator')
		AND ($3::text = '' OR t.language = $3) AND ($4::text = '' OR t.specialty = $4) AND %s
		AND (t.created_at, t.id) > (CASE sign($5::integer - %[3]d) WHEN 0 THEN $6::timestamptz WHEN 1 THEN 'infinity' ELSE '-infinity' END, $7::bigint)
		ORDER BY t.created_at, t.id LIMIT $8)`, threadColumns, takeColumns, turn, threadTables, takeTables, found, which)
}

// takeThread takes the thread where nobody has taken it now, and gives who then has.
func takeThread(ctx context.Context, tx *db.Tx, threadID, personID int64, now time.Time) (Take, error) {
	var take Take
	_, err := tx.NewRaw(`INSERT INTO takes AS k (thread_id, person_id, until) VALUES (?, ?, ?)
		ON CONFLICT (thread_id) DO UPDATE SET person_id = excluded.person_id, until = excluded.until WHERE k.until <= ?`,
		threadID, personID, now.Add(takeLasts), now).Exec(ctx)
	if err != nil {
		return Take{}, err
	}
	err = tx.NewRaw(`SELECT k.person_id AS taker_id, a.display_name AS taker_name, k.until AS taken_until
		FROM takes k JOIN people a ON a.id = k.person_id WHERE k.thread_id = ?`, threadID).Scan(ctx, &take)
	return take, err
}

// deleteTake ends what this person has taken.
func deleteTake(ctx context.Context, tx *db.Tx, threadID, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM takes WHERE thread_id = ? AND person_id = ?`, threadID, personID).Exec(ctx)
	return err
}
