package forum

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
)

// goneWords stand where words were quoted that are not for the reader. They are the same whoever keeps them away: who was
// blocked is not to learn it from them.
const goneWords = "These words are no longer shown."

// withheld stands in a post where it quoted words that moderators hid or removed.
const withheld = "> *" + goneWords + "*\n"

// quoting is a post that quotes another.
type quoting struct {
	PostID   int64
	Body     string
	Withheld string // its body as its author wrote it, while what it quotes is hidden or removed; else empty
}

// judgeQuotes takes the words of a post that was judged out of those that quote it, or puts them back there. Quotes that
// were changed meanwhile stay as they are. The caller holds the thread.
func judgeQuotes(ctx context.Context, tx *db.Tx, source Post) error {
	posts, err := postsQuoting(ctx, tx, source.ID)
	if err != nil {
		return fmt.Errorf("reading who quotes the post: %w", err)
	}
	for _, q := range posts {
		before := q
		switch gone := source.Hidden() || source.Removed(); {
		case gone && q.Withheld == "":
			q.Body, q.Withheld = withoutWords(q.Body, source.Body), q.Body
		case !gone && q.Withheld != "":
			if withoutWords(q.Withheld, source.Body) == q.Body {
				q.Body = q.Withheld
			}
			q.Withheld = ""
		}
		if q == before {
			continue
		}
		if err := updateQuoting(ctx, tx, q, richtext.Render(q.Body)); err != nil {
			return fmt.Errorf("changing a quote: %w", err)
		}
	}
	return nil
}

// withoutWords is a body without the quoted lines that say what the source says; without all of them where none does,
// because the source was changed since.
func withoutWords(body, source string) string {
	said := func(words string) bool {
		_, _, ok := locate(source, words)
		return ok
	}
	changed := !slices.ContainsFunc(quotedRuns(body), said)
	var kept strings.Builder
	for _, p := range passages(body) {
		if p.quoted && (changed || said(p.words)) {
			kept.WriteString(withheld)
		} else {
			kept.WriteString(body[p.starts:p.ends])
		}
	}
	return kept.String()
}
