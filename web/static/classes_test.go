package static

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	comments  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blocks    = regexp.MustCompile(`\{[^{}]*\}`)
	styled    = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	classWord = regexp.MustCompile(`[a-z][a-z0-9-]*`)
	classes   = regexp.MustCompile(`class="([^"]*)"`)
)

// sources are all templates, and with them the scripts and the Go in which classes may be named.
func sources(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s finds %d files: %v", pattern, len(found), err)
	}
	var all strings.Builder
	for _, name := range found {
		if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

func words(text string, pattern *regexp.Regexp) map[string]bool {
	found := map[string]bool{}
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		found[match[len(match)-1]] = true
	}
	return found
}

func TestStyleAndPagesKnowTheSameClasses(t *testing.T) {
	t.Parallel()
	var css strings.Builder
	for name, content := range written(t) {
		if path.Dir(name) == "css" {
			css.Write(blocks.ReplaceAll(comments.ReplaceAll(content, nil), nil))
		}
	}
	templates := sources(t, "../*/*.templ")
	style := words(css.String(), styled)
	used := words(templates+sources(t, "../*/*.go")+sources(t, "js/*.js"), classWord)
	for class := range style {
		if !used[class] {
			t.Errorf("the style of .%s is used nowhere", class)
		}
	}
	for _, attribute := range classes.FindAllStringSubmatch(templates, -1) {
		for _, class := range strings.Fields(attribute[1]) {
			if !style[class] {
				t.Errorf("class %s has no style", class)
			}
		}
	}
}
