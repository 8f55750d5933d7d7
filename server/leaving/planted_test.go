package leaving_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/token"
)

// garden is what somebody left in every place where people leave something: a word of its own in each.
type garden struct {
	*house
	who accounts.Viewer
	// The planted words by what becomes of them: gone in any case, with the words, with the quotes of them.
	any, words, quotes []string
	open               int64 // a case about them that waits
}

// plant gives a word that stands nowhere else.
func plant(n int) string {
	return fmt.Sprintf("zq%c%cxkv", 'a'+n/26, 'a'+n%26)
}

func (g *garden) in(kind *[]string) string {
	word := plant(len(g.any) + len(g.words) + len(g.quotes))
	*kind = append(*kind, word)
	return word
}

func (g *garden) gone() string   { return g.in(&g.any) }
func (g *garden) word() string   { return g.in(&g.words) }
func (g *garden) quoted() string { return g.in(&g.quotes) }

func planted(h *house) *garden {
	h.Helper()
	g := &garden{house: h}
	g.who = h.member(g.gone())
	g.account()
	g.forum()
	g.consultant()
	g.cases()
	g.files()
	return g
}

// account plants into what people say of themselves, and into where they are signed in.
func (g *garden) account() {
	g.Helper()
	g.exec(`UPDATE people SET display_name = ?, email = ?, email_confirmed_at = now(), password_hash = ?, pronouns = ?, way = ?, way_line = ?,
		zone = ? WHERE id = ?`, g.gone(), g.gone()+"@mail.example", g.gone(), g.gone(), "{"+g.gone()+"}", g.gone(), g.gone(), g.who.ID)
	g.exec(`INSERT INTO passkeys (person_id, credential_id, credential, name, created_at) VALUES (?, ?, ?, ?, now())`,
		g.who.ID, []byte(g.gone()), fmt.Sprintf(`{"key": %q}`, g.gone()), g.gone())
	g.exec(`INSERT INTO totps (person_id, secret, changed_at) VALUES (?, ?, now())`, g.who.ID, g.gone())
	g.exec(`INSERT INTO email_confirmations (person_id, email) VALUES (?, ?)`, g.who.ID, g.gone()+"@mail.example")
	g.exec(`INSERT INTO devices (token_hash, person_id, expires_at) VALUES (?, ?, now())`, []byte(g.gone()), g.who.ID)
	secret, hash := token.New()
	g.exec(`INSERT INTO sessions (person_id, token_hash, device, expires_at) VALUES (?, ?, ?, now() + interval '1 day')`, g.who.ID, hash, g.gone()+" on Android")
	g.any = append(g.any, secret)
	g.exec(`INSERT INTO names (fold, person_id, kind) VALUES (?, ?, 'display')`, g.gone(), g.who.ID)
	g.exec(`INSERT INTO river_job (args, kind, max_attempts, state, finalized_at, errors) VALUES (?, 'accounts.welcome', 1, 'discarded', now(), ARRAY[?::jsonb])`,
		fmt.Sprintf(`{"person_id": %d, "address": %q}`, g.who.ID, g.gone()), fmt.Sprintf(`{"error": "550 no %s here"}`, g.gone()))
}

