package leaving

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// tombstones is where those stand who are gone, each under a name that tells nothing.
const tombstones = "tombstones/"

// tombstone is what is known of somebody who is gone.
type tombstone struct {
	Parting accounts.Parting `json:"parting"`
}

// bury writes down that somebody is gone, apart from the database and its backups.
func (l *Leaving) bury(ctx context.Context, leaver accounts.Leaver) error {
	_, err := l.Blobs.Write(ctx, tombstones+leaver.UID, "application/json", func(w io.Writer) error {
		return json.NewEncoder(w).Encode(tombstone{leaver.Parting})
	})
	if err != nil {
		return fmt.Errorf("writing a tombstone: %w", err)
	}
	return nil
}

// comparedAtOnce is how many tombstones are compared with the database at once.
const comparedAtOnce = 500

// Replay erases anew whoever has a tombstone and is here all the same: the database was restored from a backup that is older
// than their leaving, or the erasing was broken off. It comes before anybody is let in.
func (l *Leaving) Replay(ctx context.Context) error {
	var uids []string
	if err := l.Blobs.Keys(ctx, tombstones, func(key string) error {
		uids = append(uids, path.Base(key))
		return nil
	}); err != nil {
		return fmt.Errorf("reading the tombstones: %w", err)
	}
	for some := range slices.Chunk(uids, comparedAtOnce) {
		back, err := l.Accounts.Leavers(ctx, some)
		if err != nil {
			return err
		}
		for _, leaver := range back {
			if err := l.eraseAgain(ctx, leaver); err != nil {
				return fmt.Errorf("erasing anew who has left: %w", err)
			}
		}
	}
	return nil
}

func (l *Leaving) eraseAgain(ctx context.Context, leaver accounts.Leaver) error {
	file, err := l.Blobs.Read(ctx, tombstones+leaver.UID)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	var found tombstone
	if err := json.NewDecoder(file).Decode(&found); err != nil {
		return fmt.Errorf("reading a tombstone: %w", err)
	}
	leaver.Parting = found.Parting
	err = l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return l.Accounts.Close(ctx, tx, leaver.ID) })
	if err != nil {
		return err
	}
	return l.erase(ctx, leaver)
}
