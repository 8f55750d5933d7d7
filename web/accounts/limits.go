package accounts

import (
	"time"

	"firstdrops/server/platform/ratelimit"
)

// Limits slow down whoever joins, signs in or asks for a password again and again from one place. The zero Limits never do.
type Limits struct {
	signUps, signIns, ceremonies, resets *ratelimit.Limiter
}

// NewLimits leaves room for a household, a ward or a small office behind one address.
func NewLimits() Limits {
	return Limits{
		signUps: ratelimit.New(60, 10*time.Minute), signIns: ratelimit.New(60, 10*time.Minute),
		ceremonies: ratelimit.New(240, 10*time.Minute), // each look at the sign-in page begins one
		resets:     ratelimit.New(30, 10*time.Minute),
	}
}
