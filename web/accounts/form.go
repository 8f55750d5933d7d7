package accounts

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/joining"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// form is what was typed and what is wrong with it. It never holds a password.
type form struct {
	handle, email, login string
	rules                bool
	invitation           string
	way                  joining.Way // how people join now
	handleOK             string      // the handle that a hint was given for, and that they keep
	strength             string      // of the password that was typed, in a word; empty where something is wrong with it
	reset                bool        // they come from choosing a new password
	over                 bool        // they come by a link that is over
	code                 string      // of a second factor: whoever mistyped one finger of twenty can mend it
	next                 string      // where to go afterwards: a path of this site, or empty
	title                string      // of the summary of faults
	faults               map[string]string
}

// readForm reads what was typed.
func readForm(c echo.Context) (form, error) {
	fields, err := page.Form(c)
	if err != nil {
		return form{}, err
	}
	typed := func(field string) string {
		return page.Shown(fields.Get(field))
	}
	next, _ := page.LocalPath(fields.Get("next"))
	return form{
		handle: typed("handle"), email: typed("email"), login: typed("login"),
		rules: typed("rules") == "1", invitation: typed("invitation"), handleOK: typed("handle_ok"), code: typed("code"), next: next,
	}, nil
}

// password is what was typed; it goes to the domain and never back to a page.
func password(c echo.Context) string { return c.Request().PostForm.Get("password") }

// again shows a form anew with its faults; where it is not the form's fault (too often, too busy)
// with what happened. What is typed stays either way.
func (f form) again(c echo.Context, err error, show func(form) templ.Component) error {
	if db.Unavailable(err) {
		err = page.Away()
	}
	var refusal *fault.Error
	if !errors.As(err, &refusal) || page.WantsJSON(c) {
		return err
	}
	status := http.StatusUnprocessableEntity
	switch refusal.Kind {
	case fault.Invalid:
		f.title, f.faults = summary(len(refusal.Fields)), refusal.Fields
	case fault.TooMany:
		status = http.StatusTooManyRequests
	case fault.Unavailable:
		status = http.StatusServiceUnavailable
	default:
		return err
	}
	if refusal.Kind != fault.Invalid {
		f.title, f.faults = refusal.Message, map[string]string{"": ""} // of no field
	}
	if refusal.Retry > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.Retry.Seconds()))))
	}
	return page.Render(c, status, show(f))
}

func summary(faults int) string {
	if faults == 1 {
		return "One thing needs another look"
	}
	return fmt.Sprintf("%d things need another look", faults)
}

// afterwards is where somebody goes who came in.
func (f form) afterwards() string {
	if f.next == "" {
		return "/"
	}
	return f.next
}
