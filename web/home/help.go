package home

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// lines.json is data and not markup, because the site's staff check it, approve it and change it as a whole.
//
//go:embed lines.json
var linesFile []byte

// helpLines are the crisis contacts of one version, approved by somebody of the site's staff.
type helpLines struct {
	Version   string    `json:"version"`  // the day of the list, as 2006-01-02
	Approver  string    `json:"approver"` // who checked every number; empty until somebody did
	Countries []country `json:"countries"`
}

// country is where somebody is, with the lines that answer there, the emergency number first.
type country struct {
	Code  string     `json:"code"` // "us"; "other" stands for the rest of the world and comes last
	Name  string     `json:"name"`
	Lines []helpLine `json:"lines"`
}

// helpLine is one number to call.
type helpLine struct {
	Number string `json:"number"` // as people know it: "1-833-TLC-MAMA"
	Tel    string `json:"tel"`    // as a telephone dials it
	When   string `json:"when"`
}

const elsewhere = "other"

// contacts is the list in use; a broken file stops the program before it opens.
var contacts = mustReadLines(linesFile)

func mustReadLines(file []byte) helpLines {
	var list helpLines
	if err := json.Unmarshal(file, &list); err != nil {
		panic(fmt.Sprintf("reading the help lines: %v", err))
	}
	return list
}

// in is the country with this code; the rest of the world where there is none.
func (l helpLines) in(code string) country {
	at := slices.IndexFunc(l.Countries, func(c country) bool { return c.Code == code })
	if at < 0 {
		return l.Countries[len(l.Countries)-1]
	}
	return l.Countries[at]
}

// credit says how old the list is, and who checked it.
func (l helpLines) credit() string { return ui.Credit("Numbers", l.Version, l.Approver) }

// helpNow shows the crisis contacts. It asks no database and keeps nothing about who asked.
func helpNow(c echo.Context) error {
	code := c.QueryParam("country")
	if code == "" {
		code = likelyCountry(c.Request())
	}
	f := page.Frame(c, "Help")
	f.Current = "help"
	return page.Render(c, http.StatusOK, helpPage(f, contacts, contacts.in(code)))
}

// likelyCountry is a first guess by the browser's language, so that in haste one choice less is to be made.
func likelyCountry(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return elsewhere
	}
	region, _ := tags[0].Region()
	return strings.ToLower(region.String())
}
