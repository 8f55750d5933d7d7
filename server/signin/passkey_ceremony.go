package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
)

// ceremonyLife is how long a challenge waits for its answer.
const ceremonyLife = 5 * time.Minute

// answerMost bounds what an authenticator says, in bytes; few say more than one thousand.
const answerMost = 16_000

// purpose is what a ceremony is for; one for something else is no ceremony.
type purpose string

const (
	toSignIn purpose = "sign-in"
	toSignUp purpose = "sign-up"
	toAdd    purpose = "add"
	toProve  purpose = "again"
)

// Ceremony is a challenge for a browser's authenticator. It can be answered once, within five minutes.
type Ceremony struct {
	Token   string
	Options any // the publicKey member of what navigator.credentials is given, for JSON
}

// Answer is what came back.
type Answer struct {
	Ceremony   string // the token
	Credential string // as JSON, the way WebAuthn writes it
}

// ceremony is one as it is kept.
type ceremony struct {
	TokenHash []byte
	Purpose   purpose
	PersonID  int64 // 0 where nobody was signed in
	Challenge json.RawMessage
	ExpiresAt time.Time
}

func (p *Passkeys) begin(ctx context.Context, to purpose, personID int64, data *webauthn.SessionData, options any) (Ceremony, error) {
	challenge, err := json.Marshal(data)
	if err != nil {
		return Ceremony{}, fmt.Errorf("writing a challenge: %w", err)
	}
	secret, hash := token.New()
	now := p.signin.now()
	err = p.signin.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteOldCeremonies(ctx, tx, now); err != nil {
			return err
		}
		return insertCeremony(ctx, tx, ceremony{hash, to, personID, challenge, now.Add(ceremonyLife)})
	})
	if err != nil {
		return Ceremony{}, fmt.Errorf("beginning a ceremony: %w", err)
	}
	return Ceremony{Token: secret, Options: options}, nil
}

// take uses a ceremony up, whatever comes of it: a challenge is never asked twice.
func (p *Passkeys) take(ctx context.Context, to purpose, personID int64, answer Answer) (webauthn.SessionData, error) {
	hash, ok := token.Hash(answer.Ceremony)
	if !ok || len(answer.Credential) > answerMost {
		return webauthn.SessionData{}, refusedPasskey(nil)
	}
	challenge, err := takeCeremony(ctx, p.signin.db, ceremony{TokenHash: hash, Purpose: to, PersonID: personID, ExpiresAt: p.signin.now()})
	if db.IsMissing(err) {
		return webauthn.SessionData{}, refusedPasskey(nil)
	}
	if err != nil {
		return webauthn.SessionData{}, fmt.Errorf("taking a ceremony: %w", err)
	}
	var data webauthn.SessionData
	if err := json.Unmarshal(challenge, &data); err != nil {
		return webauthn.SessionData{}, fmt.Errorf("reading a challenge: %w", err)
	}
	return data, nil
}

// refusedPasskey is the one answer to all that does not fit, so that it tells nothing of what is known here.
func refusedPasskey(cause error) error {
	return fault.Field("passkey", "This passkey did not fit, or it took longer than five minutes. Please try again, or come in another way.").Because(cause)
}
