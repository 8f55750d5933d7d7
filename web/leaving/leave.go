package leaving

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

// choice is one of the things that can be done with the words of somebody who leaves.
type choice struct {
	parting      accounts.Parting
	words, means string
}

var choices = []choice{
	{accounts.KeepWords, "Keep my words", "Your posts and messages stay, for those whom they help. They stand under “a former member”, also where you used an alias."},
	{accounts.RemoveWords, "Remove my words", "Your posts, messages and the titles of your threads go. What others answered stays, and so does what they quoted of you."},
	{accounts.RemoveQuotes, "Remove my words, and quotes of them", "As above, and where others quoted a post of yours, the quoted lines go too."},
}

// leaveForm is what was chosen, and what is wrong with it.
type leaveForm struct {
	parting accounts.Parting
	faults  map[string]string
}

func (p pages) leavePage(c echo.Context) error { return showLeave(c, http.StatusOK, leaveForm{}) }

func showLeave(c echo.Context, status int, form leaveForm) error {
	return page.Render(c, status, leavePage(page.Frame(c, "Leave"), form))
}

func (p pages) leave(c echo.Context) error {
	fields, err := page.Form(c)
	if err != nil {
		return err
	}
	form := leaveForm{parting: accounts.Parting(page.Shown(fields.Get("parting")))}
	err = p.leaving.Leave(c.Request().Context(), page.Viewer(c), form.parting)
	if status, faults, ok := page.Refusal(c, err, "parting"); ok {
		form.faults = faults
		return showLeave(c, status, form)
	}
	if err != nil {
		return err
	}
	page.ClearSession(c)
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return page.SeeOther(c, "/left")
}

func (p pages) stay(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := p.leaving.Stay(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	return page.SeeOther(c, "/")
}

// left is the last page. It knows nobody: whoever reads it is signed out.
func (p pages) left(c echo.Context) error {
	return page.Render(c, http.StatusOK, leftPage(page.Frame(c, "Until then")))
}
