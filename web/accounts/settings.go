package accounts

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// settingsForm is what somebody says of themselves, as it stands or as it was typed, and what is wrong with it.
type settingsForm struct {
	settings.Self
	saved  bool
	faults map[string]string
}

// settings shows what the viewer chose.
func (p pages) settings(c echo.Context) error {
	self, err := p.selves.Of(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, settingsPage(settingsFrame(c), settingsForm{Self: self, saved: c.QueryParam("saved") == "1"}))
}

// saveSettings stores what was typed. Refused, the form comes back with every word.
func (p pages) saveSettings(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	self := selfIn(form)
	if err := p.selves.Set(c.Request().Context(), page.Viewer(c), self); err != nil {
		status, faults, ok := page.Refusal(c, err, "name")
		if !ok {
			return err
		}
		return page.Render(c, status, settingsPage(settingsFrame(c), settingsForm{Self: shown(self), faults: faults}))
	}
	if err := page.SetTheme(c, cmp.Or(self.Theme, system)); err != nil {
		return err
	}
	return page.SeeOther(c, "/settings?saved=1")
}

// selfIn reads what was typed.
func selfIn(form url.Values) settings.Self {
	return settings.Self{
		Name: form.Get("name"), Pronouns: form.Get("pronouns"), Feeding: form.Get("feeding"), Way: form["way"], WayLine: form.Get("way_line"),
		Visibility: accounts.Visibility(form.Get("visibility")), Language: form.Get("language"), Zone: form.Get("zone"),
		Theme: themeOf(form.Get("theme")), ReducedData: form.Get("reduced_data") == "1",
	}
}

// shown is what was typed, fit for a page.
func shown(self settings.Self) settings.Self {
	for _, typed := range []*string{&self.Name, &self.Pronouns, &self.WayLine, &self.Zone} {
		*typed = page.Shown(*typed)
	}
	return self
}

func settingsFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Settings")
	frame.Current = "me"
	return frame
}

// choice is one of several, as a form offers it.
type choice struct{ value, words string }

var (
	visibilities = []choice{
		{string(accounts.ForEverybody), "Everybody"}, {string(accounts.ForMembers), "Members"}, {string(accounts.ForNobody), "Nobody but me"},
	}
	themes = []choice{{system, "As my phone"}, {"light", "Light"}, {"dark", "Dark"}, {"dim", "Dim"}}
	// offered are beginnings: any other word, and any other zone that there is, can be typed.
	offeredPronouns = []string{"she/her", "he/him", "they/them", "she/they", "he/they"}
	offeredZones    = []string{
		"Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Chicago", "America/Denver", "America/Los_Angeles",
		"America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto", "Asia/Dubai", "Asia/Jakarta", "Asia/Kolkata",
		"Asia/Manila", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Europe/Amsterdam",
		"Europe/Berlin", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Madrid",
		"Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Pacific/Auckland", "UTC",
	}
)

// wayWords say where somebody is on the way.
var wayWords = map[string]string{
	"relactating":     "Relactating",
	"inducing":        "Inducing lactation",
	"adoptive":        "Adoptive parent",
	"non-gestational": "Non-gestational parent",
	"surrogacy":       "Parent through surrogacy",
	"pumping":         "Pumping",
	"supplementer":    "With a supplementer",
	"donor-milk":      "Donor milk",
	"premature":       "Premature baby",
	"low-supply":      "Low supply",
	"weaning":         "Weaning",
}
