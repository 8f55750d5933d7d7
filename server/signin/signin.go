// Package signin knows how people prove who they are: by a password or a passkey, with a second factor where they have
// one, and how they come back in when they have lost what they had.
//
// Owns: passkeys and their ceremonies, second factors and recovery codes, sign-ins that are half done, known devices, how long
// guessing waits, and password_resets.
// Emits: the job FactorChanged, a letter to whose second factor or password changed; the job Reset, a letter to who forgot it.
// Not here: who people are, their sessions and the hashes of their passwords (accounts).
package signin

import (
	"net/url"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// Signin is the one door by which people come in again.
type Signin struct {
	db     *db.DB
	queue  *jobs.Queue
	people *accounts.Accounts
	base   *url.URL
	now    func() time.Time

	limited bool
}

// Deps is what the domain is built of.
type Deps struct {
	DB       *db.DB
	Queue    *jobs.Queue
	Accounts *accounts.Accounts
	Base     *url.URL         // the one public origin: the links in letters begin with it, whatever a request says
	Now      func() time.Time // the clock, so that tests may own it
	Limited  bool             // whether guessing is slowed down: FIRSTDROPS_LIMITS
}

// New builds the domain.
func New(d Deps) *Signin {
	return &Signin{db: d.DB, queue: d.Queue, people: d.Accounts, base: d.Base, now: d.Now, limited: d.Limited}
}
