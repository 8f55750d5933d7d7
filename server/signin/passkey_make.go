package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// newPasskey is one that an authenticator has just made.
type newPasskey struct {
	credentialID []byte
	credential   json.RawMessage
	name         string
	createdAt    time.Time
}

// BeginSignUp judges what somebody typed to join and asks their authenticator for a passkey, made for an id of their own.
// Nothing of what they typed is kept.
func (p *Passkeys) BeginSignUp(ctx context.Context, form accounts.SignUp) (Ceremony, error) {
	if p == nil {
		return Ceremony{}, fault.Missing()
	}
	form.Proof = &accounts.Proof{}
	if err := p.signin.people.Judge(ctx, form); err != nil {
		return Ceremony{}, err
	}
	return p.beginMaking(ctx, toSignUp, 0, holder{uid: uuid.New(), handle: form.Handle})
}

// SignUp makes a member who has a passkey instead of a password, and signs them in.
func (p *Passkeys) SignUp(ctx context.Context, form accounts.SignUp, answer Answer) (accounts.Session, error) {
	made, uid, err := p.made(ctx, toSignUp, 0, form.Device, answer)
	if err != nil {
		return accounts.Session{}, err
	}
	form.Proof = &accounts.Proof{UID: uid, Keep: func(ctx context.Context, tx *db.Tx, personID int64) error {
		return keepPasskey(ctx, tx, personID, made)
	}}
	return p.signin.people.SignUp(ctx, form)
}

// BeginAdd asks the viewer's authenticator for a passkey, unless it has one already.
func (p *Passkeys) BeginAdd(ctx context.Context, viewer accounts.Viewer) (Ceremony, error) {
	if p == nil {
		return Ceremony{}, fault.Missing()
	}
	if err := p.signin.mayChange(ctx, p.signin.db, viewer); err != nil {
		return Ceremony{}, err
	}
	owner, err := p.holderOf(ctx, viewer.ID)
	if err != nil {
		return Ceremony{}, err
	}
	if len(owner.held) >= passkeysMost {
		return Ceremony{}, tooManyPasskeys()
	}
	return p.beginMaking(ctx, toAdd, viewer.ID, owner)
}

// Add keeps another passkey of the viewer's under a name by which they know it again. Their session is renewed, and has a
// second factor from then on.
func (p *Passkeys) Add(ctx context.Context, viewer accounts.Viewer, name string, answer Answer) (accounts.Session, error) {
	name, err := passkeyName(name)
	if err != nil {
		return accounts.Session{}, err
	}
	made, _, err := p.made(ctx, toAdd, viewer.ID, name, answer)
	if err != nil {
		return accounts.Session{}, err
	}
	return p.change(ctx, viewer, passkeyAdded, func(ctx context.Context, tx *db.Tx, kept Security) (accounts.Session, error) {
		if kept.Passkeys >= passkeysMost {
			return accounts.Session{}, tooManyPasskeys()
		}
		if err := keepPasskey(ctx, tx, viewer.ID, made); err != nil {
			return accounts.Session{}, err
		}
		return p.signin.people.ProveSession(ctx, tx, viewer, true)
	})
}

func tooManyPasskeys() error {
	return fault.Field("passkey", fmt.Sprintf("You have %d passkeys, which is as many as fit. Please remove one first.", passkeysMost))
}

func (p *Passkeys) holderOf(ctx context.Context, personID int64) (holder, error) {
	row, err := holderByID(ctx, p.signin.db, personID)
	if err != nil {
		return holder{}, fmt.Errorf("reading for whom a passkey is: %w", err)
	}
	owner := holder{uid: row.UID, handle: row.Handle}
	if err := json.Unmarshal(row.Held, &owner.held); err != nil {
		return holder{}, fmt.Errorf("reading a person's credentials: %w", err)
	}
	return owner, nil
}

func (p *Passkeys) beginMaking(ctx context.Context, to purpose, personID int64, owner holder) (Ceremony, error) {
	options, data, err := p.webauthn.BeginRegistration(owner, webauthn.WithExclusions(webauthn.Credentials(owner.held).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, fmt.Errorf("asking for a new passkey: %w", err)
	}
	return p.begin(ctx, to, personID, data, options.Response)
}

// made judges what an authenticator made, and for whom.
func (p *Passkeys) made(ctx context.Context, to purpose, personID int64, name string, answer Answer) (newPasskey, uuid.UUID, error) {
	if p == nil {
		return newPasskey{}, uuid.Nil, fault.Missing()
	}
	data, err := p.take(ctx, to, personID, answer)
	if err != nil {
		return newPasskey{}, uuid.Nil, err
	}
	uid, err := uuid.FromBytes(data.UserID)
	if err != nil {
		return newPasskey{}, uuid.Nil, fmt.Errorf("reading for whom a passkey is: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer.Credential))
	if err != nil {
		return newPasskey{}, uuid.Nil, refusedPasskey(err)
	}
	credential, err := p.webauthn.CreateCredential(holder{uid: uid}, data, parsed)
	if err != nil {
		return newPasskey{}, uuid.Nil, refusedPasskey(err)
	}
	record, err := json.Marshal(credential)
	if err != nil {
		return newPasskey{}, uuid.Nil, fmt.Errorf("writing a credential: %w", err)
	}
	return newPasskey{credential.ID, record, name, p.signin.now()}, uid, nil
}

// keepPasskey stores a passkey; one that is known here already is refused, whoever has it.
func keepPasskey(ctx context.Context, tx *db.Tx, personID int64, made newPasskey) error {
	err := insertPasskey(ctx, tx, personID, made)
	if db.IsUnique(err, passkeyKnown) {
		return refusedPasskey(err)
	}
	if err != nil {
		return fmt.Errorf("keeping a passkey: %w", err)
	}
	return nil
}
