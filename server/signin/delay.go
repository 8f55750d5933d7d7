package signin

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
)

// How long guessing is slowed down. Nothing is ever locked: who is waited for longest is whoever guesses.
const (
	freeFailures  = 5  // in a row that cost nothing
	networkFree   = 30 // the same for one network over all accounts: a ward or an office may be behind one address
	longestShared = 30 * time.Second
	longestOwn    = 15 * time.Minute
	forgottenIn   = time.Hour // without another failure
)

// counter is one thing by which failures in a row are counted.
type counter struct {
	key     []byte        // sha256 of what it counts
	free    int           // failures that cost nothing
	longest time.Duration // the longest wait
	shared  bool          // by all who come from one network: a success of one says nothing of the others
}

func count(free int, longest time.Duration, parts ...string) counter {
	hash := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return counter{key: hash.Sum(nil), free: free, longest: longest}
}

// wait is how long nobody is heard after so many failures in a row.
func (c counter) wait(failures int) time.Duration {
	if failures < c.free {
		return 0
	}
	return min(time.Second<<min(failures-c.free, 30), c.longest)
}

// what is guessed.
const (
	aPassword = "password"
	aCode     = "code" // of a second factor, by somebody who has the password
)

// counters are those of one attempt at an account. A browser that somebody has signed in with before counts for itself, so
// that nobody elsewhere slows them down; all others are counted by account, by where they come from, and by both. At the
// password the account is what was typed, as it is compared, and not whose it is: a wait for a handle after guesses at an
// e-mail would tell that both are the same person's.
func (s *Signin) counters(ctx context.Context, what, account string, personID int64, from From) ([]counter, error) {
	if !s.limited {
		return nil, nil
	}
	device, _ := token.Hash(from.Known)
	known, err := knowsDevice(ctx, s.db, device, personID, s.now())
	if err != nil {
		return nil, fmt.Errorf("looking whether a device is known: %w", err)
	}
	if known {
		return []counter{count(freeFailures, longestOwn, what, "device", string(device))}, nil
	}
	longest := longestShared
	if what == aCode { // who gets here has the password: it is they who wait
		longest = longestOwn
	}
	network := count(networkFree, longestOwn, "network", from.Network)
	network.shared = true
	return []counter{
		count(freeFailures, longest, what, "account", account),
		count(freeFailures, longestOwn, what, "account and network", account, from.Network),
		network,
	}, nil
}

// attempt counts a failure before it is known whether it is one, so that many at once are no way past the wait. While there
// is one left to wait for, nothing is counted, and the answer is TooMany.
func (s *Signin) attempt(ctx context.Context, counters []counter) error {
	if len(counters) == 0 {
		return nil
	}
	now := s.now()
	since := now.Add(-forgottenIn)
	if err := forgetAttempts(ctx, s.db, since); err != nil {
		return fmt.Errorf("forgetting old attempts: %w", err)
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		failures, longest, err := lockAttempts(ctx, tx, counters, since, now)
		if err != nil {
			return fmt.Errorf("counting an attempt: %w", err)
		}
		if longest > 0 {
			return slower(longest)
		}
		waits := make([]time.Duration, len(counters))
		for i, c := range counters {
			failures[i]++
			waits[i] = c.wait(failures[i])
		}
		if err := saveAttempts(ctx, tx, counters, failures, waits, now); err != nil {
			return fmt.Errorf("counting an attempt: %w", err)
		}
		return nil
	})
}

// succeeded forgets the failures before a success; of what others share it takes back this attempt only.
func (s *Signin) succeeded(ctx context.Context, tx *db.Tx, counters []counter) error {
	return s.takeBack(ctx, tx, counters, func(c counter) bool { return !c.shared })
}

// uncounted takes back an attempt that was none: the house could not judge it, or it was right and more is asked for.
func (s *Signin) uncounted(ctx context.Context, tx *db.Tx, counters []counter) error {
	return s.takeBack(ctx, tx, counters, func(counter) bool { return false })
}

func (s *Signin) takeBack(ctx context.Context, tx *db.Tx, counters []counter, wholly func(counter) bool) error {
	if len(counters) == 0 {
		return nil
	}
	less := make([]int, len(counters))
	for i, c := range counters {
		less[i] = 1
		if wholly(c) {
			less[i] = 1 << 30
		}
	}
	if err := lessenAttempts(ctx, tx, counters, less, s.now()); err != nil {
		return fmt.Errorf("taking back an attempt: %w", err)
	}
	return nil
}

func slower(wait time.Duration) error {
	e := fault.New(fault.TooMany, "That did not fit several times in a row, so there is a short wait before the next try. Nothing is locked.").Coded("rate")
	e.Retry = wait
	return e
}
