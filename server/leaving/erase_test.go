package leaving_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
)

func TestWordsAreRemovedAsIfTheirAuthorHadDeletedThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	own, _ := h.thread(wren, "My title", "I began it.")
	h.reply(sol, own, "Sol answers.", 0)
	alone, _ := h.thread(wren, "Nobody answered", "Is somebody there?")
	other, first := h.thread(sol, "Sol asks", "What do you think?")
	h.reply(wren, other, "> What do you think?\n\nI think so.", first)
	h.leave(wren, accounts.RemoveWords)
	page, err := h.deps.Forum.Page(t.Context(), sol, own.ID, 0)
	h.must(err)
	if page.Thread.Posts != 1 || page.Thread.Replies != 1 || len(page.Posts) != 1 || page.Posts[0].AuthorName != "sol" {
		t.Errorf("the thread counts %d posts, %d replies, shows %d", page.Thread.Posts, page.Thread.Replies, len(page.Posts))
	}
	if page.Thread.Title != "A thread whose words were removed" || page.Thread.Slug != "a-thread-whose-words-were-removed" || page.Thread.AuthorName != "a former member" {
		t.Errorf("it is called %q (%s), by %s", page.Thread.Title, page.Thread.Slug, page.Thread.AuthorName)
	}
	if n := h.count(`SELECT posts + replies FROM threads WHERE id = ?`, alone.ID); n != 0 {
		t.Errorf("a thread without posts counts %d", n)
	}
	if n := h.count(`SELECT replies FROM threads WHERE id = ?`, other.ID); n != 0 {
		t.Errorf("somebody else's thread counts %d replies", n)
	}
	if h.body(first) != "What do you think?" {
		t.Error("words that they quoted went with theirs")
	}
	if n := h.count(`SELECT count(*) FROM posts WHERE author_id = ? AND (body <> '' OR html <> '' OR deleted_at IS NULL)`, wren.ID); n > 0 {
		t.Errorf("%d posts were not emptied", n)
	}
	if h.count(`SELECT count(*) FROM search_words WHERE word IN ('began', 'somebody', 'nobody')`) > 0 || h.count(`SELECT count(*) FROM search_words WHERE word = 'answers'`) != 1 {
		t.Error("the search knows words that stand nowhere, or forgot others")
	}
}

func TestKeptWordsStandUnderAFormerMember(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread, post := h.thread(wren, "My title", "I began it.")
	h.exec(`INSERT INTO aliases (person_id, thread_id, name, fold, created_at) VALUES (?, ?, 'Quiet', 'quiet', now())`, wren.ID, thread.ID)
	h.say(wren, "Good night.")
	h.leave(wren, accounts.KeepWords)
	page, err := h.deps.Forum.Page(t.Context(), sol, thread.ID, 0)
	h.must(err)
	p := page.Posts[0]
	if p.ID != post || p.AuthorName != "a former member" || p.AuthorHandle != "" || !strings.Contains(p.HTML, "I began it.") {
		t.Errorf("it stands as %q by %q (%s)", p.HTML, p.AuthorName, p.AuthorHandle)
	}
	said, err := h.deps.Chat.History(t.Context(), sol, "lounge", chat.Span{})
	h.must(err)
	if m := said.Messages[0]; m.Author != "a former member" || !strings.Contains(m.HTML, "Good night.") {
		t.Errorf("said %q by %q", m.HTML, m.Author)
	}
}

func TestQuotesGoAndTheRestOfAPostStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, june := h.member("wren"), h.member("sol"), h.member("june")
	thread, first := h.thread(wren, "My title", "Secret words.")
	a := h.reply(sol, thread, "> Secret words.\n\nSol's own.", first)
	b := h.reply(june, thread, "> Sol's own.\n\nJune's own.", a)
	c := h.reply(june, thread, "> > Secret words.\n> \n> Sol's own.\n\nAnd more.", a)
	h.leave(wren, accounts.RemoveQuotes)
	if got := h.body(a); strings.Contains(got, "Secret") || !strings.Contains(got, "Sol's own.") || !strings.Contains(got, "no longer shown") {
		t.Errorf("the quote is now %q", got)
	}
	if got := h.body(b); got != "> Sol's own.\n\nJune's own." {
		t.Errorf("what quotes somebody else is now %q", got)
	}
	if got := h.body(c); strings.Contains(got, "Secret") || !strings.Contains(got, "And more.") {
		t.Errorf("the quote of the quote is now %q", got)
	}
	if h.count(`SELECT count(*) FROM quotes WHERE withheld <> ''`) > 0 {
		t.Error("the words are kept beside the quote")
	}
}

// ears keep what a room tells.
type ears struct {
	mu   sync.Mutex
	told []string
}

func (e *ears) Push(o *chat.Object, _ bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, string(o.Line))
}

