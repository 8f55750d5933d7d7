// Package password keeps the passwords of people: which are good enough, and how one is stored and compared without taking
// the whole machine.
package password

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"firstdrops/server/platform/fault"
)

// The bounds of a password that stands alone: runes at least, bytes at most.
const (
	Min = 15
	Max = 1024
)

// cost is what one guess costs: 19 MiB, two passes, about 30 ms.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash that a password is compared with where there is none to compare with, so that
// an unknown name takes as long as a known one. What it was made from is not kept.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$rDEfuZHUF5gaFTxVwpXMCQ$LpWCnGrNovJLDslb8N1E1xR2ZgXWoUcSuOLeqqILEII"

// queuePerHash is how many may wait for each hash that runs: about a second and a half of waiting.
const queuePerHash = 40

// Hasher keeps argon2id from taking the whole machine: one hash for each CPU, a bounded queue, and
// for everybody beyond it a kind no.
type Hasher struct {
	admitted chan struct{} // those who hash and those who wait
	hashing  chan struct{}
}

// NewHasher is for one process: two would each take what the machine has.
func NewHasher() *Hasher {
	cpus := runtime.NumCPU()
	return &Hasher{admitted: make(chan struct{}, cpus*(1+queuePerHash)), hashing: make(chan struct{}, cpus)}
}

// Hash makes the PHC string under which a password is stored.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	var phc string
	err := h.do(ctx, func() (err error) {
		phc, err = argon2id.CreateHash(norm.NFC.String(password), cost)
		return err
	})
	return phc, err
}

// Fits compares a password with a stored hash. Without one it takes the same time and says no.
func (h *Hasher) Fits(ctx context.Context, password, phc string) (bool, error) {
	password = norm.NFC.String(password)
	if len(password) > Max {
		return false, nil
	}
	known := phc != ""
	if !known {
		phc = nobody
	}
	var same bool
	err := h.do(ctx, func() (err error) {
		same, err = argon2id.ComparePasswordAndHash(password, phc)
		return err
	})
	return same && known, err
}

// do runs work when its turn comes.
func (h *Hasher) do(ctx context.Context, work func() error) error {
	select {
	case h.admitted <- struct{}{}:
		defer func() { <-h.admitted }()
	default:
		return tooBusy()
	}
	select {
	case h.hashing <- struct{}{}:
		defer func() { <-h.hashing }()
	case <-ctx.Done():
		return tooBusy().Because(ctx.Err())
	}
	return work()
}

func tooBusy() *fault.Error {
	busy := fault.New(fault.Unavailable, "Many people are coming in right now. Please try again in a few seconds.")
	busy.Retry = 5 * time.Second
	return busy
}

//go:embed common.txt
var commonList string

var common = func() map[string]bool {
	list := map[string]bool{}
	for word := range strings.FieldsSeq(commonList) {
		list[word] = true
	}
	return list
}()

// Fault says what is wrong with a new password, or "". The words are those that an attacker
// who knows the person would try first: their handle and their address.
func Fault(password string, words ...string) string {
	password = norm.NFC.String(password)
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return "This holds a character that cannot be typed everywhere. Please use another."
	case length == 0:
		return "Please choose a password."
	case length < Min:
		return fmt.Sprintf("This has %s. It needs %d more.", count(length, "character"), Min-length)
	case len(password) > Max:
		return fmt.Sprintf("This is longer than %d characters. Please choose a shorter one.", Max)
	case simple(password), common[essence(password)]:
		return "Many people choose this one, so it is tried first. Four words that only you would put together are good."
	case borrowed(password, words):
		return "This is mostly your name or address. Four words that only you would put together are good."
	}
	return ""
}

// Strength says in words how good a new password is; "" where Fault finds something wrong with it.
func Strength(password string, words ...string) string {
	switch length := utf8.RuneCountInString(norm.NFC.String(password)); {
	case Fault(password, words...) != "":
		return ""
	case length < Min+5:
		return "good"
	case length < Min+10:
		return "strong"
	}
	return "very strong"
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// essence is what remains of a password for the list: letters and digits, in lower case.
func essence(password string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, password)
}

// simple finds a password made of very few characters, of one piece said again and again, or of a
// run such as abcdef or 987654.
func simple(password string) bool {
	runes := []rune(strings.ToLower(password))
	distinct := map[rune]bool{}
	steps := 0
	for i, r := range runes {
		distinct[r] = true
		if i > 0 && (r-runes[i-1] == 1 || runes[i-1]-r == 1 || r == runes[i-1]) {
			steps++
		}
	}
	return len(distinct) < 5 || steps >= len(runes)*3/4 || repeats(runes)
}

// repeats reports whether runes are one piece, at most half as long, over and over; the last may be cut.
func repeats(runes []rune) bool {
	for piece := 1; piece <= len(runes)/2; piece++ {
		again := true
		for i := piece; i < len(runes) && again; i++ {
			again = runes[i] == runes[i-piece]
		}
		if again {
			return true
		}
	}
	return false
}

// borrowed reports whether little is left of a password once the person's own words are taken out.
func borrowed(password string, words []string) bool {
	rest := strings.ToLower(password)
	for _, word := range words {
		if len(word) > 2 {
			rest = strings.ReplaceAll(rest, strings.ToLower(word), "")
		}
	}
	return utf8.RuneCountInString(rest) < Min/2 && len(rest) < len(password)
}
