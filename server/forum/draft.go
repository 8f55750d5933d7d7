package forum

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// A draft may be longer than what can be sent, so that nothing is lost while it is being shortened; in code points.
const (
	maxDraftTitle = 10 * MaxTitle
	maxDraftBody  = 3 * MaxBody
)

// Draft is what somebody has typed and not sent.
type Draft struct {
	Target    string // what it answers: "t:<thread id>", or "c:<category slug>" for a new thread
	Title     string
	Body      string
	UpdatedAt time.Time
}

// ReplyTarget names the thread as what a draft answers.
func (t Thread) ReplyTarget() string { return replyTarget(t.ID) }

// OpeningTarget names the category as where a draft would open a thread.
func (c Category) OpeningTarget() string { return openingTarget(c.Slug) }

func replyTarget(threadID int64) string { return "t:" + strconv.FormatInt(threadID, 10) }
func openingTarget(slug string) string  { return "c:" + slug }

// OpeningDraft is the viewer's draft of a new thread in the category.
func (f *Forum) OpeningDraft(ctx context.Context, viewer accounts.Viewer, c Category) (Draft, error) {
	return f.draft(ctx, viewer, c.OpeningTarget())
}

// draft is the viewer's own; zero where there is none.
func (f *Forum) draft(ctx context.Context, viewer accounts.Viewer, target string) (Draft, error) {
	if viewer.Guest() {
		return Draft{}, nil
	}
	var d Draft
	if err := f.reads.draft.Scan(ctx, &d, viewer.ID, target); err != nil && !db.IsMissing(err) {
		return Draft{}, fmt.Errorf("reading the draft: %w", err)
	}
	return d, nil
}

// SaveDraft keeps a draft for the viewer's other devices; an empty one is let go of. Its target must be open to them.
func (f *Forum) SaveDraft(ctx context.Context, viewer accounts.Viewer, d Draft) error {
	if viewer.Guest() {
		return signInFirst()
	}
	if err := f.checkTarget(ctx, viewer, d.Target); err != nil {
		return err
	}
	d.Title, d.Body = storable(d.Title), storable(d.Body)
	if utf8.RuneCountInString(d.Title) > maxDraftTitle || utf8.RuneCountInString(d.Body) > maxDraftBody {
		return fault.Field("body", "This is too long to keep here. It is kept on your device.")
	}
	d.UpdatedAt = f.clock()
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if strings.TrimSpace(d.Title+d.Body) == "" {
			return deleteDraft(ctx, tx, viewer.ID, d.Target)
		}
		return upsertDraft(ctx, tx, viewer.ID, d)
	})
	if err != nil {
		return fmt.Errorf("saving the draft: %w", err)
	}
	return nil
}

// checkTarget keeps drafts to threads and categories that the viewer may write in, and so bounds how many there can be.
func (f *Forum) checkTarget(ctx context.Context, viewer accounts.Viewer, target string) error {
	if slug, ok := strings.CutPrefix(target, "c:"); ok {
		_, err := f.Category(ctx, viewer, slug)
		return err
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(target, "t:"), 10, 64)
	if err != nil || replyTarget(id) != target {
		return fault.Missing()
	}
	_, err = f.Thread(ctx, viewer, id)
	return err
}

// storable drops what Postgres does not take. A draft is unfinished: it is judged when it is sent.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}
