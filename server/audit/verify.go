package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/uptrace/bun"
)

// Broken says which entry gives away that the record was tampered with.
type Broken struct {
	ID  int64
	How string
}

func (b *Broken) Error() string { return fmt.Sprintf("the audit is broken: entry %d %s", b.ID, b.How) }

// Whole is what Verify found right. Whoever keeps its fingerprint elsewhere can also find a record that was written anew
// from its first entry, by somebody with the whole of the database in their hands.
type Whole struct {
	Entries     int64
	Fingerprint string // the last entry's hash, in hex
}

// head is the end of the chain.
type head struct {
	Entries int64
	Hash    []byte
}

const stretch = 1000 // entries read at once

// Verify walks the whole chain as it stands at one moment. The error is a Broken where an entry was changed, dropped or
// swapped.
func (a *Audit) Verify(ctx context.Context) (Whole, error) {
	var whole Whole
	err := a.db.RunInTx(ctx, snapshot, func(ctx context.Context, tx bun.Tx) error {
		end, err := readHead(ctx, tx)
		if err != nil {
			return fmt.Errorf("reading the end of the audit: %w", err)
		}
		last, err := walk(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case last.Entries < end.Entries:
			return &Broken{last.Entries + 1, "is missing, with all after it"}
		case last.Entries > end.Entries:
			return &Broken{end.Entries + 1, "was not added as entries are"}
		case !bytes.Equal(last.Hash, end.Hash):
			return &Broken{last.Entries, "is not the one that was added last"}
		}
		whole = Whole{last.Entries, hex.EncodeToString(last.Hash)}
		return nil
	})
	return whole, err
}

// walk follows the chain from its first entry and gives where it ends.
func walk(ctx context.Context, tx bun.Tx) (head, error) {
	var at head
	for {
		entries, err := entriesAfter(ctx, tx, at.Entries, stretch)
		if err != nil {
			return head{}, fmt.Errorf("reading the audit: %w", err)
		}
		for _, e := range entries {
			at.Entries++
			if e.ID != at.Entries {
				return head{}, &Broken{at.Entries, "is missing"}
			}
			if at.Hash = e.sum(at.Hash); !bytes.Equal(at.Hash, e.Hash) {
				return head{}, &Broken{e.ID, "is not as it was written"}
			}
		}
		if len(entries) < stretch {
			return at, nil
		}
	}
}

// sum is what audit_append computes: the hash before, and the entry's values with a '|' between them.
func (e Entry) sum(before []byte) []byte {
	values := fmt.Sprintf("%d|%d|%d|%s|%s|%d|%d|%s", e.ID, e.At.UnixMicro(), e.ActorID, e.Verb, e.Kind, e.ObjectID, e.IntoID, e.Reason)
	hash := sha256.Sum256(append(bytes.Clone(before), values...))
	return hash[:]
}
