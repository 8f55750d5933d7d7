package demo

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// everything is all talks, by the name of their file.
func everything(t *testing.T) map[string]talk {
	t.Helper()
	talks := map[string]talk{}
	err := fs.WalkDir(files, "words", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		talks[name], err = readTalk(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return talks
}

func TestATalkIsRead(t *testing.T) {
	t.Parallel()
	const content = "# for you\n\ntitle: Drops, and more\nplace: Leeds\nplace: York\n\nA text.\n\nIn two parts.\n\n" +
		"--- river, 3d 2h 5m ago, answers 3, hug sol marit, pinned\n# not said\nOne line.\n\n> quoted\n--- sol, 4m ago\nTwo.\n"
	got, err := parse("a.txt", content)
	if err != nil {
		t.Fatal(err)
	}
	if got.value("title") != "Drops, and more" || len(got.head) != 3 || got.text != "A text.\n\nIn two parts." || len(got.said) != 2 {
		t.Fatalf("it is read as %+v", got)
	}
	first, second := got.said[0], got.said[1]
	if first.handle != "river" || first.age != 74*time.Hour+5*time.Minute || first.body != "One line.\n\n> quoted" || first.where != "a.txt:11" {
		t.Errorf("the first is %+v", first)
	}
	if first.mark("answers") != "3" || !slices.Equal(first.marks["hug"], []string{"sol", "marit"}) || !first.has("pinned") || first.mark("pinned") != "" {
		t.Errorf("its marks are %v", first.marks)
	}
	if second.handle != "sol" || second.age != 4*time.Minute || second.body != "Two." || second.has("answers") {
		t.Errorf("the second is %+v", second)
	}
	if ahead, err := parseAge("in 40d"); err != nil || ahead != -40*24*time.Hour {
		t.Errorf("what is ahead: %v %v", ahead, err)
	}
}

func TestAFaultyTalkIsRefusedByItsLine(t *testing.T) {
	t.Parallel()
	for content, where := range map[string]string{
		"no head\n":                            "a.txt:1",
		"title: x\n\n--- river\nWords.":        "a.txt:3",
		"title: x\n\n--- river, soon\nWords.":  "a.txt:3",
		"title: x\n\n--- river, 3x ago\nWord.": "a.txt:3",
		"title: x\n\n--- river, 3d\nWords.":    "a.txt:3",
		"title: x\n\n--- a, 3d ago, , b\nW.":   "a.txt:3",
	} {
		if _, err := parse("a.txt", content); err == nil || !strings.Contains(err.Error(), where) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

// TestEveryMarkIsKnown, so that a mistyped one is no silent loss.
func TestEveryMarkIsKnown(t *testing.T) {
	t.Parallel()
	known := map[string]string{
		"people":   "administrator moderator consultant supporter",
		"groups":   "open grants",
		"threads":  "id as answers quotes hug helpful thanks same_here",
		"rooms":    "id as answers hug thanks",
		"cases":    "reports claims decides",
		"requests": "sees accepts declines",
	}
	heads := map[string]string{
		"threads": "title category pinned specialty", "rooms": "room", "cases": "target", "requests": "from to",
		"consultants": "handle name credential place waiting meets languages specialties fees confirmed joined",
	}
	for name, talk := range everything(t) {
		folder := strings.TrimSuffix(strings.Split(name, "/")[1], ".txt")
		for _, f := range talk.head {
			if !slices.Contains(strings.Fields(heads[folder]), f.name) {
				t.Errorf("%s: what is %q in the head?", name, f.name)
			}
		}
		for _, s := range talk.said {
			for mark := range s.marks {
				if !slices.Contains(strings.Fields(known[folder]), mark) {
					t.Errorf("%s: what is %q?", s.where, mark)
				}
			}
		}
	}
}

// said are the sentences of a text, as they sound. Lines that quote somebody are not said here.
func sentences(text string) []string {
	var own []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, ">") {
			own = append(own, line)
		}
	}
	var found []string
	for _, sentence := range regexp.MustCompile(`[.!?:;…\n]+`).Split(strings.Join(own, ""), -1) {
		words := regexp.MustCompile(`[\p{L}\p{N}']+`).FindAllString(strings.ToLower(sentence), -1)
		found = append(found, strings.Join(words, " "))
	}
	return found
}

// TestNoSentenceIsSaidTwice in the whole community; two words may be.
func TestNoSentenceIsSaidTwice(t *testing.T) {
	t.Parallel()
	talks := everything(t)
	said := map[string]string{}
	once := func(where, text string) {
		for _, sentence := range sentences(text) {
			if strings.Count(sentence, " ") < 2 {
				continue
			}
			if before, twice := said[sentence]; twice {
				t.Errorf("%s says what %s says: %q", where, before, sentence)
			}
			said[sentence] = where
		}
	}
	for _, name := range slices.Sorted(maps.Keys(talks)) {
		talk := talks[name]
		once(name, talk.text)
		once(name, talk.value("title"))
		once(name, talk.value("fees"))
		for _, s := range talk.said {
			once(s.where, s.body)
		}
	}
	if len(said) < 1000 {
		t.Errorf("only %d sentences were looked at", len(said))
	}
}

func TestTheWordsAreTheHouses(t *testing.T) {
	t.Parallel()
	for name, talk := range everything(t) {
		texts := []string{talk.text, talk.value("title")}
		for _, s := range talk.said {
			texts = append(texts, s.body)
		}
		for _, text := range texts {
			if found := regexp.MustCompile(`https?:|www\.|\d{5,}|[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}]`).FindString(text); found != "" {
				t.Errorf("%s holds %q: no links, no numbers that could be somebody's, no emoji", name, found)
			}
		}
	}
}