// Sync is not called: nobody here is apart from anybody.
func (e *ears) Sync(*chat.Following) {}

func (e *ears) heard(what string) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, line := range e.told {
		if strings.Contains(line, what) {
			n++
		}
	}
	return n
}

// TestRoomsHearOfEveryMessageThatGoes: each by itself, so that no other is taken for cleared.
func TestRoomsHearOfEveryMessageThatGoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	for range 70 { // more than one transaction
		h.say(wren, "Mine.")
	}
	h.say(sol, "Sol's, and @wren heard it.")
	h.say(wren, "Mine again.")
	listening := &ears{}
	f, err := h.deps.Chat.Follow(t.Context(), sol, "lounge", 0, listening)
	h.must(err)
	defer f.Leave()
	for last := false; !last; {
		_, last, err = f.Next(t.Context())
		h.must(err)
	}
	h.leave(wren, accounts.RemoveWords)
	for deadline := time.Now().Add(10 * time.Second); listening.heard(`"k":"del"`) < 71 || listening.heard("@former-member") < 1; {
		if time.Now().After(deadline) {
			t.Fatalf("heard of %d that go, %d that change", listening.heard(`"k":"del"`), listening.heard("@former-member"))
		}
		<-time.After(10 * time.Millisecond)
	}
	if listening.heard("clear") > 0 {
		t.Error("a whole stretch was told as cleared")
	}
	if got := h.text(`SELECT body FROM messages WHERE author_id = ?`, sol.ID); got != "Sol's, and @former-member heard it." {
		t.Errorf("what another said is now %q", got)
	}
}

func TestBellsOfOthersFallSilent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread, post := h.thread(wren, "A title", "Dear @sol")
	h.exec(`INSERT INTO notices (person_id, kind, object_id, thread_id, round, at) VALUES (?, 'mention', ?, ?, 1, now())`, sol.ID, post, thread.ID)
	h.exec(`INSERT INTO notices (person_id, kind, object_id, round, at) VALUES (?, 'seen', ?, 1, now())`, sol.ID, post)
	h.exec(`INSERT INTO bells (person_id, unread) VALUES (?, 2)`, sol.ID)
	h.leave(wren, accounts.RemoveWords)
	if kinds := h.list(`SELECT kind FROM notices`); !slices.Equal(kinds, []string{"seen"}) {
		t.Errorf("notices: %v", kinds)
	}
	if n := h.count(`SELECT unread FROM bells WHERE person_id = ?`, sol.ID); n != 1 {
		t.Errorf("%d wait", n)
	}
}

func TestAnOpenCaseKeepsItsWordsUntilItIsClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.member("wren"), h.member("sol"), h.somebody("maya", accounts.Moderator)
	_, post := h.thread(wren, "A title", "Rude words.")
	id := h.report(sol, moderation.Target{Kind: audit.Post, ID: post}, "Look.")
	h.leave(wren, accounts.RemoveWords)
	holds := func() bool {
		return h.count(`SELECT count(*) FROM cases WHERE words LIKE '%Rude words%' AND snapshot::text LIKE '%wren%'`) == 1
	}
	if !holds() {
		t.Fatal("the open case lost its words")
	}
	h.decide(maya, id, moderation.None, "")
	h.must(h.deps.Moderation.Undo(t.Context(), maya, id, h.count(`SELECT version FROM cases WHERE id = ?`, id)))
	h.work(moderation.Emptied{}.Kind())
	if !holds() {
		t.Fatal("a case that was opened again lost its words")
	}
	h.decide(maya, id, moderation.None, "")
	if !holds() {
		t.Error("emptied while the decision could be taken back")
	}
	h.exec(`DELETE FROM river_job WHERE finalized_at IS NOT NULL`)
	h.work(moderation.Emptied{}.Kind())
	if n := h.count(`SELECT count(*) FROM cases WHERE (words || title || snapshot::text) ~* 'rude|wren|a title'`); n > 0 || h.count(`SELECT count(*) FROM case_partings`) > 0 {
		t.Errorf("closed, it still holds: %s", h.text(`SELECT words || title || snapshot::text FROM cases`))
	}
	if h.count(`SELECT count(*) FROM reports WHERE note = 'Look.'`) != 1 {
		t.Error("what somebody else reported went, too")
	}
}

// TestACaseWithoutLinesHoldsNobodyUp: that of a credential which somebody else showed.
func TestACaseWithoutLinesHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june := h.member("wren"), h.member("june")
	var credential directory.Consultant
	credential.ID, credential.PersonID, credential.Name = 1, june.ID, "June Oudeveld"
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.deps.Moderation.PlantCredential(ctx, tx, credential)
	}))
	h.leave(wren, accounts.RemoveWords)
	if h.here(wren) {
		t.Error("still here")
	}
	if h.text(`SELECT title FROM cases`) != "June Oudeveld" {
		t.Error("the case lost what it says")
	}
}
