// Package token makes the secrets that cookies and links carry, and the hashes under which they are stored: a copy of the
// database lets nobody in.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// size of a secret, in bytes.
const size = 32

// New makes a secret of 256 bits and the hash under which it is stored.
func New() (secret string, hash []byte) {
	bytes := make([]byte, size)
	_, _ = rand.Read(bytes) // never fails: see crypto/rand
	sum := sha256.Sum256(bytes)
	return base64.RawURLEncoding.EncodeToString(bytes), sum[:]
}

// Hash gives the hash of a secret, or false for what was never one of ours.
func Hash(secret string) ([]byte, bool) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(size) {
		return nil, false
	}
	bytes, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(bytes) != size {
		return nil, false
	}
	sum := sha256.Sum256(bytes)
	return sum[:], true
}
