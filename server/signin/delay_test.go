package signin_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"firstdrops/server/platform/fault"
	"firstdrops/server/signin"
)

// forgotten is when a series of failures is.
const forgotten = time.Hour + time.Second

// slowed is a house where guessing is slowed down.
func slowed(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.Signin = signin.New(signin.Deps{DB: h.db, Queue: h.queue, Accounts: h.people, Now: h.now, Limited: true})
	return h
}

func network(n int) signin.From { return signin.From{Network: fmt.Sprintf("198.51.100.%d", n)} }

// guess tries a wrong password and tells how long to wait; zero where it was compared.
func (h *house) guess(login string, from signin.From) time.Duration {
	h.t.Helper()
	_, err := h.SignIn(h.t.Context(), login, "not the password", from)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid && refusal.Kind != fault.TooMany {
		h.t.Error(err)
		return -1
	}
	return refusal.Retry
}

// waits are the waits after so many failures, each waited for.
func (h *house) waits(login string, failures int, from func(n int) signin.From) []int {
	h.t.Helper()
	var seconds []int
	for n := range failures {
		if wait := h.guess(login, from(n)); wait > 0 {
			seconds = append(seconds, int(wait.Seconds()))
			h.pass(wait - time.Millisecond)
			if h.guess(login, from(n)) == 0 {
				h.t.Error("heard before the wait was over")
			}
			h.pass(time.Millisecond)
			if h.guess(login, from(n)) > 0 {
				h.t.Error("not heard after the wait")
			}
		}
	}
	return seconds
}

// TestGuessingWaitsLongerAndLonger alike for names that somebody has and others: shortly for the account as all others see
// it, and long for whoever guesses.
func TestGuessingWaitsLongerAndLonger(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	h.join("wren")
	for _, login := range []string{"wren", "nobody-here"} {
		if got := fmt.Sprint(h.waits(login, 13, network)); got != "[1 2 4 8 16 30 30 30]" {
			t.Errorf("%s, from everywhere: %s", login, got)
		}
		h.pass(forgotten)
		one := func(int) signin.From { return network(200) }
		if got := fmt.Sprint(h.waits(login, 17, one)); got != "[1 2 4 8 16 32 64 128 256 512 900 900]" {
			t.Errorf("%s, from one network: %s", login, got)
		}
		h.pass(forgotten)
	}
	known, unknown := h.refusal("wren"), h.refusal("nobody-here")
	if known != unknown || known == "" {
		t.Errorf("%q and %q", known, unknown)
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, network(7)); !fault.Is(err, fault.TooMany) {
		t.Errorf("even the right password waits: %v", err)
	}
	h.pass(30 * time.Second)
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, network(7)); err != nil {
		t.Errorf("the owner from elsewhere, after half a minute: %v", err)
	}
	if got := h.waits("wren", 5, network); len(got) != 0 {
		t.Errorf("a success forgets nothing: %v", got)
	}
}

// TestASeriesOfFailuresLastsAnHour after the last of them, however many other counts wait to be cleared away.
func TestASeriesOfFailuresLastsAnHour(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	for n := range 5 {
		h.guess("wren", network(n))
	}
	h.pass(time.Hour)
	if first, second := h.guess("wren", network(5)), h.guess("wren", network(6)); first != 0 || second != 2*time.Second {
		t.Errorf("an hour later they wait %s and %s", first, second)
	}
	h.pass(forgotten)
	h.exec(`INSERT INTO attempts (key_hash, wait_to, last_at) SELECT sha256(n::text::bytea), ?0, ?0 FROM generate_series(1, 200) n`, h.now().Add(-2*forgotten))
	if first, second := h.guess("wren", network(7)), h.guess("wren", network(8)); first != 0 || second != 0 {
		t.Errorf("more than an hour later they wait %s and %s", first, second)
	}
}

