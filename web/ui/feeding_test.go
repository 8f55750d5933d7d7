package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"firstdrops/server/accounts"
)

func TestFeedingIsTheViewersWord(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]accounts.Viewer{"feeding": {}, "nursing": {ID: 1, Feeding: "nursing"}} {
		if got := Feeding(v); got != want {
			t.Errorf("%+v: %q", v, got)
		}
	}
	if Begun("nursing") != "Nursing" || Begun("") != "" {
		t.Error("a sentence begins otherwise")
	}
}

// saidOutright finds the words between which people choose, where a template says one without asking for theirs.
var saidOutright = regexp.MustCompile(`(?i)\b(breast-?|chest-?)feed\w*|\bnursing\b|\bbreast\b|[^."]\bfeeding\b`)

func TestNoPageSaysFeedingInAWordOfItsOwn(t *testing.T) {
	t.Parallel()
	templates, err := filepath.Glob("../*/*.templ")
	if err != nil || len(templates) < 20 {
		t.Fatalf("%d templates, %v", len(templates), err)
	}
	for _, name := range templates {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range saidOutright.FindAllString(string(content), -1) {
			t.Errorf("%s says %q: ui.Feeding knows the reader's word", name, said)
		}
	}
}

func TestTheViewersLanguageComesFirst(t *testing.T) {
	t.Parallel()
	mine := LanguagesFrom(accounts.Viewer{ID: 1, Language: "nl"})
	if mine[0] != "nl" || len(mine) != len(Languages) || LanguagesFrom(accounts.Viewer{})[0] != Languages[0] {
		t.Errorf("%v", mine)
	}
}
