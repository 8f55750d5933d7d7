package forum

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// act is one thing that a moderator can do to a thread.
type act func(context.Context, accounts.Viewer, int64, audit.Reason) (forum.Thread, error)

// moderating carries an act out, for the reason in the form.
func (p *pages) moderating(do act) echo.HandlerFunc {
	return func(c echo.Context) error {
		return p.moderate(c, func(id int64, form url.Values) (forum.Thread, error) {
			return do(c.Request().Context(), page.Viewer(c), id, reasonOf(form))
		})
	}
}

// move puts a thread into the category in the form.
func (p *pages) move(c echo.Context) error {
	return p.moderate(c, func(id int64, form url.Values) (forum.Thread, error) {
		return p.forum.Move(c.Request().Context(), page.Viewer(c), id, form.Get("category"), reasonOf(form))
	})
}

func reasonOf(form url.Values) audit.Reason { return audit.Reason(form.Get("reason_code")) }

// moderate does what the form asks for and leads back to the thread. Refused, the form comes back on the thread's page with
// what was chosen.
func (p *pages) moderate(c echo.Context, do func(int64, url.Values) (forum.Thread, error)) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	thread, err := do(id, form)
	if err == nil {
		return page.SeeOther(c, thread.Path())
	}
	status, faults, ok := page.Refusal(c, err, "body")
	if !ok {
		return err
	}
	view, err := p.readThread(c, "")
	if err != nil {
		return err
	}
	if view.Composer, err = p.composerFor(c, view.Page); err != nil {
		return err
	}
	view.Desk.Reason, view.Desk.Category, view.Desk.Faults = reasonOf(form), form.Get("category"), deskFaults(faults)
	return page.Render(c, status, threadPage(threadFrame(c), view))
}

// deskFaults stand at the desk's two fields; what is of neither is told at the first.
func deskFaults(faults map[string]string) map[string]string {
	told := map[string]string{}
	for field, message := range faults {
		if field != "category" {
			field = "reason_code"
		}
		told[field] = message
	}
	return told
}

// desk is the form by which staff act on a thread, with what was chosen and what is wrong with it.
type desk struct {
	Categories []forum.Category // where the thread could go
	Reason     audit.Reason
	Category   string
	Faults     map[string]string
}

// deskFor is empty for whoever may not moderate.
func (p *pages) deskFor(c echo.Context, thread forum.Thread) (desk, error) {
	viewer := page.Viewer(c)
	if !forum.MayModerate(viewer, thread) {
		return desk{}, nil
	}
	all, err := p.forum.Categories(c.Request().Context(), viewer)
	return desk{Categories: all}, err
}

// offer is an act as the desk offers it: its address, the button, and the consequence in words.
type offer struct {
	act, words, means string
	care              bool
}

// offers are the acts that would change something, and that the viewer may take.
func offers(viewer accounts.Viewer, t forum.Thread) []offer {
	either := func(is bool, back, forth offer) offer {
		if is {
			return back
		}
		return forth
	}
	list := []offer{
		either(t.Pinned(),
			offer{act: "unpin", words: "Unpin", means: "It takes its place among the other threads again."},
			offer{act: "pin", words: "Pin", means: "It comes first in its category, for everybody."}),
		either(t.Locked(),
			offer{act: "unlock", words: "Unlock", means: "Members can write in it again."},
			offer{act: "lock", words: "Lock", means: "Everybody who can read it still can, and members can write nothing more in it."}),
	}
	if !forum.MayJudge(viewer, t) {
		return list
	}
	return append(list, either(t.Hidden(),
		offer{act: "restore", words: "Restore", means: "Everybody who could read it before can read it again."},
		offer{act: "hide", words: "Hide", care: true, means: "It and all that stands in it vanish at once, for everybody but moderators and administrators."}))
}

// standing says what moderators did to the thread, for the lines below titles.
func standing(t forum.Thread) string {
	words := ""
	if t.Pinned() {
		words += " · pinned"
	}
	if t.Locked() {
		words += " · locked"
	}
	return words
}
