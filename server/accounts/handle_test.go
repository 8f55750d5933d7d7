package accounts_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// number reads one.
func (h *house) number(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.NewRaw(query, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// audited are the verbs and kinds in the audit, the oldest first.
func (h *house) audited() []string {
	h.t.Helper()
	all := []string{}
	for _, e := range h.record() {
		all = append(all, fmt.Sprint(e.Verb, " ", e.Kind))
	}
	slices.Reverse(all)
	return all
}

func TestHandlesThatLookAlikeAreOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for first, others := range map[string][]string{
		"night-owl": {"n1ght-owl", "night-0wl", "NIGHT-OWI"}, "sparrow": {"sparrovv", "ѕраггоѡ"}, "mother-wren": {"rnother-wren"}, "caper": {"сарег"},
	} {
		h.join(first)
		for _, other := range others {
			_, err := h.SignUp(t.Context(), form(other))
			wantFault(t, err, "handle", "Somebody has “"+other+"” already. Free: ")
		}
	}
	for _, house := range []string{"adm1n", "m0derator-sol", "ibc1c", "rnoderator", "he1p"} {
		_, err := h.SignUp(t.Context(), form(house))
		wantFault(t, err, "handle", "spoke for the house")
	}
	for _, apart := range []string{"river7", "river1", "parent-12", "parent-2", "tester_3", "tester-3", "night-owls"} {
		h.join(apart)
	}
}

// TestOfManyWhoLookAlikeOneComesIn, though all come at once.
func TestOfManyWhoLookAlikeOneComesIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	outcomes := make([]error, 50)
	var all sync.WaitGroup
	for i := range outcomes {
		name := []rune("looooll")
		for bit := range 6 { // 50 handles, each with other zeros and ones
			if i>>bit&1 == 1 {
				name[bit+1] = map[rune]rune{'o': '0', 'l': '1'}[name[bit+1]]
			}
		}
		all.Go(func() {
			_, outcomes[i] = h.SignUp(t.Context(), form(string(name)))
			for fault.Is(outcomes[i], fault.Unavailable) { // so many passwords are too much at once for a small machine
				_, outcomes[i] = h.SignUp(t.Context(), form(string(name)))
			}
		})
	}
	all.Wait()
	in := 0
	for _, err := range outcomes {
		if err == nil {
			in++
		} else {
			wantFault(t, err, "handle", "Somebody has")
		}
	}
	if people := h.count("people"); in != 1 || people != 1 {
		t.Errorf("%d came in, %d people", in, people)
	}
}

// TestTheDatabaseSeesWhatTheProgramSees, of every character that there is.
func TestTheDatabaseSeesWhatTheProgramSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	type seen struct{ Name, Looks string }
	var looks []seen
	for from := 1; from < 131072; from += 8192 { // each statement has its time, also on a busy machine
		var some []seen
		err := h.db.NewRaw(`
			SELECT name, looks_like(name) AS looks FROM (
				SELECT chr(n) AS name FROM generate_series(?0, least(?0 + 8191, 131071)) n WHERE n NOT BETWEEN 55296 AND 57343
				UNION ALL SELECT unnest(ARRAY['rn', 'vv', 'rrn', 'vvv', 'rnvv', 'гn', 'é-l_0'])) names`, from).Scan(t.Context(), &some)
		if err != nil {
			t.Fatal(err)
		}
		looks = append(looks, some...)
	}
	if len(looks) < 100_000 {
		t.Fatal(len(looks))
	}
	apart := 0
	for _, l := range looks {
		if text.Skeleton(l.Name) != l.Looks {
			if apart++; apart < 10 {
				t.Errorf("%q looks like %q here and like %q in the database", l.Name, text.Skeleton(l.Name), l.Looks)
			}
		}
	}
}
