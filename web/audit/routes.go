// Package audit shows staff what staff did.
//
// Owns: the page /mod/audit. Not here: the record itself (server/audit), what each act means (the domains).
package audit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

const recordPath = "/mod/audit"

type pages struct {
	audit    *audit.Audit
	accounts *accounts.Accounts
	forum    *forum.Forum
}

// Mount registers the page.
func Mount(r *page.Routes, record *audit.Audit, people *accounts.Accounts, f *forum.Forum) {
	p := pages{record, people, f}
	r.GET(recordPath, page.Moderators, p.record)
}

// record shows a page of the audit, with the names of those who are in it.
func (p pages) record(c echo.Context) error {
	before, err := page.Before(c)
	if err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	stretch, err := p.audit.Page(ctx, before)
	if err != nil {
		return err
	}
	people, err := p.accounts.Names(ctx, viewer, peopleIn(stretch.Entries))
	if err != nil {
		return err
	}
	categories, err := p.forum.Categories(ctx, viewer)
	if err != nil {
		return err
	}
	frame := page.Frame(c, "What staff did")
	frame.Current = "desk"
	return page.Render(c, http.StatusOK, recordPage(frame, stretch, names{people, categories}))
}

// peopleIn are the ids of those who acted or were acted on.
func peopleIn(entries []audit.Entry) []int64 {
	ids := []int64{}
	for _, e := range entries {
		ids = append(ids, e.ActorID)
		if e.Kind == audit.Person {
			ids = append(ids, e.ObjectID)
		}
	}
	return ids
}

// names are what the ids of entries are called.
type names struct {
	people     map[int64]accounts.Person
	categories []forum.Category
}

// person names somebody, who may be gone, or the operator, who is no person here.
func (n names) person(id int64) string {
	if id == audit.Operator {
		return "The operator"
	}
	if p, known := n.people[id]; known {
		return p.Handle
	}
	return fmt.Sprintf("person %d", id)
}

func (n names) category(id int64) string {
	for _, c := range n.categories {
		if c.ID == id {
			return c.Name
		}
	}
	return fmt.Sprintf("category %d", id)
}

// verbs say what was done: the words before the object, and those after it.
var verbs = map[audit.Verb]struct{ before, after string }{
	audit.Pin:               {"pinned", ""},
	audit.Unpin:             {"unpinned", ""},
	audit.Lock:              {"locked", ""},
	audit.Unlock:            {"unlocked", ""},
	audit.Hide:              {"hid", ""},
	audit.Restore:           {"restored", ""},
	audit.Move:              {"moved", " into "},
	audit.MakeMember:        {"made", " a member"},
	audit.MakeConsultant:    {"made", " a consultant"},
	audit.MakeModerator:     {"made", " a moderator"},
	audit.MakeAdministrator: {"made", " an administrator"},
	audit.Remove:            {"removed", ""},
	audit.Warn:              {"wrote to", ""},
	audit.Mute:              {"muted", ""},
	audit.Suspend:           {"suspended", ""},
	audit.Lift:              {"lifted what was taken from", ""},
	audit.Open:              {"opened", ""},
	audit.Claim:             {"took", ""},
	audit.Release:           {"gave back", ""},
	audit.Decide:            {"decided", ""},
	audit.Undo:              {"took back the decision on", ""},
	audit.Verify:            {"verified", ""},
	audit.Refuse:            {"refused", ""},
	audit.Add:               {"added", ""},
	audit.Change:            {"changed", ""},
	audit.Accept:            {"let in", ""},
	audit.Decline:           {"did not let in", ""},

	audit.LetIn:              {"let in", ""},
	audit.TakeOut:            {"took out", ""},
	audit.MakeGroupModerator: {"made", " a moderator"},
	audit.EndGroupModerator:  {"made", " no longer a moderator"},
	audit.GrantSupporter:     {"made", " a trained supporter"},
	audit.EndSupporter:       {"made", " no longer a trained supporter"},
	audit.EndSessions:        {"signed", " out"},
	audit.ResetSecondFactor:  {"took the second factor from", ""},
}

// did is the verb in words; one that this page does not know yet stands as it is.
func did(e audit.Entry) string {
	if words, known := verbs[e.Verb]; known {
		return words.before
	}
	return string(e.Verb)
}

// object names what it was done to, and where it leads; nowhere where ids have no page.
func (n names) object(e audit.Entry) (words, path string) {
	words = fmt.Sprintf("%s %d", strings.ReplaceAll(string(e.Kind), "_", " "), e.ObjectID)
	switch e.Kind {
	case audit.Person:
		who := n.person(e.ObjectID)
		return who, "/u/" + who
	case audit.Thread:
		return words, fmt.Sprintf("/t/%d", e.ObjectID)
	case audit.Post:
		return words, fmt.Sprintf("/p/%d", e.ObjectID)
	case audit.Case:
		return words, fmt.Sprintf("/mod/cases/%d", e.ObjectID)
	case audit.Listing, audit.Credential:
		return words, "/mod/consultants"
	case audit.Wording:
		return words, fmt.Sprintf("/mod/words#w-%d", e.ObjectID)
	case audit.Setting:
		return "how people join", "/admin/settings"
	case audit.Invitation:
		return words, "/admin/invitations"
	case audit.Category:
		return n.category(e.ObjectID), ""
	}
	return words, ""
}

// outcome is what stands after the object.
func (n names) outcome(e audit.Entry) string {
	words := verbs[e.Verb].after
	switch {
	case e.Kind == audit.Message:
		words += fmt.Sprintf(" in room %d", e.IntoID)
	case e.IntoID != 0 && e.Kind == audit.Person:
		words += fmt.Sprintf(", group %d", e.IntoID)
	case e.IntoID != 0:
		words += n.category(e.IntoID)
	}
	return words
}
