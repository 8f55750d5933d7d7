package forum

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// maxQuote is how much of a post its Quote link offers, in code points; whoever wants other words selects them.
const maxQuote = 1000

// Quote says where the quoted lines of a reply come from: a range of code points in the body of a post. Without an end
// it is the whole body.
type Quote struct {
	PostID       int64
	Starts, Ends int
}

// Quote is the post's own words as quoted lines for a reply, and where they come from.
func (p Post) Quote() (string, Quote) {
	if p.Folded {
		return asQuoted(unquoted(p.Body)), Quote{PostID: p.ID}
	}
	words := []rune(p.Body)
	if len(words) > maxQuote {
		words = words[:maxQuote]
		if cut := strings.LastIndexFunc(string(words), unicode.IsSpace); cut > 0 {
			words = []rune(string(words)[:cut])
		}
	}
	return asQuoted(string(words)), Quote{PostID: p.ID, Ends: len(words)}
}

func asQuoted(words string) string { return "> " + strings.ReplaceAll(words, "\n", "\n> ") + "\n\n" }

// unquoted is a body without its quoted lines.
func unquoted(body string) string {
	var kept strings.Builder
	for _, p := range passages(body) {
		if !p.quoted {
			kept.WriteString(body[p.starts:p.ends])
		}
	}
	return strings.TrimSpace(kept.String())
}

// addQuote stores where the post's quoted lines come from. A range beyond the source is refused; lines that say something
// else than the source are the author's own words, and no source is named for them.
func addQuote(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64, post newPost, quote Quote) error {
	if quote.PostID == 0 {
		return nil
	}
	quoted, err := source(ctx, tx, viewer, quote.PostID, post.ThreadID)
	if err != nil {
		return goneFault(err, "quote_post", "The post that you quoted is no longer there. Send it once more to keep the words without its name.")
	}
	body := []rune(quoted.Body)
	if quote == (Quote{PostID: quote.PostID}) {
		quote.Ends = len(body)
	}
	if quote.Starts < 0 || quote.Starts >= quote.Ends || quote.Ends > len(body) {
		return fault.Field("quote_post", "The post that you quoted has changed. Send it once more to keep the words without its name.")
	}
	for _, words := range quotedRuns(post.Body) {
		if starts, ends, ok := locate(string(body[quote.Starts:quote.Ends]), words); ok {
			return insertQuote(ctx, tx, id, quoted, Quote{quoted.ID, quote.Starts + starts, quote.Starts + ends})
		}
	}
	return nil
}

// sameQuotes reports whether an edit left the quoted lines alone; if not, their source is no longer named.
func sameQuotes(before, after string) bool {
	return slices.Equal(quotedRuns(before), quotedRuns(after))
}

// quotedRuns are the runs of lines that open with a quote mark, without their marks.
func quotedRuns(body string) []string {
	var runs []string
	for _, p := range passages(body) {
		if p.quoted {
			runs = append(runs, p.words)
		}
	}
	return runs
}

// passage is a run of lines of a body, in bytes, that all open with a quote mark, or none of them.
type passage struct {
	quoted       bool
	words        string // of quoted lines, without their marks
	starts, ends int
}

// passages are all of a body, in order.
func passages(body string) []passage {
	var all []passage
	at := 0
	for line := range strings.Lines(body) {
		words, quoted := strings.CutPrefix(strings.TrimLeft(line, " "), ">")
		if len(all) == 0 || all[len(all)-1].quoted != quoted {
			all = append(all, passage{quoted: quoted, starts: at})
		}
		last := &all[len(all)-1]
		at += len(line)
		last.ends = at
		if quoted {
			last.words += words
		}
	}
	return all
}

// locate finds words in a body, in code points. Only letters, digits and signs count: what was selected on a page has
// lost its Markdown, and lines break elsewhere.
func locate(body, words string) (starts, ends int, ok bool) {
	letters, places := spoken(body)
	wanted, _ := spoken(words)
	at := strings.Index(letters, wanted)
	if at < 0 || wanted == "" {
		return 0, 0, false
	}
	first := utf8.RuneCountInString(letters[:at])
	last := first + utf8.RuneCountInString(wanted) - 1
	return places[first], places[last] + 1, true
}

// spoken is what remains of a text when it is read aloud, and the place of each of its code points in the text.
func spoken(s string) (letters string, places []int) {
	var kept strings.Builder
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.So) {
			kept.WriteRune(r)
			places = append(places, n)
		}
		n++
	}
	return kept.String(), places
}

// source is the post that a reply answers or quotes; it must stand in the same thread, which the caller holds, and the
// viewer see it.
func source(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id, threadID int64) (Post, error) {
	post, err := standingPost(ctx, tx, viewer, id, threadID)
	if err != nil {
		return Post{}, fmt.Errorf("reading the answered post: %w", err)
	}
	return post, nil
}
