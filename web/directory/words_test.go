package directory

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
)

var now = time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)

func TestACredentialIsSaidAsItStands(t *testing.T) {
	t.Parallel()
	over := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for want, k := range map[string]directory.Credential{
		"Credential valid to March 2029":                   {Type: directory.IBCLC, Status: directory.Verified, ExpiresAt: over.AddDate(3, 0, 0)},
		"Credential ended in March 2026; not verified now": {Type: directory.IBCLC, Status: directory.Verified, ExpiresAt: over},
		"Training ended in April 2026; not verified now":   {Type: directory.Supporter, Status: directory.Verified, ExpiresAt: now},
		"Credential is being checked; not verified now":    {Type: directory.IBCLC, Status: directory.Pending},
		"Training could not be verified":                   {Type: directory.Supporter, Status: directory.Refused},
	} {
		if got := credentialWords(k, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhomTheyTakeIsSaidWithItsDay(t *testing.T) {
	t.Parallel()
	early, late := now.AddDate(-1, 0, 0), now.AddDate(0, 0, -1)
	for want, tt := range map[string]struct {
		c directory.Consultant
		p directory.Place
	}{
		"accepting since 30 April":       {accepts(true, late), directory.Place{Accepting: true, AcceptingAt: early}},
		"accepting since 1 May 2025":     {accepts(true, early), directory.Place{Accepting: true, AcceptingAt: early}},
		"not accepting since 30 April":   {accepts(true, early), directory.Place{AcceptingAt: late}},
		"not accepting since 1 May 2025": {accepts(false, early), directory.Place{Accepting: true, AcceptingAt: late}},
	} {
		if got := takesThere(tt.c, tt.p, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	waits := accepts(false, early)
	if got := takes(waits); got != "Takes nobody new now" {
		t.Error(got)
	}
	waits.Waiting = "about three weeks"
	if got := takes(waits); got != "Waiting list, about three weeks" {
		t.Error(got)
	}
}

func accepts(accepting bool, since time.Time) directory.Consultant {
	return directory.Consultant{Listing: directory.Listing{Accepting: accepting}, AcceptingAt: since}
}

func TestOtherWords(t *testing.T) {
	t.Parallel()
	hanneke := directory.Consultant{Listing: directory.Listing{Name: "Hanneke Oudeveld", Clinic: true, Telehealth: true, Text: strings.Repeat("wordy ", 60)}}
	group := directory.Consultant{Listing: directory.Listing{Name: "Group Amersfoort"}, Credential: directory.Credential{Type: directory.Supporter}}
	for got, want := range map[string]string{
		meets(hanneke): "At a clinic, by video", firstName(hanneke): "Hanneke", firstName(group): "Group Amersfoort",
		away(0): "Less than 1 km away", away(3600): "4 km away", where(directory.Place{City: "Zeist", Country: "NL"}): "Zeist, Netherlands",
		specialtyWords([]string{"latch", "grief"}): "Latch, Grief",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if short := briefly(hanneke); len(short) > 230 || !strings.HasSuffix(short, "wordy …") {
		t.Errorf("a card says %q", short)
	}
	if got := paragraphs("One.\n\nTwo.\nThree."); len(got) != 3 {
		t.Errorf("paragraphs %q", got)
	}
}

func TestARequestIsSaidToEachSide(t *testing.T) {
	t.Parallel()
	sol, june := accounts.Viewer{ID: 1}, accounts.Viewer{ID: 2}
	sent := directory.Request{PersonID: 1, AskedID: 2}
	seen, accepted, declined := sent, sent, sent
	seen.SeenAt, declined.AnsweredAt = now, now
	accepted.AnsweredAt, accepted.Accepted = now, true
	for words, r := range map[string]directory.Request{
		"Sent/New": sent, "Seen/Waits for your answer": seen, "Accepted/You accepted it": accepted, "Declined/You declined it": declined,
	} {
		if got := stateWords(r, sol) + "/" + stateWords(r, june); got != words {
			t.Errorf("%s, want %s", got, words)
		}
	}
}

func TestTheNextPageKeepsWhatWasAsked(t *testing.T) {
	t.Parallel()
	asked := url.Values{
		"place": {"Utrecht"}, "km": {"25"}, "telehealth": {"1"}, "language": {"nl"}, "specialty": {"latch"}, "accepting": {"1"}, "q": {"scales"},
	}
	filter, err := readFilter(asked)
	if err != nil {
		t.Fatal(err)
	}
	view := listView{Filter: filter, Page: directory.Page{Next: "1.2", Meant: "scale"}}
	_, query, _ := strings.Cut(view.Further(), "?")
	got, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	asked.Set("after", "1.2")
	asked.Set("q", "scale")
	if got.Encode() != asked.Encode() {
		t.Errorf("the next page is %s, want %s", got.Encode(), asked.Encode())
	}
	if (listView{Filter: directory.Filter{Km: 25}}).Narrowed() || !view.Narrowed() {
		t.Error("a circle around nothing is no wish, a language is")
	}
}
