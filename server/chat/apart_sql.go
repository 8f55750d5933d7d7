package chat

import (
	"context"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// apartFrom are the ids of who is apart from a person, in order; NULL where nobody is.
func apartFrom(person string) string {
	return `(SELECT array_agg(a.other_id ORDER BY a.other_id) FROM apart a WHERE a.person_id = ` + person + `)`
}

// shown keeps the words of the people in the argument from reads; who speaks as a moderator is heard by everybody.
func shown(apart string) string {
	return `(m.author_id <> ALL (coalesce(` + apart + `::bigint[], '{}')) OR m.label = 'moderator')`
}

// partingsSQL reads who is apart from each of these people, and the last job that they asked for.
var partingsSQL = `SELECT i.person_id, ` + apartFrom("i.person_id") + ` AS apart,
		coalesce((SELECT max(x.asked) FROM resets x WHERE x.person_id = i.person_id), 0) AS asked
	FROM unnest($1::bigint[]) AS i(person_id)`

// storeResets waits for the sends under way, which may not know of the parting: later ones do.
func storeResets(ctx context.Context, tx *db.Tx, parted accounts.Parted, job int64) error {
	_, err := tx.NewRaw(`
		WITH reached AS (SELECT room_id, seq FROM room_counters ORDER BY room_id FOR SHARE)
		INSERT INTO resets AS x (person_id, other_id, room_id, seq, job, asked)
		SELECT who.person_id, who.other_id, reached.room_id, reached.seq, ?2, who.asked
		FROM reached, (VALUES (?0::bigint, ?1::bigint, ?2::bigint), (?1, ?0, 0)) AS who (person_id, other_id, asked)
		ON CONFLICT (person_id, room_id, other_id) DO UPDATE
		SET seq = excluded.seq, job = excluded.job, asked = greatest(x.asked, excluded.asked)
		WHERE x.job < excluded.job`, parted.PersonID, parted.OtherID, job).Exec(ctx)
	return err
}
