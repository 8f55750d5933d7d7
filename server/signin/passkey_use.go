package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// BeginSignIn asks whoever is there for any passkey of this site.
func (p *Passkeys) BeginSignIn(ctx context.Context) (Ceremony, error) {
	return p.beginUse(ctx, toSignIn, 0)
}

// SignIn lets in the person whose passkey it is, wholly: it counts as both factors.
func (p *Passkeys) SignIn(ctx context.Context, answer Answer, from From) (Entry, error) {
	var entry Entry
	err := p.use(ctx, toSignIn, 0, answer, func(ctx context.Context, tx *db.Tx, personID int64) (err error) {
		entry, err = p.signin.enter(ctx, tx, personID, from, true)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return p.signin.named(ctx, entry)
}

// BeginProof asks the viewer to show by a passkey of theirs that it is still they.
func (p *Passkeys) BeginProof(ctx context.Context, viewer accounts.Viewer) (Ceremony, error) {
	if viewer.Guest() {
		return Ceremony{}, needsSession()
	}
	return p.beginUse(ctx, toProve, viewer.ID)
}

// Prove renews the viewer's session, which has a second factor from then on.
func (p *Passkeys) Prove(ctx context.Context, viewer accounts.Viewer, answer Answer) (accounts.Session, error) {
	if viewer.Guest() {
		return accounts.Session{}, needsSession()
	}
	var session accounts.Session
	err := p.use(ctx, toProve, viewer.ID, answer, func(ctx context.Context, tx *db.Tx, _ int64) (err error) {
		session, err = p.signin.people.ProveSession(ctx, tx, viewer, true)
		return err
	})
	return session, err
}

func (p *Passkeys) beginUse(ctx context.Context, to purpose, personID int64) (Ceremony, error) {
	if p == nil {
		return Ceremony{}, fault.Missing()
	}
	options, data, err := p.webauthn.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	return p.begin(ctx, to, personID, data, options.Response)
}

// use finds out whose passkey answered, and does then what was asked of them, in the transaction that notes the use. In the
// ceremony of a person only their own passkeys fit.
func (p *Passkeys) use(ctx context.Context, to purpose, personID int64, answer Answer,
	then func(ctx context.Context, tx *db.Tx, personID int64) error,
) error {
	if p == nil {
		return fault.Missing()
	}
	data, err := p.take(ctx, to, personID, answer)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer.Credential))
	if err != nil {
		return refusedPasskey(err)
	}
	return p.signin.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		kept, err := holdPasskey(ctx, tx, parsed.RawID)
		if db.IsMissing(err) || err == nil && personID != 0 && kept.PersonID != personID {
			return refusedPasskey(nil)
		}
		if err != nil {
			return fmt.Errorf("reading a passkey: %w", err)
		}
		used, err := p.verify(ctx, kept, data, parsed)
		if err != nil {
			return err
		}
		if err := updatePasskey(ctx, tx, kept.ID, used, p.signin.now()); err != nil {
			return fmt.Errorf("noting the use of a passkey: %w", err)
		}
		return then(ctx, tx, kept.PersonID)
	})
}

// verify judges a signature and gives the credential as it is after it.
func (p *Passkeys) verify(ctx context.Context, kept keptPasskey, data webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (json.RawMessage, error) {
	var credential webauthn.Credential
	if err := json.Unmarshal(kept.Credential, &credential); err != nil {
		return nil, fmt.Errorf("reading a credential: %w", err)
	}
	owner := holder{uid: kept.UID, held: []webauthn.Credential{credential}}
	_, used, err := p.webauthn.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return owner, nil }, data, parsed)
	if err != nil {
		return nil, refusedPasskey(err)
	}
	if used.Authenticator.CloneWarning {
		slog.WarnContext(ctx, "a passkey was refused: its count of signatures went back, so there may be a copy of it")
		return nil, refusedPasskey(nil)
	}
	record, err := json.Marshal(used)
	if err != nil {
		return nil, fmt.Errorf("writing a credential: %w", err)
	}
	return record, nil
}
