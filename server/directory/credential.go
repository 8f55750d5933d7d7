package directory

import (
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
)

// Type is what sort of credential it is.
type Type string

// The types.
const (
	IBCLC     Type = "ibclc"
	Supporter Type = "supporter"
)

// Types are all of them, in the order in which a form offers them.
var Types = []Type{IBCLC, Supporter}

// typeLabels are the labels that people wear for a credential.
var typeLabels = map[Type]accounts.Label{IBCLC: accounts.IBCLC, Supporter: accounts.Supporter}

// Known reports whether it is one of the types.
func (t Type) Known() bool { return typeLabels[t] != "" }

// Label is what people wear for such a credential.
func (t Type) Label() accounts.Label { return typeLabels[t] }

// Status is how far a credential was checked. A verified one ends by itself: see Credential.Valid.
type Status string

// The statuses.
const (
	Pending  Status = "pending"
	Verified Status = "verified"
	Refused  Status = "refused"
)

// Credential is what a consultant may call themself by, as a registry knows it.
type Credential struct {
	Type       Type
	Country    string // where it was given: ISO 3166-1
	Status     Status
	VerifiedAt time.Time `bun:",nullzero"` // when it was first found true
	ExpiresAt  time.Time `bun:",nullzero"` // the first moment at which it is over

	// For the consultant and administrators; empty in what others read.
	Number     string
	AppliedAt  time.Time    `bun:",nullzero"`
	ReasonCode audit.Reason // why it was refused
	Note       string       // and what the administrator wrote of it
}

// Valid reports whether it is verified and not over.
func (k Credential) Valid(now time.Time) bool { return k.Status == Verified && k.ExpiresAt.After(now) }

// Ended reports whether it was verified and is over.
func (k Credential) Ended(now time.Time) bool { return k.Status == Verified && !k.ExpiresAt.After(now) }

// LastDay is the last day on which it holds.
func (k Credential) LastDay() time.Time { return k.ExpiresAt.UTC().AddDate(0, 0, -1) }
