package web_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/joining"
)

// strangers is how many accounts there are to ask about, and how many names and addresses that nobody has.
const strangers = 40

// asking is a form by which somebody could find out whether an account is here; name is of one that is, or of one that is not.
type asking struct {
	who  *person
	at   string
	form func(name string) url.Values
}

// askings are all such forms, in a house where the accounts are called taken-1, taken-2 … and nobody is called vacant-1 ….
// They join with this invitation, where it is not empty.
func (h *house) askings(invitation string) map[string]asking {
	h.Helper()
	phc, err := h.accounts.HashPassword(h.Context(), password)
	h.must(err)
	_, err = h.accounts.CreatePeople(h.Context(), strangers)
	h.must(err)
	h.exec(`WITH numbered AS (SELECT id AS one, row_number() OVER () AS n FROM people WHERE handle LIKE 'bench-%')
		UPDATE people SET handle = 'taken-' || n, handle_fold = 'taken-' || n, email = 'taken-' || n || '@mail.example', email_confirmed_at = ?, password_hash = ?
		FROM numbered WHERE id = one`, opened.Add(-time.Hour), phc)
	guest, member := h.guest(), h.member("wren")
	email := func(name string) url.Values { return url.Values{"email": {name + "@mail.example"}} }
	signUp := func(name string) url.Values {
		return url.Values{"handle": {uuid.NewString()[:20]}, "email": {name + "@mail.example"}, "password": {password}, "rules": {"1"}, "invitation": {invitation}}
	}
	return map[string]asking{
		"sign-in": {guest, "/login", func(name string) url.Values { return url.Values{"login": {name}, "password": {"not the password"}} }},
		"sign-in by e-mail": {guest, "/login", func(name string) url.Values {
			return url.Values{"login": {name + "@mail.example"}, "password": {"not the password"}}
		}},
		"sign-up":       {nil, "/signup", signUp},
		"forgot":        {guest, "/password/forgot", email},
		"change e-mail": {member, "/settings/email", email},
		"letter again":  {member, "/email/again", nil},
	}
}

// asks sends the form about a name.
func (h *house) asks(a asking, name string) answer {
	h.Helper()
	who, form := a.who, url.Values{}
	if who == nil {
		who = h.guest()
	}
	if a.form != nil {
		form = a.form(name)
	} else {
		h.exec(`UPDATE people SET email = ?, email_confirmed_at = NULL WHERE id = ?`, name+"@mail.example", who.viewer.ID)
	}
	return who.post(a.at, form)
}

var (
	tokens = regexp.MustCompile(`session=[\w-]{43}`)
	names  = regexp.MustCompile(`(taken|vacant)-\d+`)
)

// like is an answer without what is of this one alone: the cookie's value, and the name that comes back as it was typed.
func (a answer) like() string {
	return names.ReplaceAllString(tokens.ReplaceAllString(a.whole(), "session=TOKEN"), "NAME")
}

// TestNothingTellsWhetherAnAccountIsHere by status, headers or body, in whichever way people join; banned addresses neither.
func TestNothingTellsWhetherAnAccountIsHere(t *testing.T) {
	t.Parallel()
	for _, way := range joining.Ways {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ada, invitation := h.somebody("ada", accounts.Administrator), ""
			h.joining.By(way, "")
			if way == joining.Invite {
				h.must(h.joining.AddInvitation(t.Context(), ada.viewer, "", 10, 7))
				h.must(h.db.NewRaw(`SELECT code FROM invitations`).Scan(t.Context(), &invitation))
			}
			askings := h.askings(invitation)
			h.must(h.accounts.BanEmail(t.Context(), ada.viewer, "vacant-7@mail.example", true))
			for name, a := range askings {
				want := h.asks(a, "vacant-1")
				if wanted := map[string]int{"sign-in": 422, "sign-in by e-mail": 422}[name]; want.status != cmp.Or(wanted, http.StatusSeeOther) {
					t.Errorf("%s is answered with %d", name, want.status)
				}
				for _, other := range []string{"taken-1", "taken-2", "vacant-7"} {
					if got := h.asks(a, other); got.like() != want.like() {
						t.Errorf("%s tells %s apart:\n%s\n%s", name, other, got.like(), want.like())
					}
				}
			}
		})
	}
}

// BenchmarkEnumeration asks in turn about what is here and about what is not, and tells how far apart the times are: the
// difference of the medians, and how well a time tells which it was (0.5: not at all, 1: surely). -benchtime 5000x is a good look.
func BenchmarkEnumeration(b *testing.B) {
	h := newHouse(b)
	looks := h.looks()
	for name, a := range h.askings("") {
		looks[name] = func(isHere bool, n int) {
			h.asks(a, fmt.Sprintf("%s-%d", map[bool]string{true: "taken", false: "vacant"}[isHere], 1+n%strangers))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			var here, none []float64
			for n := range b.N {
				for _, isHere := range [][]bool{{true, false}, {false, true}}[n%2] {
					begun := time.Now()
					looks[name](isHere, n)
					took := float64(time.Since(begun).Microseconds()) / 1000
					if isHere {
						here = append(here, took)
					} else {
						none = append(none, took)
					}
				}
			}
			b.ReportMetric(math.Abs(median(here)-median(none)), "ms-apart")
			b.ReportMetric(told(here, none), "auc")
		})
	}
}

// looks are the ways for a guest to ask for what they may not see, or for what is not there.
func (h *house) looks() map[string]func(isHere bool, n int) {
	h.Helper()
	wren, guest := h.member("looked-for"), h.guest()
	var hidden []int64
	for n := range strangers {
		hidden = append(hidden, wren.thread("feelings", "For members only", fmt.Sprintf("Marmalade%d, and the night was long.", n)).ID)
	}
	either := func(isHere bool, here, none string) string {
		if isHere {
			return here
		}
		return none
	}
	return map[string]func(bool, int){
		"thread of members": func(isHere bool, n int) {
			guest.get(either(isHere, fmt.Sprintf("/t/%d", hidden[n%strangers]), fmt.Sprintf("/t/%d", 1_000_000+n%strangers)))
		},
		"words of members": func(isHere bool, n int) {
			guest.get(either(isHere, "/search?q=marmalade", "/search?q=tangerine") + fmt.Sprint(n%strangers))
		},
	}
}

func median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// told is the area under the curve of whoever guesses by the time alone: how often one of these takes longer than one of those.
func told(here, none []float64) float64 {
	longer := 0.0
	for _, x := range here {
		for _, y := range none {
			switch {
			case x > y:
				longer++
			case x == y:
				longer += 0.5
			}
		}
	}
	auc := longer / float64(len(here)*len(none))
	return max(auc, 1-auc)
}
