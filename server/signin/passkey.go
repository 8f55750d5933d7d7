package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

const (
	passkeysMost   = 20 // of one person
	passkeyNameMax = 40
)

// Passkeys lets people in by what their device keeps. Each has the person's own check on that device (a finger, a face, a
// PIN) behind it, so it counts as both factors. A nil Passkeys is a site that has none.
type Passkeys struct {
	signin   *Signin
	webauthn *webauthn.WebAuthn // holds nothing but settings
}

// Passkey is one of a person's, as they know it.
type Passkey struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time `bun:",nullzero"` // zero where it was never used since
}

// NewPasskeys binds passkeys to the site's public origin. It gives nil where that names a number instead of a domain:
// browsers then have no passkeys.
func NewPasskeys(s *Signin) *Passkeys {
	patience := webauthn.TimeoutConfig{Timeout: ceremonyLife, TimeoutUVD: ceremonyLife}
	w, err := webauthn.New(&webauthn.Config{
		RPID: s.base.Hostname(), RPDisplayName: "First Drops", RPOrigins: []string{s.base.Scheme + "://" + s.base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(), ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: patience, Registration: patience},
		// Some password managers say more than they are asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil
	}
	return &Passkeys{signin: s, webauthn: w}
}

// holder is whom a passkey is made for, as authenticators know them: by an id that is shown nowhere.
type holder struct {
	uid    uuid.UUID
	handle string
	held   []webauthn.Credential
}

// The methods of webauthn.User.
func (h holder) WebAuthnID() []byte                         { return h.uid[:] }
func (h holder) WebAuthnName() string                       { return h.handle }
func (h holder) WebAuthnDisplayName() string                { return h.handle }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.held }

// List gives the viewer's passkeys, the oldest first.
func (p *Passkeys) List(ctx context.Context, viewer accounts.Viewer) ([]Passkey, error) {
	if p == nil {
		return nil, nil
	}
	all, err := passkeysOf(ctx, p.signin.db, viewer.ID)
	if err != nil {
		return nil, fmt.Errorf("reading a person's passkeys: %w", err)
	}
	return all, nil
}

// Passkey gives one of the viewer's passkeys.
func (p *Passkeys) Passkey(ctx context.Context, viewer accounts.Viewer, id int64) (Passkey, error) {
	all, err := p.List(ctx, viewer)
	if err != nil {
		return Passkey{}, err
	}
	for _, one := range all {
		if one.ID == id {
			return one, nil
		}
	}
	return Passkey{}, fault.Missing()
}

// Rename gives one of the viewer's passkeys another name.
func (p *Passkeys) Rename(ctx context.Context, viewer accounts.Viewer, id int64, name string) error {
	if p == nil {
		return fault.Missing()
	}
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	found, err := renamePasskey(ctx, p.signin.db, viewer.ID, id, name)
	if err != nil {
		return fmt.Errorf("renaming a passkey: %w", err)
	}
	if !found {
		return fault.Missing()
	}
	return nil
}

func passkeyName(typed string) (string, error) {
	name, err := text.Line(typed, passkeyNameMax)
	if err != nil {
		return "", fault.Field("name", err.Error())
	}
	if name == "" {
		return "", fault.Field("name", "Please give it a name by which you know it again.")
	}
	return name, nil
}

// Remove takes one of the viewer's passkeys away, but never the last way by which they come in, nor the second factor that
// their role asks for. Their session is renewed.
func (p *Passkeys) Remove(ctx context.Context, viewer accounts.Viewer, id int64) (accounts.Session, error) {
	return p.change(ctx, viewer, passkeyRemoved, func(ctx context.Context, tx *db.Tx, kept Security) (accounts.Session, error) {
		found, err := deletePasskey(ctx, tx, viewer.ID, id)
		switch {
		case err != nil:
			return accounts.Session{}, fmt.Errorf("removing a passkey: %w", err)
		case !found:
			return accounts.Session{}, fault.Missing()
		case kept.Passkeys == 1 && !kept.Password:
			return accounts.Session{}, fault.New(fault.Conflict, "This is your only way to come in, so it stays. Add another passkey or a password first.")
		}
		if err := p.signin.withoutFactor(ctx, tx, viewer); err != nil {
			return accounts.Session{}, err
		}
		return p.signin.people.RenewSession(ctx, tx, viewer)
	})
}

// change changes the viewer's passkeys, one change after the other, and tells them by letter.
func (p *Passkeys) change(ctx context.Context, viewer accounts.Viewer, what string,
	do func(context.Context, *db.Tx, Security) (accounts.Session, error),
) (session accounts.Session, err error) {
	if p == nil {
		return accounts.Session{}, fault.Missing()
	}
	err = p.signin.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := p.signin.mayChange(ctx, tx, viewer); err != nil {
			return err
		}
		if err := holdPerson(ctx, tx, viewer.ID); err != nil {
			return fmt.Errorf("holding a person's passkeys: %w", err)
		}
		kept, err := p.signin.security(ctx, tx, viewer)
		if err != nil {
			return err
		}
		if session, err = do(ctx, tx, kept); err != nil {
			return err
		}
		return p.signin.tellChanged(ctx, tx, viewer.ID, what)
	})
	return session, err
}
