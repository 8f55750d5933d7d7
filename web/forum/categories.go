package forum

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const arrangePath = "/admin/categories"

// categoryForm is what is said about a category, as it was typed, with what is wrong with it.
type categoryForm struct {
	slug, name, about, audience, position string
	faults                                map[string]string
}

// categoryFields are the fields in their order, for the summary of faults.
var categoryFields = []string{"slug", "name", "about", "audience", "position"}

// audiences are what an administrator chooses from.
var audiences = []forum.Audience{forum.Public, forum.Members}

func formOf(c forum.Category) categoryForm {
	return categoryForm{slug: c.Slug, name: c.Name, about: c.About, audience: string(c.Audience), position: strconv.Itoa(c.Position)}
}

func readCategory(form url.Values) categoryForm {
	return categoryForm{
		slug: page.Shown(form.Get("slug")), name: page.Shown(form.Get("name")), about: page.Shown(form.Get("about")),
		audience: page.Shown(form.Get("audience")), position: page.Shown(form.Get("position")),
	}
}

func (f categoryForm) category() forum.Category {
	position, _ := strconv.Atoi(f.position) // what is no number is no place: the domain says so
	return forum.Category{Slug: f.slug, Name: f.name, About: f.about, Audience: forum.Audience(f.audience), Position: position}
}

// again gives the form back with its faults; other errors pass.
func (f categoryForm) again(c echo.Context, err error, show func(categoryForm) error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || page.WantsJSON(c) {
		return err
	}
	f.faults = refusal.Fields
	return show(f)
}

// arranged lists the categories for administrators, with the form of a new one.
func (p *pages) arranged(c echo.Context) error {
	return p.showCategories(c, http.StatusOK, categoryForm{})
}

func (p *pages) showCategories(c echo.Context, status int, f categoryForm) error {
	all, err := p.forum.Categories(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	if f.faults == nil && len(all) > 0 {
		f.position = strconv.Itoa(all[len(all)-1].Position + 1)
	}
	return page.Render(c, status, categoriesArranged(page.Frame(c, "Arrange categories"), all, f))
}

// addCategory opens a category.
func (p *pages) addCategory(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readCategory(form)
	if err := p.forum.AddCategory(c.Request().Context(), page.Viewer(c), f.category()); err != nil {
		return f.again(c, err, func(f categoryForm) error { return p.showCategories(c, http.StatusUnprocessableEntity, f) })
	}
	return page.SeeOther(c, arrangePath)
}

// arrangedCategory shows what is said about a category.
func (p *pages) arrangedCategory(c echo.Context) error {
	found, err := p.forum.Category(c.Request().Context(), page.Viewer(c), c.Param("category"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, categoryArranged(page.Frame(c, "Arrange categories"), formOf(found)))
}

// changeCategory takes what is said about a category anew.
func (p *pages) changeCategory(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readCategory(form)
	f.slug = c.Param("category")
	if err := p.forum.ChangeCategory(c.Request().Context(), page.Viewer(c), f.category()); err != nil {
		return f.again(c, err, func(f categoryForm) error {
			return page.Render(c, http.StatusUnprocessableEntity, categoryArranged(page.Frame(c, "Arrange categories"), f))
		})
	}
	return page.SeeOther(c, arrangePath)
}