// forum plants into threads, posts, drafts and rooms, and into what others made of them.
func (g *garden) forum() {
	g.Helper()
	other := g.member("otter")
	thread, first := g.thread(g.who, "About "+g.word(), "First "+g.word()+" and more.")
	quote := g.quoted()
	source := g.reply(g.who, thread, "Well, "+quote+" it was, and "+g.word()+".", 0)
	b := g.reply(other, thread, "> Well, "+quote+" it was\n\nSo it goes for us too.", source)
	g.reply(other, thread, "> Well, "+quote+" it was\n\nQuoted from the quote, indeed.", b)
	nested := g.quoted()
	source = g.reply(g.who, thread, "Only "+nested, 0)
	b = g.reply(other, thread, "> Only "+nested+"\n\nYes.", source)
	g.reply(other, thread, "> > Only "+nested+"\n> \n> Yes.\n\nAnd yes.", b)
	gone := g.reply(g.who, thread, "Taken away: "+g.word(), 0)
	_, err := g.deps.Forum.Delete(g.Context(), g.who, gone)
	g.must(err)
	g.exec(`INSERT INTO aliases (person_id, thread_id, name, fold, created_at) VALUES (?0, ?1, ?2, ?2, now())`, g.who.ID, thread.ID, g.gone())
	g.exec(`INSERT INTO drafts (person_id, target, title, body, updated_at) VALUES (?, 'c:house', ?, ?, now())`, g.who.ID, g.gone(), g.gone())
	handle := g.any[0]
	elsewhere, _ := g.thread(other, "Thanks to @"+handle, "And to @"+strings.ToUpper(handle)+", who knows. See /u/"+handle+" there.")
	g.reply(g.who, elsewhere, "You are welcome, says @"+handle+" itself.", 0)
	g.exec(`INSERT INTO drafts (person_id, target, title, body, updated_at) VALUES (?, 't:1', '', ?, now())`, other.ID, "Dear @"+handle)
	g.say(g.who, "Good night, "+g.word())
	g.say(other, "Good night, @"+handle)
	_, err = g.deps.Forum.React(g.Context(), g.who, b, "hug", true)
	g.must(err)
	g.exec(`INSERT INTO notices (person_id, kind, object_id, thread_id, round, at) VALUES (?, 'mention', ?, ?, 1, now())`, other.ID, first, thread.ID)
	g.exec(`INSERT INTO bells (person_id, unread) VALUES (?, 1)`, other.ID)
	g.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?0, ?1, now()), (?1, ?0, now())`, g.who.ID, g.member("heron").ID)
}

// consultant plants into a listing, into what was written to it and what they wrote to others.
func (g *garden) consultant() {
	g.Helper()
	ada := g.somebody("ada", accounts.Administrator)
	application := func(name, text, fees, number, city string) directory.Application {
		return directory.Application{
			Listing: directory.Listing{
				Name: name, Text: text, Fees: fees, Telehealth: true, Languages: []string{"nl"}, Specialties: []string{"relactation"},
				Accepting: true, Places: []directory.Place{{City: city, Country: "NL", Accepting: true}},
			},
			Type: directory.IBCLC, Number: number, Country: "NL",
		}
	}
	list := func(by accounts.Viewer, a directory.Application) directory.Consultant {
		c, err := g.deps.Directory.Apply(g.Context(), by, a)
		g.must(err)
		g.must(g.deps.Directory.Verify(g.Context(), ada, directory.Verification{
			ConsultantID: c.ID, Number: a.Number, Country: a.Country, Expires: g.now().AddDate(1, 0, 0).Format(time.DateOnly),
		}))
		return c
	}
	theirs := list(g.who, application(g.gone(), "I am "+g.gone(), g.gone(), g.gone(), g.gone()))
	june := g.member("june")
	others := list(june, application("June Talvik", "No hurry.", "none", "L-1", "Utrecht"))
	contact := func(by accounts.Viewer, to directory.Consultant, message string) int64 {
		id, err := g.deps.Directory.Contact(g.Context(), by, directory.Contact{Slug: to.Slug, Message: message, Consent: true, Key: uuid.New()})
		g.must(err)
		return id
	}
	contact(g.who, others, "Please help, "+g.gone())
	asked := contact(g.member("wren"), theirs, "Please help me.")
	g.must(g.deps.Directory.Answer(g.Context(), g.who, asked, true, "Gladly, "+g.gone()))
}

// cases plants into reports, decisions and what they keep.
func (g *garden) cases() {
	g.Helper()
	maya, dove, handle := g.somebody("maya", accounts.Moderator), g.member("dove"), g.any[0]
	thread, first := g.thread(g.who, "Reported "+g.word(), "Some "+g.word()+" words.")
	id := g.report(dove, moderation.Target{Kind: audit.Post, ID: first}, "It was @"+handle+" again.")
	decision := g.decide(maya, id, audit.Warn, "Dear "+g.gone())
	g.must(g.deps.Moderation.Object(g.Context(), g.who, decision, "But "+g.gone()))
	g.decide(g.somebody("kit", accounts.Moderator), id, moderation.None, "")
	quote := g.quoted()
	source := g.reply(g.who, thread, "Then "+quote, 0)
	b := g.reply(dove, thread, "> Then "+quote+"\n\nThat is rude, @"+handle+".", source)
	g.decide(maya, g.report(g.who, moderation.Target{Kind: audit.Post, ID: b}, "This is "+g.gone()), moderation.None, "")
	n := g.say(g.who, "A message, "+g.word())
	g.decide(maya, g.report(dove, moderation.Target{Kind: audit.Message, ID: n, Slug: "lounge"}, ""), audit.Hide, "")
	g.decide(maya, g.report(dove, moderation.Target{Kind: audit.Person, Slug: handle}, ""), audit.Warn, "")
	waits, _ := g.thread(g.who, "Waiting "+g.word(), "Still "+g.word()+" to be judged.")
	g.open = g.report(dove, moderation.Target{Kind: audit.Thread, ID: waits.ID}, "")
	g.report(g.who, moderation.Target{Kind: audit.Person, Slug: "otter"}, "Look: "+g.gone())
}

// files plants into the copy that they asked for and the letters that were kept.
func (g *garden) files() {
	g.Helper()
	g.must(g.AskExport(g.Context(), g.who))
	e, err := g.Export(g.Context(), g.who)
	g.must(err)
	g.must(g.WorkAsked(g.Context(), g.who.ID, e.Key))
	g.must(g.deps.Letters.Send(g.Context(), mail.Letter{To: g.text(`SELECT email FROM people WHERE id = ?`, g.who.ID), Subject: "Hello", Text: "To " + g.gone()}))
	g.must(g.deps.Letters.Send(g.Context(), mail.Letter{To: "otter@mail.example", Subject: "Hello", Text: "To somebody else"}))
}

// dumps are all that remains: every table of the database, River's among them, and every file.
func (h *house) dumps() string {
	h.Helper()
	all := []string{strings.ToLower(h.dump())}
	letters, err := h.deps.Letters.Letters(100)
	h.must(err)
	all = append(all, letters...)
	h.must(filepath.WalkDir(h.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all = append(all, path, string(content))
		return err
	}))
	return strings.Join(all, "\n")
}

// dump is what a backup of the database holds, as text.
func (h *house) dump() string {
	h.Helper()
	dump := exec.CommandContext(h.Context(), postgresTool(h.T, "pg_dump"), "--clean", "--if-exists", "--dbname", h.target.URL())
	out, err := dump.Output()
	if err != nil {
		h.Fatalf("dumping the database: %v", err)
	}
	return string(restricted.ReplaceAll(out, nil))
}

// restricted are the lines that differ from dump to dump.
var restricted = regexp.MustCompile(`(?m)^\\(un)?restrict .*\n`)

// postgresTool finds a program of the newest Postgres on the machine.
func postgresTool(t *testing.T, name string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("the tests need %s (make deps installs it): %v", name, err)
	}
	return path
}

// spellings are the ways in which a word may be hidden in a dump.
func spellings(word string) []string {
	all := []string{strings.ToLower(word), hex.EncodeToString([]byte(word))}
	for lead := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", lead) + word))
		all = append(all, strings.ToLower(encoded[(lead*4+2)/3:len(encoded)-1]))
	}
	return all
}

// found are those of the words that something holds, in any spelling.
func found(dump string, words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return !slices.ContainsFunc(spellings(word), func(spelling string) bool { return strings.Contains(dump, spelling) })
	})
}

func TestNothingOfWhoLeftIsInAnyDump(t *testing.T) {
	t.Parallel()
	for _, parting := range []accounts.Parting{accounts.KeepWords, accounts.RemoveWords, accounts.RemoveQuotes} {
		t.Run(string(parting), func(t *testing.T) {
			t.Parallel()
			g := planted(newHouse(t))
			all := slices.Concat(g.any, g.words, g.quotes)
			if len(all) < 30 {
				t.Fatalf("only %d words were planted", len(all))
			}
			before := g.dumps()
			if missing := len(all) - len(found(before, all)); missing > 1 { // the session's secret is hashed
				t.Fatalf("%d of %d words were not planted, beside %v", missing, len(all), found(before, all))
			}
			g.leave(g.who, parting)
			// What waits for a moderator is kept until they have decided.
			if held := found(g.dumps(), slices.Concat(g.any[:1], g.words)); len(held) == 0 {
				t.Error("the open case lost what it is about")
			}
			g.close(g.open)
			after := g.dumps()
			if held := found(after, g.any); len(held) > 0 {
				t.Errorf("found %v:\n%s", held, around(after, held))
			}
			if parting.Removes() {
				if held := found(after, g.words); len(held) > 0 {
					t.Errorf("found the words %v:\n%s", held, around(after, held))
				}
			} else if got := found(after, g.words); len(got) < len(g.words)-1 {
				t.Errorf("of the words %v only %v were kept", g.words, got)
			}
			if !strings.Contains(after, "To somebody else") {
				t.Error("somebody else's letter went, too")
			}
			held := found(after, g.quotes)
			if parting == accounts.RemoveQuotes && len(held) > 0 {
				t.Errorf("found the quotes %v:\n%s", held, around(after, held))
			}
			if parting != accounts.RemoveQuotes && len(held) != len(g.quotes) {
				t.Errorf("of the quotes %v only %v were kept", g.quotes, held)
			}
		})
	}
}

// close decides the case that waited, and has what then follows done.
func (g *garden) close(caseID int64) {
	g.Helper()
	g.decide(g.somebody("lee", accounts.Moderator), caseID, moderation.None, "")
	g.pass(time.Minute)
	g.work(moderation.Emptied{}.Kind())
}

// around shows where the words stand in a dump.
func around(dump string, words []string) string {
	shown := map[string]bool{}
	for line := range strings.Lines(dump) {
		if len(found(line, words)) > 0 {
			shown[line[:min(len(line), 400)]] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(shown)), "")
}
