package forum_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

// quoteRow is the provenance as it is stored.
type quoteRow struct {
	QuotedPostID  int64
	QuotedVersion int
	Starts, Ends  int
}

func (h *house) quoteOf(post int64) (quoteRow, bool) {
	h.t.Helper()
	var rows []quoteRow
	err := h.db.NewRaw(`SELECT quoted_post_id, quoted_version, starts, ends FROM quotes WHERE post_id = ?`, post).Scan(h.t.Context(), &rows)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(rows) == 0 {
		return quoteRow{}, false
	}
	return rows[0], true
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late?")
	const body = "Été: it *hurts*.\n\nNot drops. Just wet 💧 today."
	source := h.reply(wren, thread, body)
	runes := []rune(body)
	for name, c := range map[string]struct {
		reply string
		quote forum.Quote
		words string // what the stored range says; empty where no source is named
	}{
		"the whole post":           {"> Été: it *hurts*.\n>\n> Not drops. Just wet 💧 today.\n\nYes.", forum.Quote{}, "Été: it *hurts*.\n\nNot drops. Just wet 💧 today"},
		"selected on the page":     {"> it hurts.\n> Not drops\n\nYes.", forum.Quote{}, "it *hurts*.\n\nNot drops"},
		"a range, and within it":   {"> Just wet 💧\n\nYes.", forum.Quote{Starts: 18, Ends: len(runes)}, "Just wet 💧"},
		"after words of one's own": {"You said:\n\n> wet 💧 today\n\nYes.", forum.Quote{}, "wet 💧 today"},
		"words never said":         {"> I am a doctor.\n\nYes.", forum.Quote{}, ""},
		"outside the range":        {"> Just wet\n\nYes.", forum.Quote{Starts: 0, Ends: 5}, ""},
		"the quote taken out":      {"Yes.", forum.Quote{}, ""},
		"nothing quoted":           {">\n\nYes.", forum.Quote{}, ""},
	} {
		c.quote.PostID = source.PostID
		place := h.mustReply(sol, forum.Answer{ThreadID: thread.ID, Body: c.reply, Key: uuid.New(), Quote: c.quote})
		row, named := h.quoteOf(place.PostID)
		switch {
		case named != (c.words != ""):
			t.Errorf("%s: the source is named: %v", name, named)
		case named && string(runes[row.Starts:row.Ends]) != c.words:
			t.Errorf("%s: the range says %q, want %q", name, string(runes[row.Starts:row.Ends]), c.words)
		case named && (row.QuotedPostID != source.PostID || row.QuotedVersion != 1):
			t.Errorf("%s: %+v", name, row)
		}
	}
}

func TestAQuoteIsFromAPostOfTheSameThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late?")
	secret := h.reply(wren, h.thread(wren, "feelings", "A members' thread"), "Planted words.")
	source := h.reply(wren, thread, "Short words.")
	for name, quote := range map[string]forum.Quote{
		"another thread":     {PostID: secret.PostID},
		"an unknown post":    {PostID: 1 << 40},
		"beyond the end":     {PostID: source.PostID, Starts: 0, Ends: 13},
		"an empty range":     {PostID: source.PostID, Starts: 3, Ends: 3},
		"a range backwards":  {PostID: source.PostID, Starts: 5, Ends: 3},
		"before the start":   {PostID: source.PostID, Starts: -1, Ends: 3},
		"a start and no end": {PostID: source.PostID, Starts: 3},
	} {
		answer := forum.Answer{ThreadID: thread.ID, Body: "> Short words.\n\nYes.", Key: uuid.New(), Quote: quote}
		_, err := h.Reply(t.Context(), wren, answer)
		refused(t, name, err, fault.Invalid)
	}
	if n := h.count(`SELECT count(*) FROM posts WHERE thread_id = ?`, thread.ID); n != 2 {
		t.Errorf("%d posts, want no refused one among them", n)
	}
}

func TestAQuoteNamesItsSourceWhileBothStand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late?")
	source := h.reply(wren, thread, "Not drops. Just wet.")
	lines, from := h.post(sol, source).Quote()
	place := h.mustReply(sol, forum.Answer{ThreadID: thread.ID, Body: lines + "Yes.", Key: uuid.New(), Quote: from})
	quoting := func() forum.Post {
		return h.page(guest, thread, 0).Posts[2-h.count(`SELECT count(*) FROM posts WHERE deleted_at IS NOT NULL`)]
	}
	if p := quoting(); p.AnsweredID != source.PostID || p.AnsweredN != 2 || p.AnsweredName != "wren" || !p.Quotes {
		t.Errorf("the quote says %+v", p)
	}
	if _, err := h.Edit(t.Context(), sol, forum.Revision{PostID: place.PostID, Version: 1, Body: lines + "Yes, it is."}); err != nil {
		t.Fatal(err)
	}
	if _, named := h.quoteOf(place.PostID); !named {
		t.Error("an edit beside the quote lost its source")
	}
	if _, err := h.Delete(t.Context(), wren, source.PostID); err != nil {
		t.Fatal(err)
	}
	if p := quoting(); p.AnsweredID == 0 || p.AnsweredName != "" {
		t.Errorf("the removed source is still named: %+v", p)
	}
	if _, err := h.Edit(t.Context(), sol, forum.Revision{PostID: place.PostID, Version: 2, Body: "> I am a doctor.\n\nYes."}); err != nil {
		t.Fatal(err)
	}
	if _, named := h.quoteOf(place.PostID); named {
		t.Error("changed words still name a source")
	}
}

func TestTheQuoteLinkOffersSoManyWords(t *testing.T) {
	t.Parallel()
	lines, from := forum.Post{ID: 3, Body: strings.Repeat("word ", 400) + "end"}.Quote()
	if from.PostID != 3 || from.Ends != 999 || !strings.HasPrefix(lines, "> word word") || !strings.HasSuffix(lines, "word\n\n") {
		t.Errorf("%+v, %d bytes", from, len(lines))
	}
	lines, from = forum.Post{ID: 3, Body: "One.\n\nTwo."}.Quote()
	if lines != "> One.\n> \n> Two.\n\n" || from.Ends != 10 {
		t.Errorf("%q %+v", lines, from)
	}
}
