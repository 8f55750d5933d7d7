package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	wordrules "firstdrops/server/words"
)

// TestEveryRuleIsSeenOnAPage posts words for each rule through the site, with a dose, and reads the pages of others.
func TestEveryRuleIsSeenOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, guest := h.member("wren"), h.member("sol"), h.guest()
	var rules []ruleWords
	h.must(h.db.NewRaw(`SELECT id, kind, title, text, dose_text, terms[1] AS term FROM word_rules ORDER BY position`).Scan(t.Context(), &rules))
	if len(rules) < 11 {
		t.Fatalf("there are %d rules", len(rules))
	}
	for i, r := range rules {
		body := "Well, " + r.plain() + " 10 mg, it is."
		to := wren.post("/c/house/threads", url.Values{"title": {fmt.Sprintf("Question %d", i)}, "body": {body}}).to()
		for name, reader := range map[string]*person{"the author": wren, "a member": sol, "a guest": guest} {
			shown := html.UnescapeString(reader.get(to).want(http.StatusOK).body)
			if !strings.Contains(shown, body) {
				t.Errorf("%s: the words are changed for %s", r.ID, name)
			}
			seen := r.Kind != wordrules.Crisis || reader == wren
			for _, text := range []string{r.Title, r.Text, r.DoseText} {
				if text != "" && strings.Contains(shown, text) != seen {
					t.Errorf("%s: %s is shown %q: %t, want %t", r.ID, name, text, !seen, seen)
				}
			}
		}
	}
}

// ruleWords is a rule with the first term that it looks for.
type ruleWords struct {
	wordrules.Rule
	Term string
}

// plain is the term in its first words.
func (r ruleWords) plain() string {
	var said []string
	for part := range strings.FieldsSeq(strings.ReplaceAll(r.Term, "… ", "")) {
		word, _, _ := strings.Cut(part, "|")
		said = append(said, word)
	}
	return strings.Join(said, " ")
}

// TestANoteStandsInItsArticleBeforeTheActs reads the order of a post.
func TestANoteStandsInItsArticleBeforeTheActs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	thread := wren.thread("house", "A question", "First words.")
	wren.reply(thread, "About Reglan.")
	page := wren.get(thread.Path()).want(http.StatusOK).body
	last := -1
	for _, part := range []string{"First words.", "</article>", "About Reglan.", `role="note" aria-label="Care note: metoclopramide"`, "Wording as of 21 November 2026.", `class="acts"`} {
		at := strings.Index(page[last+1:], part)
		if at < 0 {
			t.Fatalf("%q does not come next", part)
		}
		last += 1 + at
	}
	h.exec(`UPDATE word_rules SET approver = 'Ada' WHERE id = 'metoclopramide'`)
	wren.get(thread.Path()).shows("Wording as of 21 November 2026, checked by Ada.")
}

func TestSomebodyInDangerIsShownHelpAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread := sol.thread("house", "The nights", "How are yours?")
	sent := wren.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {"I want to die."}}).want(http.StatusSeeOther)
	if to := sent.header.Get("Location"); to != thread.Path()+"#help-for-you" {
		t.Errorf("the author is led to %s", to)
	}
	shown := wren.get(thread.Path()).want(http.StatusOK)
	help, first := strings.Index(shown.body, `id="help-for-you"`), strings.Index(shown.body, "<article")
	if help < 0 || help > first || strings.Count(shown.body[help:first], `href="/help/now"`) != 1 {
		t.Error("help does not stand above the thread")
	}
	sol.get(thread.Path()).want(http.StatusOK).lacks("help-for-you", "carry this alone")
}

// TestWordsThatAreLookedAtWhileTheyAreTypedAreKeptNowhere plants a word and looks for it in every row of the database and
// in the log.
func TestWordsThatAreLookedAtWhileTheyAreTypedAreKeptNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	const canary = "chrysoberyl"
	found := wren.post("/words", url.Values{"title": {canary}, "body": {canary + " domperidone, and I want to die"}}).want(http.StatusOK)
	found.shows("Care note: domperidone", "You do not have to carry this alone")
	found.lacks(canary)
	h.guest().post("/words", url.Values{"body": {canary}}, "Accept", "application/json").want(http.StatusUnauthorized)
	if strings.Contains(h.log.String()+asideLog.String(), canary) {
		t.Error("the log tells it")
	}
	if cache := found.header.Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("caches are told %q", cache)
	}
	if tables := h.tablesWith(canary); len(tables) > 0 {
		t.Errorf("it is kept in %v", tables)
	}
	wren.post("/drafts", url.Values{"target": {"c:house"}, "body": {canary}}).want(http.StatusNoContent)
	if tables := h.tablesWith(canary); len(tables) != 1 {
		t.Errorf("a draft of it is kept in %v", tables)
	}
}

// tablesWith are the tables that hold a row with this word.
func (h *house) tablesWith(word string) []string {
	h.Helper()
	var tables, with []string
	h.must(h.db.NewRaw(`SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`).Scan(h.Context(), &tables))
	for _, table := range tables {
		var there bool
		h.must(h.db.NewRaw(`SELECT EXISTS (SELECT FROM `+table+` r WHERE r::text ILIKE ?)`, "%"+word+"%").Scan(h.Context(), &there))
		if there {
			with = append(with, table)
		}
	}
	return with
}
