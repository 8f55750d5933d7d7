package audit

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// snapshot lets a walk see one moment, however long it takes.
var snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}

func appendEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.NewRaw(`SELECT audit_append(?, ?, ?, ?, ?, ?, ?)`,
		e.At, e.ActorID, e.Verb, e.Kind, e.ObjectID, e.IntoID, e.Reason).Exec(ctx)
	return err
}

const entryColumns = `SELECT id, at, actor_id, verb, kind, object_id, into_id, reason_code, hash FROM audit_entries `

func entriesBefore(ctx context.Context, idb bun.IDB, before int64, limit int) ([]Entry, error) {
	var entries []Entry
	err := idb.NewRaw(entryColumns+`WHERE ?0 = 0 OR id < ?0 ORDER BY id DESC LIMIT ?1`, before, limit).Scan(ctx, &entries)
	return entries, err
}

func entriesAfter(ctx context.Context, idb bun.IDB, after int64, limit int) ([]Entry, error) {
	var entries []Entry
	err := idb.NewRaw(entryColumns+`WHERE id > ? ORDER BY id LIMIT ?`, after, limit).Scan(ctx, &entries)
	return entries, err
}

func readHead(ctx context.Context, idb bun.IDB) (head, error) {
	var h head
	err := idb.NewRaw(`SELECT entries, hash FROM audit_head`).Scan(ctx, &h)
	return h, err
}
