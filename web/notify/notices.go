package notify

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const path = "/notifications"

// notices lists what the viewer was told. Reading changes nothing: what was seen is said by a form of its own.
func (p pages) notices(c echo.Context) error {
	before, err := page.Before(c)
	if err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	list, err := p.notify.Page(ctx, viewer, before)
	if err != nil {
		return err
	}
	known, err := p.known(ctx, viewer, list.Notices)
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Notices")
	frame.Current, frame.Scripts = "notices", []string{"notices"}
	return page.Render(c, http.StatusOK, noticesPage(frame, view{Page: list, entries: known.entries(viewer, list.Notices)}))
}

// view is a page of notices as it is shown.
type view struct {
	notify.Page
	entries []entry
}

// unseen reports whether something on the page is new.
func (v view) unseen() bool {
	return slices.ContainsFunc(v.Notices, func(n notify.Notice) bool { return !n.Read() })
}

// newest and oldest are the ids between which the page stands.
func (v view) newest() int64 { return v.Notices[0].ID }
func (v view) oldest() int64 { return v.Notices[len(v.Notices)-1].ID }

// known is what the domains say now, to this viewer, of what their notices are about. What is missing here may no longer be
// seen.
type known struct {
	lines    map[int64]forum.PostLine
	verdicts map[int64]moderation.Verdict
	tidings  map[int64]moderation.Tiding
	requests map[int64]directory.Request
}

func (p pages) known(ctx context.Context, viewer accounts.Viewer, notices []notify.Notice) (k known, err error) {
	objects := func(kinds ...notify.Kind) (ids []int64) {
		for _, n := range notices {
			if slices.Contains(kinds, n.Kind) {
				ids = append(ids, n.ObjectID)
			}
		}
		return ids
	}
	if k.lines, err = p.forum.Lines(ctx, viewer, objects(notify.Mention, notify.Answer, notify.Reply)); err != nil {
		return known{}, err
	}
	if k.verdicts, err = p.moderation.Verdicts(ctx, viewer, objects(notify.Decided)); err != nil {
		return known{}, err
	}
	if k.tidings, err = p.moderation.Tidings(ctx, viewer, objects(notify.Seen, notify.Closed)); err != nil {
		return known{}, err
	}
	k.requests, err = p.directory.Requests(ctx, viewer, objects(notify.Contact, notify.ContactAnswered))
	return k, err
}

// seen marks the notices up to one as seen: all of them, or those from another one on.
func (p pages) seen(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	from, upto := int64(1), int64(0)
	if upto, err = page.ParseID(form.Get("upto")); err == nil && form.Has("from") {
		from, err = page.ParseID(form.Get("from"))
	}
	if err != nil {
		return fault.New(fault.Invalid, "We could not tell what you have seen. Please load your notices again.")
	}
	if err := p.notify.MarkSeen(c.Request().Context(), page.Viewer(c), from, upto); err != nil {
		return err
	}
	return page.SeeOther(c, path)
}