// TestAWaitLinksNoHandleToAnEmail: who knows an address of somebody does not learn by it what they are called here.
func TestAWaitLinksNoHandleToAnEmail(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	h.confirmed("wren")
	for n := range 6 {
		h.guess("wren@example.org", network(n))
	}
	if wait := h.guess("WREN@example.org", network(9)); wait == 0 {
		t.Error("the address waits for nothing")
	}
	if wait := h.guess("wren", network(9)); wait != 0 {
		t.Errorf("the handle waits %s for guesses at the address", wait)
	}
	for n := range 5 {
		h.guess("wren", network(n))
	}
	if wait := h.guess(" WREN", network(9)); wait == 0 {
		t.Error("another spelling waits for nothing")
	}
}

// refusal is what is said to who guesses too often.
func (h *house) refusal(login string) string {
	h.t.Helper()
	for n := range 6 {
		h.guess(login, network(n))
	}
	_, err := h.SignIn(h.t.Context(), login, goodPassword, network(99))
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		h.t.Fatal(err)
	}
	return fmt.Sprint(refusal.Kind, refusal.Message, refusal.Retry)
}

// TestABurstIsFewGuesses: a thousand at once from two hundred addresses, and then as many as the clock lets through in ten
// minutes.
func TestABurstIsFewGuesses(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	h.join("wren")
	device := h.device("wren")
	var guesses atomic.Int64
	var all sync.WaitGroup
	for worker := range 20 {
		all.Go(func() {
			for n := range 50 {
				if h.guess("wren", network((worker*50+n)%200)) == 0 {
					guesses.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := guesses.Load(); n != 5 {
		t.Errorf("%d guesses of a burst were compared", n)
	}
	for n := range 600 {
		h.pass(time.Second)
		if h.guess("wren", network(n%200)) == 0 {
			guesses.Add(1)
		}
	}
	if n := guesses.Load(); n > 100 {
		t.Errorf("%d guesses in ten minutes", n)
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, device); err != nil {
		t.Errorf("the owner, with a device that is known: %v", err)
	}
}

// device signs somebody in, and is where they come from then.
func (h *house) device(handle string) signin.From {
	h.t.Helper()
	entry, err := h.SignIn(h.t.Context(), handle, goodPassword, network(250))
	h.must(err)
	from := network(250)
	from.Known = entry.Known.Token
	return from
}

func TestAKnownDeviceCountsForItself(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	h.join("wren")
	h.join("gull")
	wrens, phone, gulls := h.device("wren"), h.device("wren"), h.device("gull")
	for n := range 9 {
		h.guess("wren", network(n))
	}
	if h.guess("wren", gulls) == 0 || h.guess("wren", signin.From{Known: "made up", Network: "x"}) == 0 {
		t.Error("somebody else's device is known")
	}
	entry, err := h.SignIn(t.Context(), "wren", goodPassword, wrens)
	h.must(err)
	if entry.Known.Token != wrens.Known {
		t.Error("the device got another token")
	}
	if h.guess("wren", network(100)) == 0 {
		t.Error("the owner's success lets others guess")
	}
	one := func(int) signin.From { return wrens }
	if got := fmt.Sprint(h.waits("wren", 11, one)); got != "[1 2 4 8 16 32]" {
		t.Errorf("guesses with the device: %s", got)
	}
	if h.guess("wren", phone) != 0 {
		t.Error("one device waits for another")
	}
	if entry, err = h.SignIn(t.Context(), "gull", goodPassword, wrens); err != nil || entry.Known.Token == wrens.Known {
		t.Errorf("a device of one became that of another: %v", err)
	}
	const day = 24 * time.Hour
	for _, c := range []struct {
		later time.Duration
		known bool
	}{{364 * day, true}, {364 * day, true}, {365 * day, false}} { // each time they sign in with it
		h.pass(c.later)
		for n := range 6 {
			h.guess("wren", network(n))
		}
		if _, err := h.SignIn(t.Context(), "wren", goodPassword, wrens); fault.Is(err, fault.TooMany) == c.known {
			t.Errorf("%s after its last use: %v", c.later, err)
		}
	}
	h.pass(forgotten)
	h.device("wren")
	if n := h.rows(`devices WHERE person_id = (SELECT id FROM people WHERE handle = 'wren')`); n != 1 {
		t.Errorf("%d devices are kept", n)
	}
}

// TestOneNetworkOverAllAccounts has room for a ward, and not for a list of names.
func TestOneNetworkOverAllAccounts(t *testing.T) {
	t.Parallel()
	h := slowed(t)
	h.join("wren")
	for n := range 30 {
		if n%2 == 0 {
			h.guess("wren", network(9)) // one who mistypes
		}
		if _, err := h.SignIn(t.Context(), "wren", goodPassword, network(9)); err != nil {
			t.Fatalf("sign-in %d: %v", n, err)
		}
	}
	h.pass(forgotten)
	for n := range 30 {
		if wait := h.guess(fmt.Sprintf("name-%d", n), network(9)); wait > 0 {
			t.Fatalf("name %d waits %s", n, wait)
		}
	}
	for n := range 6 {
		wait := h.guess("name-30", network(9))
		if wait != time.Second<<n {
			t.Errorf("a list of names is tried on after %s", wait)
		}
		h.pass(wait)
		h.guess(fmt.Sprintf("more-%d", n), network(9))
	}
	if h.guess("name-30", network(8)) != 0 {
		t.Error("another network waits")
	}
	h.pass(time.Minute + 4*time.Second)
	_, err := h.SignIn(t.Context(), "wren", goodPassword, network(9))
	h.must(err)
	if h.guess("last-1", network(9)) != 0 || h.guess("last-2", network(9)) == 0 {
		t.Error("a success says that the network guesses no more")
	}
	h.pass(2 * time.Hour)
	h.guess("wren", network(1))
	if n := h.rows("attempts"); n > 4 {
		t.Errorf("%d old counts are kept", n)
	}
}

// TestCodesAreGuessedNoFaster: starting again does not help, and a long wait is only for who has the password.
func TestCodesAreGuessedNoFaster(t *testing.T) {
	t.Parallel()
	p := slowed(t).withPhone("wren")
	guesses := 0
	var longest time.Duration
	for n := range 60 {
		entry, err := p.SignIn(t.Context(), "wren", goodPassword, network(n))
		if err != nil {
			t.Fatalf("the password waits for wrong codes: %v", err)
		}
		_, err = p.FinishSignIn(t.Context(), entry.Half.Token, "000000", network(n))
		var refusal *fault.Error
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		if refusal.Kind == fault.Invalid {
			guesses++
		}
		longest = max(longest, refusal.Retry)
		p.pass(time.Minute)
	}
	if guesses > 20 || longest < 10*time.Minute {
		t.Errorf("%d codes guessed in an hour, waiting at most %s", guesses, longest)
	}
	p.pass(time.Hour)
	for n := range 6 { // at a name that looks like the id by which codes are counted
		p.guess(fmt.Sprint(p.viewer.ID), network(n))
	}
	try := func(code string) error {
		entry, err := p.SignIn(t.Context(), "wren", goodPassword, network(1))
		p.must(err)
		_, err = p.FinishSignIn(t.Context(), entry.Half.Token, code, network(1))
		return err
	}
	for n := range 2 { // a right one forgets the wrong ones before it
		for range 4 {
			if err := try("000000"); fields(t, err)["code"] == "" {
				t.Error(err)
			}
		}
		if err := try(p.code(n)); err != nil {
			t.Error(err)
		}
	}
	for range 4 {
		p.guess("wren", network(2))
	}
	_, err := p.SignIn(t.Context(), "wren", goodPassword, network(2))
	p.must(err)
	if p.guess("wren", network(2)) != 0 || p.guess("wren", network(2)) != time.Second {
		t.Error("half a sign-in forgets guesses at the password")
	}
	for range 5 {
		if _, err := p.Prove(t.Context(), p.viewer, "not the password", ""); fields(t, err)["password"] == "" {
			t.Error(err)
		}
	}
	if _, err := p.Prove(t.Context(), p.viewer, goodPassword, ""); !fault.Is(err, fault.TooMany) {
		t.Errorf("proving again waits for nothing: %v", err)
	}
}
