package chat

import (
	"context"

	"firstdrops/server/platform/db"
)

// slugTaken is the constraint that keeps the addresses of rooms apart.
const slugTaken = "rooms_slug_key"

func insertRoom(ctx context.Context, tx *db.Tx, r Room) (id int64, err error) {
	err = tx.NewRaw(`WITH room AS (
			INSERT INTO rooms (slug, name, about, topic, position) VALUES (?, ?, ?, ?, ?) RETURNING id)
		INSERT INTO room_counters (room_id) SELECT id FROM room RETURNING room_id`,
		r.Slug, r.Name, r.About, r.Topic, r.Position).Scan(ctx, &id)
	return id, err
}

// lockRoom reads what administrators say of a room and holds it until the commit; messages go on.
func lockRoom(ctx context.Context, tx *db.Tx, slug string) (Room, error) {
	var r Room
	err := tx.NewRaw(`SELECT id, slug, name, about, topic, position FROM rooms WHERE slug = ? FOR NO KEY UPDATE`, slug).Scan(ctx, &r)
	return r, err
}

func updateRoom(ctx context.Context, tx *db.Tx, r Room) error {
	_, err := tx.NewRaw(`UPDATE rooms SET name = ?, about = ?, topic = ?, position = ? WHERE id = ?`,
		r.Name, r.About, r.Topic, r.Position, r.ID).Exec(ctx)
	return err
}
