package signin

import (
	"context"

	"github.com/uptrace/bun"
)

// credentials are what a sign-in is judged by.
type credentials struct {
	ID           int64
	PasswordHash string
}

func credentialsByHandle(ctx context.Context, idb bun.IDB, fold string) (credentials, error) {
	var c credentials
	err := idb.NewRaw(`
		SELECT id, coalesce(password_hash, '') AS password_hash
		FROM people WHERE handle_fold = ?`, fold).Scan(ctx, &c)
	return c, err
}

// credentialsByConfirmedEmail finds the one person who confirmed this address. Where several did, it
// finds nobody: they sign in by handle.
func credentialsByConfirmedEmail(ctx context.Context, idb bun.IDB, email string) (credentials, error) {
	var c credentials
	err := idb.NewRaw(`
		SELECT min(id) AS id, coalesce(min(password_hash), '') AS password_hash
		FROM people WHERE lower(email) = lower(?) AND email_confirmed_at IS NOT NULL
		HAVING count(*) = 1`, email).Scan(ctx, &c)
	return c, err
}
