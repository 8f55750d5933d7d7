package ratelimit_test

import (
	"errors"
	"testing"
	"time"

	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/ratelimit"
)

func TestBurstThenWait(t *testing.T) {
	t.Parallel()
	limiter := ratelimit.New(3, time.Hour)
	for range 3 {
		if err := limiter.Take("a"); err != nil {
			t.Fatalf("within the burst: %v", err)
		}
	}
	var refused *fault.Error
	if err := limiter.Take("a"); !errors.As(err, &refused) || refused.Kind != fault.TooMany {
		t.Fatalf("over the burst: %v", err)
	}
	if refused.Retry <= 0 || refused.Retry > 21*time.Minute {
		t.Errorf("a third of an hour brings one token back, not %v", refused.Retry)
	}
	if err := limiter.Take("b"); err != nil {
		t.Errorf("another key has a bucket of its own: %v", err)
	}
}

func TestNoLimiterNeverRefuses(t *testing.T) {
	t.Parallel()
	var limiter *ratelimit.Limiter
	for range 100 {
		if err := limiter.Take("a"); err != nil {
			t.Fatal(err)
		}
	}
}
