package chat

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
)

const (
	// together is how soon somebody's next message stands under the same head. The page tells it to js/log.js.
	together = 5 * time.Minute
	// quoted is how many characters of a message stand where it is answered. js/log.js goes by the same number.
	quoted = 60
)

// row is one line of the log. Message and removed line come from one component, for the page and for the
// <template> that js/log.js fills.
type row struct {
	chat.Message
	Room    string           // its slug
	Labels  []accounts.Label // the one of the moment of writing; in the template every one
	Mine    bool
	Blank   bool      // the template: parts for every kind of row
	More    bool      // goes on under the head of the row before
	Answers *answered // nil where it answers nobody
	Day     string    // the day that begins with it, in words
	Stopped bool      // the reader stopped before it
}

// answered is a message as those see it that answer it.
type answered struct {
	N      int64
	Author string // "you" where it is the reader's own
	Words  string // how it begins; empty where it is not at hand
}

// blank is what the page's <template> holds.
var blank = row{
	Message: chat.Message{Holds: true}, Blank: true, Answers: &answered{},
	Labels: []accounts.Label{accounts.Peer, accounts.Supporter, accounts.IBCLC, accounts.AsModerator},
}

// forMine and forOthers tell which parts a row shows; the template has both.
func (r row) forMine() bool   { return r.Mine || r.Blank }
func (r row) forOthers() bool { return !r.Mine || r.Blank }

func (r row) id() string { return fmt.Sprintf("m-%d", r.N) }

// verified says whether the row stands in the box that means that somebody verified speaks.
func (r row) verified() bool { return !r.Mine && r.Label == accounts.IBCLC && r.Holds }

// lapses says whether a label is one that a person can lose: it is shown as theirs of then.
func lapses(l accounts.Label) bool { return l == accounts.IBCLC || l == accounts.Supporter }

func (r row) reportPath() string { return fmt.Sprintf("%s/messages/%d/report", roomPath(r.Room), r.N) }

// reader is for whom rows are made.
type reader struct {
	id    int64
	room  string // its slug
	readN int64
	now   time.Time // in their time zone
}

// rowsOf lays messages out for a reader.
func rowsOf(messages []chat.Message, who reader) []row {
	rows := make([]row, 0, len(messages))
	at := map[int64]int{}
	stopped := false
	for i, m := range messages {
		m.At = m.At.In(who.now.Location())
		r := row{Message: m, Room: who.room, Mine: m.AuthorID == who.id, Labels: []accounts.Label{m.Label}}
		before := chat.Message{At: who.now}
		if i > 0 {
			before = messages[i-1]
			r.More = continues(before, m)
		}
		if day := dayWords(m.At, who.now); day != dayWords(before.At, who.now) {
			r.Day = day
		}
		if earlier, here := at[m.Re]; here {
			a := answeredBy(messages[earlier], who.id)
			r.Answers = &a
		} else if m.Re > 0 {
			r.Answers = &answered{N: m.Re}
		}
		if m.N > who.readN && !r.Mine && !m.Deleted && !stopped {
			stopped, r.Stopped = true, i > 0 && who.readN > 0
		}
		at[m.N] = i
		rows = append(rows, r)
	}
	return rows
}

// continues says whether m goes on where the message before it stopped: the same person, soon after.
func continues(before, m chat.Message) bool {
	return m.AuthorID == before.AuthorID && m.Label == before.Label && !before.Deleted && !m.Deleted && m.At.Sub(before.At) < together
}

func answeredBy(m chat.Message, viewer int64) answered {
	a := answered{N: m.N, Author: m.Author, Words: firstWords(m.HTML)}
	if m.AuthorID == viewer {
		a.Author = "you"
	}
	return a
}

// words say what a row answers: "to Sol: Who is with me?".
func (a answered) words() string {
	if a.Words == "" {
		return "to an earlier message"
	}
	return "to " + a.Author + ": " + a.Words
}

// firstWords are the first words of a rendering, in one line.
func firstWords(rendered string) string {
	var words strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind == html.TextToken {
			words.WriteString(tokens.Token().Data)
		}
	}
	line := strings.Join(strings.Fields(words.String()), " ")
	if utf8.RuneCountInString(line) <= quoted {
		return line
	}
	return strings.TrimSpace(string([]rune(line)[:quoted-1])) + "…"
}

// dayWords name a day; js/log.js names it again by the reader's own clock.
func dayWords(t, now time.Time) string {
	const day = "2006-01-02"
	t = t.In(now.Location())
	switch t.Format(day) {
	case now.Format(day):
		return "Today"
	case now.AddDate(0, 0, -1).Format(day):
		return "Yesterday"
	}
	return t.Format("Monday, 2 January")
}

// hereWords name who is in a room, the reader last: "Sol, Marit and you".
func hereWords(p chat.Presence, me string) string {
	if p.Count > 1 && len(p.Names) < p.Count {
		return fmt.Sprintf("%d people are here.", p.Count)
	}
	var names []string
	for _, name := range p.Names {
		if name != me {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "Only you, for now."
	}
	return strings.Join(names, ", ") + " and you."
}
