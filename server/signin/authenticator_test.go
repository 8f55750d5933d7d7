package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"firstdrops/server/signin"
)

// authenticator is what a phone or a security key does: it keeps passkeys and signs challenges. Its fields are what a
// dishonest one lies about.
type authenticator struct {
	t      *testing.T
	origin string
	verify bool   // whether it checks who holds it
	count  uint32 // of signatures, of all passkeys
	held   []heldKey
}

type heldKey struct {
	id, user []byte
	key      *ecdsa.PrivateKey
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	return &authenticator{t: t, origin: "https://place.example", verify: true}
}

// asked is what of a ceremony's options an authenticator needs.
type asked struct {
	Challenge string
	RPID      string `json:"rpId"`
	RP        struct{ ID string }
	User      struct{ ID string }
}

func (a *authenticator) read(c signin.Ceremony) asked {
	a.t.Helper()
	var options asked
	encoded, err := json.Marshal(c.Options)
	if err == nil {
		err = json.Unmarshal(encoded, &options)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return options
}

// make makes a passkey for a ceremony that asks for a new one.
func (a *authenticator) make(c signin.Ceremony) signin.Answer {
	a.t.Helper()
	options := a.read(c)
	key := newKey(a.t)
	user, err := base64.RawURLEncoding.DecodeString(options.User.ID)
	if err != nil {
		a.t.Fatal(err)
	}
	made := heldKey{id: []byte(rand.Text()), user: user, key: key}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	data := a.data(options.RP.ID, 0x40)
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(made.id))) //nolint:gosec // 26
	data = append(append(data, made.id...), a.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})...)
	a.held = append(a.held, made)
	return a.answer(c, made, map[string]any{
		"clientDataJSON":    a.clientData("webauthn.create", options),
		"attestationObject": encode(a.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})),
	})
}

// use signs the challenge of a ceremony with the newest passkey.
func (a *authenticator) use(c signin.Ceremony) signin.Answer {
	a.t.Helper()
	options := a.read(c)
	used := a.held[len(a.held)-1]
	a.count++
	client, data := a.clientData("webauthn.get", options), a.data(options.RPID, 0)
	plain, err := base64.RawURLEncoding.DecodeString(client)
	if err != nil {
		a.t.Fatal(err)
	}
	hash := sha256.Sum256(plain)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, used.key, signed[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(c, used, map[string]any{
		"clientDataJSON": client, "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(used.user),
	})
}

func (a *authenticator) answer(c signin.Ceremony, of heldKey, response map[string]any) signin.Answer {
	a.t.Helper()
	encoded, err := json.Marshal(map[string]any{"id": encode(of.id), "rawId": encode(of.id), "type": "public-key", "response": response})
	if err != nil {
		a.t.Fatal(err)
	}
	return signin.Answer{Ceremony: c.Token, Credential: string(encoded)}
}

// data is the authenticator's data without a credential: for which site, what was checked, how often it signed.
func (a *authenticator) data(site string, flags byte) []byte {
	hash := sha256.Sum256([]byte(site))
	flags |= 0x01
	if a.verify {
		flags |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), a.count)
}

func (a *authenticator) clientData(kind string, options asked) string {
	a.t.Helper()
	encoded, err := json.Marshal(map[string]any{"type": kind, "challenge": options.Challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return encode(encoded)
}

func (a *authenticator) cbor(v any) []byte {
	a.t.Helper()
	encoded, err := webauthncbor.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return encoded
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
