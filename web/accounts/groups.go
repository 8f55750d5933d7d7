package accounts

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/groups"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const (
	myGroupsPath      = "/settings/groups"
	arrangeGroupsPath = "/admin/groups"
)

func (p pages) mountGroups(r *page.Routes) {
	r.GET(myGroupsPath, page.Members, p.groups)
	r.POST("/groups/:group/join", page.Members, p.joinGroup)
	r.POST("/groups/:group/leave", page.Members, p.leaveGroup)
	r.GET("/groups/:group", page.Members, p.groupPeople)
	r.POST("/groups/:group/people", page.Members, p.letIn, "handle")
	r.POST("/groups/:group/people/:id/remove", page.Members, p.takeOut, "on")
	r.POST("/groups/:group/people/:id/moderator", page.Administrators, p.setGroupModerator, "on")
	r.POST("/groups/:group/people/:id/supporter", page.Members, p.setSupporter, "on")
	r.GET(arrangeGroupsPath, page.Administrators, p.arrangedGroups)
	r.POST(arrangeGroupsPath, page.Administrators, p.addGroup, "slug", "name", "about", "open", "grants")
	r.GET("/admin/groups/:group", page.Administrators, p.arrangedGroup)
	r.POST("/admin/groups/:group", page.Administrators, p.changeGroup, "name", "about", "open", "grants")
}

// groups lists the groups, for somebody to join and leave.
func (p pages) groups(c echo.Context) error {
	all, err := p.circles.All(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, groupsPage(page.Frame(c, "Groups"), all))
}

func (p pages) joinGroup(c echo.Context) error { return inGroup(c, p.circles.Join) }

func (p pages) leaveGroup(c echo.Context) error { return inGroup(c, p.circles.Leave) }

// inGroup has something of the viewer's own done in a group, and leads back to the list.
func inGroup(c echo.Context, do func(context.Context, accounts.Viewer, string) error) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := do(c.Request().Context(), page.Viewer(c), c.Param("group")); err != nil {
		return err
	}
	return page.SeeOther(c, myGroupsPath)
}

// letInForm is a handle that was typed, and what is wrong with it.
type letInForm struct{ handle, fault string }

// groupPeople lists who is in a group, for those who look after it.
func (p pages) groupPeople(c echo.Context) error {
	return p.showPeople(c, http.StatusOK, letInForm{})
}

func (p pages) showPeople(c echo.Context, status int, f letInForm) error {
	people, err := p.circles.People(c.Request().Context(), page.Viewer(c), c.Param("group"), c.QueryParam("after"))
	if err != nil {
		return err
	}
	return page.Render(c, status, groupPeoplePage(page.Frame(c, "Group"), people, f))
}

// letIn lets somebody into a group by their handle.
func (p pages) letIn(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := letInForm{handle: page.Shown(form.Get("handle"))}
	err = p.circles.LetIn(c.Request().Context(), page.Viewer(c), c.Param("group"), form.Get("handle"))
	var refusal *fault.Error
	if errors.As(err, &refusal) && refusal.Kind == fault.Invalid && !page.WantsJSON(c) {
		f.fault = refusal.Fields["handle"]
		return p.showPeople(c, http.StatusUnprocessableEntity, f)
	}
	return p.backToPeople(c, err)
}

func (p pages) takeOut(c echo.Context) error {
	id, _, err := memberForm(c)
	if err != nil {
		return err
	}
	return p.backToPeople(c, p.circles.TakeOut(c.Request().Context(), page.Viewer(c), c.Param("group"), id))
}

func (p pages) setGroupModerator(c echo.Context) error {
	id, on, err := memberForm(c)
	if err != nil {
		return err
	}
	return p.backToPeople(c, p.circles.SetModerator(c.Request().Context(), page.Viewer(c), c.Param("group"), id, on))
}

func (p pages) setSupporter(c echo.Context) error {
	id, on, err := memberForm(c)
	if err != nil {
		return err
	}
	return p.backToPeople(c, p.circles.SetSupporter(c.Request().Context(), page.Viewer(c), c.Param("group"), id, on))
}

// memberForm reads whom a form is about, and whether it says on.
func memberForm(c echo.Context) (id int64, on bool, err error) {
	form, err := page.Form(c)
	if err != nil {
		return 0, false, err
	}
	id, err = page.ID(c, "id")
	return id, form.Get("on") == "1", err
}

func (p pages) backToPeople(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	return page.SeeOther(c, groups.Group{Slug: c.Param("group")}.Path())
}
