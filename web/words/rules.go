package words

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"firstdrops/server/words"
	"firstdrops/web/page"
)

// rulesPath is where staff read what care notes say, and what makes them appear.
const rulesPath = "/mod/words"

// kindWords say what a rule is for, and who sees its note.
var kindWords = map[words.Kind]string{
	words.Crisis: "Somebody may be in danger: only the one who wrote sees it, and a case is opened.",
	words.Baby:   "A baby may get too little: everybody sees it, under the words.",
	words.Care:   "A medicine or a herb: everybody sees it, under the words.",
}

// rules shows what the house says about some words.
func (p *pages) rules(c echo.Context) error {
	all, err := p.words.Rules(c.Request().Context())
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Care notes")
	frame.Current = "desk"
	return page.Render(c, http.StatusOK, rulesPage(frame, all))
}

// approve puts the administrator's name under a wording.
func (p *pages) approve(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	number, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	if err := p.moderation.ApproveWording(c.Request().Context(), page.Viewer(c), number, form.Get("version")); err != nil {
		return err
	}
	return page.SeeOther(c, fmt.Sprintf("%s#w-%d", rulesPath, number))
}

// termWords write a term for people.
func termWords(term string) string { return strings.ReplaceAll(term, "|", " or ") }
