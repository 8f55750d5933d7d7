package accounts

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
	"firstdrops/web/page"
)

// peopleView is a page of the people, as it was asked for.
type peopleView struct {
	accounts.PeoplePage
	begins string // how the handles begin that were looked for
	after  string
	fault  string // why a role was not given
	faulty int64  // to whom
}

// people lists the people for administrators.
func (p pages) people(c echo.Context) error {
	view, err := p.readPeople(c, c.QueryParam("q"), c.QueryParam("after"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, peoplePage(page.Frame(c, "People"), view))
}

func (p pages) readPeople(c echo.Context, begins, after string) (peopleView, error) {
	list, err := p.accounts.People(c.Request().Context(), page.Viewer(c), begins, after)
	return peopleView{PeoplePage: list, begins: cut(begins), after: cut(after)}, err
}

// setRole gives somebody a role and leads back to where they stand in the list.
func (p pages) setRole(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	err = p.accounts.SetRole(c.Request().Context(), page.Viewer(c), id, accounts.Role(form.Get("role")))
	if err == nil {
		return page.SeeOther(c, peoplePath(form.Get("q"), form.Get("after")))
	}
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || page.WantsJSON(c) {
		return err
	}
	view, err := p.readPeople(c, form.Get("q"), form.Get("after"))
	if err != nil {
		return err
	}
	view.fault, view.faulty = refusal.Message, id
	return page.Render(c, http.StatusUnprocessableEntity, peoplePage(page.Frame(c, "People"), view))
}

// cut is what was typed of a handle, fit for a page and an address: what is longer than any handle finds nobody.
func cut(typed string) string {
	runes := []rune(page.Shown(typed))
	return string(runes[:min(len(runes), 2*text.HandleMax)])
}

// peoplePath is the address of a page of the list.
func peoplePath(begins, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"q": begins, "after": after} {
		if value != "" {
			query.Set(name, cut(value))
		}
	}
	if len(query) == 0 {
		return "/admin/people"
	}
	return "/admin/people?" + query.Encode()
}
