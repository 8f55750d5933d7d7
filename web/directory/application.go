package directory

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// applicationForm is an application, or a listing that is changed, as it was typed.
type applicationForm struct {
	directory.Application
	Own    *directory.Consultant // the listing that is changed; nil for a first application
	Faults map[string]string
}

// frequent are the languages that most people choose from; the form folds further away.
var frequent, further = parted([]string{"ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr", "uk", "zh"})

// parted are these languages and all the others, each in the order in which they are shown.
func parted(first []string) (these, others []string) {
	for _, code := range ui.Languages {
		if slices.Contains(first, code) {
			these = append(these, code)
		} else {
			others = append(others, code)
		}
	}
	return these, others
}

// speaks reports whether one of the languages is chosen.
func (a applicationForm) speaks(codes []string) bool {
	return slices.ContainsFunc(a.Languages, func(code string) bool { return slices.Contains(codes, code) })
}

// applying shows the form; who has a listing is led to it.
func (p *pages) applying(c echo.Context) error {
	viewer := page.Viewer(c)
	own, err := p.directory.ConsultantOf(c.Request().Context(), viewer, viewer.ID)
	if err == nil {
		return page.SeeOther(c, own.Path())
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	form := applicationForm{Application: directory.Application{Listing: directory.Listing{Accepting: true}}}
	return page.Render(c, http.StatusOK, applicationPage(page.Frame(c, "Be listed"), form.whole()))
}

// apply takes an application and leads to its listing. Refused, the form comes back with every word.
func (p *pages) apply(c echo.Context) error {
	return p.takeApplication(c, nil, func(typed directory.Application) (directory.Consultant, error) {
		return p.directory.Apply(c.Request().Context(), page.Viewer(c), typed)
	})
}

// editing shows the viewer's listing in the form.
func (p *pages) editing(c echo.Context) error {
	own, err := p.directory.Own(c.Request().Context(), page.Viewer(c), c.Param("slug"))
	if err != nil {
		return err
	}
	k := own.Credential
	form := applicationForm{Own: &own, Application: directory.Application{
		Listing: own.Listing, Type: k.Type, Number: k.Number, Country: directory.CountryName(k.Country),
	}}
	form.Places = slices.Clone(own.Places)
	for i, at := range form.Places {
		form.Places[i].Country = directory.CountryName(at.Country)
	}
	return page.Render(c, http.StatusOK, applicationPage(page.Frame(c, "Your listing"), form.whole()))
}

// edit changes the viewer's listing and leads to it.
func (p *pages) edit(c echo.Context) error {
	own, err := p.directory.Own(c.Request().Context(), page.Viewer(c), c.Param("slug"))
	if err != nil {
		return err
	}
	return p.takeApplication(c, &own, func(typed directory.Application) (directory.Consultant, error) {
		return p.directory.Edit(c.Request().Context(), page.Viewer(c), own.Slug, typed)
	})
}

func (p *pages) takeApplication(c echo.Context, own *directory.Consultant, send func(directory.Application) (directory.Consultant, error)) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	typed := readApplication(form)
	err = take(c, p.pace.listings)
	if err == nil {
		var listing directory.Consultant
		if listing, err = send(typed); err == nil {
			return page.SeeOther(c, listing.Path())
		}
	}
	status, faults, ok := page.Refusal(c, err, "name")
	if !ok {
		return err
	}
	back := applicationForm{Application: typed, Own: own, Faults: faults}
	return page.Render(c, status, applicationPage(page.Frame(c, "Be listed"), back.whole()))
}

// listingFields are the fields of an application and of a listing that is changed.
var listingFields = func() []string {
	fields := []string{
		"name", "text", "fees", "waiting", "telehealth", "home", "clinic", "language...", "specialty...", "accepting", "type", "number", "country",
	}
	for i := range directory.MaxPlaces {
		fields = append(fields, placeField("city", i), placeField("country", i), placeField("accepting", i))
	}
	return fields
}()

// readApplication reads the form as it was typed.
func readApplication(form url.Values) directory.Application {
	a := directory.Application{
		Listing: directory.Listing{
			Name: form.Get("name"), Text: form.Get("text"), Fees: form.Get("fees"), Waiting: form.Get("waiting"),
			Telehealth: form.Get("telehealth") == "1", Home: form.Get("home") == "1", Clinic: form.Get("clinic") == "1",
			Languages: form["language"], Specialties: form["specialty"], Accepting: form.Get("accepting") == "1",
		},
		Type: directory.Type(form.Get("type")), Number: form.Get("number"), Country: form.Get("country"),
	}
	for i := range directory.MaxPlaces {
		a.Places = append(a.Places, directory.Place{
			City: form.Get(placeField("city", i)), Country: form.Get(placeField("country", i)), Accepting: form.Get(placeField("accepting", i)) == "1",
		})
	}
	return a
}

// placeField names a field of the place with this index.
func placeField(name string, i int) string { return fmt.Sprintf("%s%d", name, i+1) }

// whole is the form fit for a page, with a row for each place that there can be.
func (f applicationForm) whole() applicationForm {
	for _, typed := range []*string{&f.Name, &f.Text, &f.Fees, &f.Waiting, &f.Number, &f.Country} {
		*typed = page.Shown(*typed)
	}
	places := make([]directory.Place, directory.MaxPlaces)
	for i := range places {
		places[i].Accepting = true
	}
	copy(places, f.Places)
	for i, at := range places {
		places[i].City, places[i].Country = page.Shown(at.City), page.Shown(at.Country)
	}
	f.Places = places
	return f
}

// attributes complete a field in which a browser may help.
func attributes(autocomplete string) templ.Attributes {
	return templ.Attributes{"autocomplete": autocomplete}
}

// Action is where the form goes.
func (f applicationForm) Action() string {
	if f.Own != nil {
		return f.Own.Path() + "/edit"
	}
	return "/consultants/apply"
}

// applicationFields are the fields in their order, for the summary of faults.
var applicationFields = []string{
	"name", "text", "fees", "telehealth", "city1", "country1", "city2", "country2", "city3", "country3", "language", "specialty",
	"waiting", "type", "number", "country",
}
