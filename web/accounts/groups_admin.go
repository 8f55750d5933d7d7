package accounts

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// groupForm is what is said about a group, as it was typed, with what is wrong with it.
type groupForm struct {
	accounts.Group
	faults map[string]string
}

// groupFields are the fields in their order, for the summary of faults.
var groupFields = []string{"slug", "name", "about"}

func readGroup(form url.Values) groupForm {
	return groupForm{Group: accounts.Group{
		Slug: page.Shown(form.Get("slug")), Name: page.Shown(form.Get("name")), About: page.Shown(form.Get("about")),
		Open: form.Get("open") == "1", Grants: form.Get("grants") == "1",
	}}
}

// again gives the form back with its faults; other errors pass.
func (f groupForm) again(c echo.Context, err error, show func(groupForm) error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || page.WantsJSON(c) {
		return err
	}
	f.faults = refusal.Fields
	return show(f)
}

// arrangedGroups lists the groups for administrators, with the form of a new one.
func (p pages) arrangedGroups(c echo.Context) error {
	return p.showGroups(c, http.StatusOK, groupForm{})
}

func (p pages) showGroups(c echo.Context, status int, f groupForm) error {
	all, err := p.accounts.Groups(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, status, groupsArranged(page.Frame(c, "Groups"), all, f))
}

// addGroup makes a group.
func (p pages) addGroup(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readGroup(form)
	if err := p.accounts.AddGroup(c.Request().Context(), page.Viewer(c), f.Group); err != nil {
		return f.again(c, err, func(f groupForm) error { return p.showGroups(c, http.StatusUnprocessableEntity, f) })
	}
	return page.SeeOther(c, arrangeGroupsPath)
}

// arrangedGroup shows what is said about a group.
func (p pages) arrangedGroup(c echo.Context) error {
	found, err := p.accounts.Group(c.Request().Context(), page.Viewer(c), c.Param("group"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, groupArranged(page.Frame(c, "Groups"), groupForm{Group: found}))
}

// changeGroup takes what is said about a group anew.
func (p pages) changeGroup(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readGroup(form)
	f.Slug = c.Param("group")
	if err := p.accounts.ChangeGroup(c.Request().Context(), page.Viewer(c), f.Group); err != nil {
		return f.again(c, err, func(f groupForm) error {
			return page.Render(c, http.StatusUnprocessableEntity, groupArranged(page.Frame(c, "Groups"), f))
		})
	}
	return page.SeeOther(c, arrangeGroupsPath)
}
