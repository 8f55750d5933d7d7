package accounts

import (
	"context"
	"encoding/hex"
	"fmt"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/token"
)

// peoplePerInsert keeps one INSERT of bench people small.
const peoplePerInsert = 500

// CreatePeople makes members for load tools and gives one session token each. They have no password,
// so that making them costs no hashing and nobody can sign in as one of them.
func (a *Accounts) CreatePeople(ctx context.Context, count int) ([]string, error) {
	tokens := make([]string, 0, count)
	for len(tokens) < count {
		some, err := a.createSome(ctx, min(peoplePerInsert, count-len(tokens)))
		if err != nil {
			return nil, fmt.Errorf("making people for a load test: %w", err)
		}
		tokens = append(tokens, some...)
	}
	return tokens, nil
}

func (a *Accounts) createSome(ctx context.Context, count int) ([]string, error) {
	tokens, hashes, handles := make([]string, count), make([][]byte, count), make([]string, count)
	for i := range count {
		tokens[i], hashes[i] = token.New()
		handles[i] = "bench-" + hex.EncodeToString(hashes[i][:8])
	}
	now := a.now()
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insertBenchPeople(ctx, tx, handles, hashes, now, now.Add(sessionLife))
	})
	return tokens, err
}
