package directory

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// answersShown is how many of a consultant's answers stand below their listing.
const answersShown = 10

// consultantView is a listing, what its consultant answered, and the forms on its page as they were sent.
type consultantView struct {
	directory.Consultant
	Answers []forum.Spoken
	Contact contactForm
	Waiting string // as it was typed
	Faults  map[string]string
}

// contactForm is a request as it is written.
type contactForm struct {
	Message string
	Consent bool
	Key     string
	Why     string // why nobody can write to them now; empty where the viewer may
}

// consultant shows a listing.
func (p *pages) consultant(c echo.Context) error {
	return p.showConsultant(c, http.StatusOK, func(v *consultantView) {
		v.Contact.Key = uuid.NewString()
		v.Waiting = v.Consultant.Waiting
	})
}

// showConsultant reads the page; fill puts in what its forms hold.
func (p *pages) showConsultant(c echo.Context, status int, fill func(v *consultantView)) error {
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	consultant, err := p.directory.Consultant(ctx, viewer, c.Param("slug"))
	if err != nil {
		return err
	}
	view := consultantView{Consultant: consultant}
	view.Answers, err = p.forum.SpokenAs(ctx, viewer, consultant.PersonID, consultant.Credential.Type.Label(), answersShown)
	if err != nil {
		return err
	}
	fill(&view)
	why := directory.MayAsk(viewer, consultant, page.Now(c))
	if why == nil {
		why = viewer.Refusal(page.Now(c))
	}
	if why != nil {
		view.Contact.Why = why.Error()
	}
	frame := page.Frame(c, "Consultant")
	frame.Current = "consultants"
	return page.Render(c, status, consultantPage(frame, view))
}

// contact sends a request and leads to it. Refused, the form comes back with every word.
func (p *pages) contact(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := p.sendContact(c, form)
	if err == nil {
		return page.SeeOther(c, directory.Request{ID: id}.Path())
	}
	status, faults, ok := page.Refusal(c, err, "message")
	if !ok {
		return err
	}
	return p.showConsultant(c, status, func(v *consultantView) {
		v.Waiting, v.Faults = v.Consultant.Waiting, faults
		v.Contact = contactForm{Message: page.Shown(form.Get("message")), Consent: form.Get("consent") == "1", Key: page.Shown(form.Get("key"))}
		if faults["key"] != "" {
			v.Faults = map[string]string{"message": faults["key"]}
			v.Contact.Key = ""
		}
		if v.Contact.Key == "" {
			v.Contact.Key = uuid.NewString()
		}
	})
}

func (p *pages) sendContact(c echo.Context, form url.Values) (int64, error) {
	key, err := page.Key(form)
	if err != nil {
		return 0, err
	}
	if err := take(c, p.pace.contacts); err != nil {
		return 0, err
	}
	return p.directory.Contact(c.Request().Context(), page.Viewer(c), directory.Contact{
		Slug: c.Param("slug"), Message: form.Get("message"), Consent: form.Get("consent") == "1", Key: key,
	})
}

// confirm says that the viewer's listing is still right.
func (p *pages) confirm(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := take(c, p.pace.listings); err != nil {
		return err
	}
	if err := p.directory.Confirm(c.Request().Context(), page.Viewer(c), c.Param("slug")); err != nil {
		return err
	}
	return page.SeeOther(c, "/consultants/"+url.PathEscape(c.Param("slug")))
}

// accepting says whether the viewer takes somebody new.
func (p *pages) accepting(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	if err := take(c, p.pace.listings); err != nil {
		return err
	}
	err = p.directory.SetAccepting(c.Request().Context(), page.Viewer(c), c.Param("slug"), form.Get("accepting") == "1", form.Get("waiting"))
	if err == nil {
		return page.SeeOther(c, "/consultants/"+url.PathEscape(c.Param("slug")))
	}
	status, faults, ok := page.Refusal(c, err, "waiting")
	if !ok || faults["waiting"] == "" || status == http.StatusForbidden {
		return err
	}
	return p.showConsultant(c, status, func(v *consultantView) { v.Waiting, v.Faults = page.Shown(form.Get("waiting")), faults })
}
