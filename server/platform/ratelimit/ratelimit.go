// Package ratelimit slows down whoever does too much of one thing: a token bucket a key, in the
// memory of one node.
package ratelimit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"firstdrops/server/platform/fault"
)

// keysKept bounds the memory: over it, buckets that are full again are forgotten.
const keysKept = 10_000

// Limiter holds the buckets of one kind of act.
type Limiter struct {
	burst   int
	limit   rate.Limit
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// New allows burst acts at once, and all of them again after per.
func New(burst int, per time.Duration) *Limiter {
	return &Limiter{burst: burst, limit: rate.Limit(float64(burst) / per.Seconds()), buckets: map[string]*rate.Limiter{}}
}

// Take spends one token of the key's bucket; over it comes a fault that says how long to wait. A nil
// Limiter never refuses.
func (l *Limiter) Take(key string) error {
	if wait := l.Wait(key); wait > 0 {
		return fault.SlowDown(wait)
	}
	return nil
}

// Wait is Take for those with words of their own: zero means that the token was spent.
func (l *Limiter) Wait(key string) time.Duration {
	if l == nil {
		return 0
	}
	reservation := l.bucket(key).Reserve()
	wait := reservation.Delay()
	if wait > 0 {
		reservation.Cancel()
	}
	return wait
}

func (l *Limiter) bucket(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= keysKept {
			l.forget()
		}
		bucket = rate.NewLimiter(l.limit, l.burst)
		l.buckets[key] = bucket
	}
	return bucket
}

func (l *Limiter) forget() {
	for key, bucket := range l.buckets {
		if bucket.Tokens() >= float64(l.burst) {
			delete(l.buckets, key)
		}
	}
}
