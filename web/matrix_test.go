package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// matrixFile says what each route answers to each role, for each state of what it is about.
const matrixFile = "matrix.txt"

// cell is a line of the matrix: a route, a state, and one letter for each role.
type cell struct {
	method, pattern, state, answers string
}

// matrix reads the file: a line is a route, a state and the answers, or only a state and answers where the route is that
// of the line before.
func (h *house) matrix() []cell {
	h.Helper()
	text, err := os.ReadFile(matrixFile)
	h.must(err)
	var cells []cell
	for line := range strings.Lines(string(text)) {
		parts := strings.Fields(line)
		switch {
		case len(parts) == 0 || parts[0] == "#":
			continue
		case len(parts) == 2:
			last := cells[len(cells)-1]
			parts = append([]string{last.method, last.pattern}, parts...)
		case len(parts) != 4:
			h.Fatalf("%s: what is %q?", matrixFile, line)
		}
		cells = append(cells, cell{parts[0], parts[1], parts[2], parts[3]})
	}
	return cells
}

func TestMatrixDeclaresEveryRoute(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	declared, routes := map[string]bool{}, map[string]bool{}
	for _, c := range h.matrix() {
		declared[c.method+" "+c.pattern] = true
	}
	for _, r := range h.routes() {
		routes[r.method+" "+r.pattern] = true
		if !declared[r.method+" "+r.pattern] {
			t.Errorf("%s does not say who gets what from %s %s", matrixFile, r.method, r.pattern)
		}
	}
	for name := range declared {
		if !routes[name] {
			t.Errorf("%s knows a route that is not there: %s", matrixFile, name)
		}
	}
}

// TestMatrixOfRoutesRolesAndStates asks for every cell. All that is not there, or not for who asks, is answered with the
// same bytes.
func TestMatrixOfRoutesRolesAndStates(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			for _, c := range s.matrix() {
				if c.method != method {
					continue
				}
				if got := s.answers(c); got != c.answers {
					t.Errorf("%s %s, %s: got %s, declared is %s", c.method, c.pattern, c.state, got, c.answers)
				}
			}
		})
	}
}

// answers are the letters of a line, as they really are.
func (s *stage) answers(c cell) string {
	s.Helper()
	place, got := s.make(c), ""
	for _, who := range s.cast() {
		a := who.enters(c, place)
		letter := a.letter()
		got += letter
		switch {
		case letter == "n":
			s.checkLikeNothing(a, c, place)
		case letter == "f" && (who == s.muted || who == s.suspended) && got[1] == 'n':
			s.checkLikeMissing(a, c) // they hear that they may not write, and no more
		case c.method == http.MethodPost && strings.Contains("rog", letter):
			place = s.make(c) // what the next one finds is as it was
		}
	}
	return got
}

// enters asks for a cell, with a good form where it takes one.
func (p *person) enters(c cell, in place, header ...string) answer {
	p.Helper()
	at := in.address(c.pattern)
	if strings.ContainsAny(at, ":*") {
		p.Fatalf("%s needs a place for each of its parameters, and got %s", c.pattern, at)
	}
	if c.method == http.MethodPost {
		return p.post(at, in.form(c.pattern, p.taken()[c.pattern]), header...)
	}
	return p.get(at+in.query, header...)
}

// letter stands for an answer in the matrix.
func (a answer) letter() string {
	switch a.status {
	case http.StatusOK, http.StatusNoContent:
		return "o"
	case http.StatusSeeOther:
		if strings.HasPrefix(a.header.Get("Location"), "/login") {
			return "g"
		}
		return "r"
	}
	letters := map[int]string{
		http.StatusBadRequest: "b", http.StatusUnauthorized: "u", http.StatusForbidden: "f", http.StatusNotFound: "n",
		http.StatusConflict: "c", http.StatusUnprocessableEntity: "x", http.StatusGone: "d",
	}
	if letter, known := letters[a.status]; known {
		return letter
	}
	return fmt.Sprintf("(%d)", a.status)
}

// checkLikeNothing compares a page with that of an address which nothing has, and the JSON with that of a thing which is
// not there: of that, somebody who may not write hears first that they may not.
func (s *stage) checkLikeNothing(a answer, c cell, in place) {
	s.Helper()
	nothing := cell{method: c.method, pattern: "/nothing"}
	if strings.HasPrefix(c.pattern, "/static/") {
		nothing.pattern = "/static/nothing" // files know nobody
	}
	s.checkLike(a, c, nothing)
	s.checkLikeMissing(a.enters(c, in, "Accept", "application/json"), c, "Accept", "application/json")
}

// checkLikeMissing compares what is hidden with what is not there.
func (s *stage) checkLikeMissing(a answer, c cell, header ...string) {
	s.Helper()
	gone := c
	if gone.state != "-" {
		gone.state = missing
	}
	s.checkLike(a, c, gone, header...)
}

// checkLike wants the bytes that the same person gets from nothing, and asks for these once.
func (s *stage) checkLike(a answer, c, nothing cell, header ...string) {
	s.Helper()
	asked := fmt.Sprint(a.viewer.ID, nothing.method, nothing.pattern, nothing.state, header)
	if s.nothing[asked] == "" {
		s.nothing[asked] = a.enters(nothing, s.make(nothing), header...).whole()
	}
	if a.whole() != s.nothing[asked] {
		s.Errorf("%s (%s, %q) differs from nothing for %q:\n%s\n%s", a.asked, c.state, header, a.viewer.Handle, a.whole(), s.nothing[asked])
	}
}

// place is where a cell leads: the parameters and the query of its address, and what is known of its form's fields besides.
type place struct {
	params  map[string]string
	query   string
	fields  url.Values
	version int // of a post or a case; 0 elsewhere
}

func (in place) address(pattern string) string {
	at := pattern
	for param, value := range in.params {
		at = strings.Replace(at, param, value, 1)
	}
	return at
}

// form is a good one for the route, which takes these fields.
func (in place) form(pattern string, taken []string) url.Values {
	form := url.Values{}
	maps.Copy(form, in.fields)
	if in.version > 0 {
		form.Set("version", fmt.Sprint(in.version))
	}
	maps.DeleteFunc(form, func(field string, _ []string) bool {
		return !slices.Contains(taken, field) && !slices.Contains(taken, field+"...")
	})
	for field, value := range goodForms[pattern] {
		form[field] = []string{strings.NewReplacer("UUID", uuid.NewString(), "NAME", uuid.NewString()[:20]).Replace(value)}
	}
	return form
}

// goodForms are the fields of each route that takes some, beside those of its place.
var goodForms = map[string]map[string]string{
	"/admin/categories":               {"slug": "NAME", "name": "NAME", "about": "A line.", "position": "7", "audience": "members"},
	"/admin/categories/:category":     {"name": "About this place", "about": "A line.", "position": "7", "audience": "public"},
	"/admin/approvals/:id/decline":    {"reason_code": "spam"},
	"/admin/invitations":              {"note": "For a group", "uses": "3", "days": "7"},
	"/admin/people/:id/role":          {"role": "member"},
	"/admin/settings":                 {"joining": "open"},
	"/admin/settings/emails":          {"email": "b@mail.example", "banned": "1"},
	"/admin/rooms":                    {"slug": "NAME", "name": "NAME", "about": "A line.", "topic": "Softly.", "position": "7"},
	"/admin/rooms/:slug":              {"name": "Lounge", "about": "A line.", "topic": "Softly.", "position": "7"},
	"/c/:category/threads":            {"title": "A title.", "body": "Some words.", "key": "UUID"},
	"/consultants/:slug/accepting":    {"accepting": "1", "waiting": ""},
	"/consultants/:slug/contact":      {"message": "Some words.", "consent": "1", "key": "UUID"},
	"/consultants/:slug/report":       {"reason": "unkind"},
	"/contacts/:id/accept":            {"reply": "Some words."},
	"/contacts/:id/decline":           {"reply": "Some words."},
	"/decisions/:id/object":           {"note": "I see it differently."},
	"/drafts":                         {"title": "A title.", "body": "Some words."},
	"/admin/groups":                   {"slug": "NAME", "name": "NAME", "about": "A line."},
	"/admin/groups/:group":            {"name": "NAME", "about": "A line."},
	"/groups/:group/people":           {"handle": "otter"},
	"/login":                          {"login": "sol", "password": "not the password"},
	"/login/2fa":                      {"code": "000000"},
	"/login/again":                    {"code": "000000"},
	"/settings/security/totp/confirm": {"code": "000000"},
	"/login/link/:token":              {"password": "four quiet lamps burning"},
	"/mod/cases/:id/decide":           {"action": "hide", "reason_code": "unkind", "note": "Please be kinder."},
	"/mod/consultants/:id/refuse":     {"reason_code": "other"},
	"/mod/consultants/:id/verify":     {"number": "L-UUID", "country": "NL", "expires": "2027-05-01"},
	"/mod/words/:id/approve":          {"version": "2026-11-21"},
	"/notifications/seen":             {"upto": "1"},
	"/p/:id/edit":                     {"body": "Changed words.", "key": "UUID"},
	"/p/:id/react":                    {"kind": "hug", "on": "1"},
	"/p/:id/report":                   {"reason": "unkind"},
	"/password/forgot":                {"email": "a@mail.example"},
	"/password/reset/:token":          {"password": "four quiet lamps burning"},
	"/rooms/:slug/messages":           {"cmid": "UUID", "body": "Some words."},
	"/rooms/:slug/messages/:n/report": {"reason": "unkind"},
	"/settings":                       {"feeding": "nursing", "visibility": "public", "theme": "system"},
	"/settings/email":                 {"email": "b@mail.example"},
	"/settings/password":              {"password": "four quiet lamps burning"},
	"/signup":                         {"handle": "NAME", "email": "a@mail.example", "password": "four quiet lamps burning", "rules": "1"},
	"/settings/passkeys/:id":          {"name": "My old phone"},
	"/signup/passkey/begin":           {"handle": "NAME", "email": "a@mail.example", "rules": "1"},
	"/t/:id/alias":                    {"alias": "NAME"},
	"/t/:id/hide":                     {"reason_code": "care"},
	"/t/:id/lock":                     {"reason_code": "care"},
	"/t/:id/move":                     {"reason_code": "care", "category": "house"},
	"/t/:id/pin":                      {"reason_code": "care"},
	"/t/:id/posts":                    {"body": "Some words.", "key": "UUID"},
	"/t/:id/report":                   {"reason": "unkind"},
	"/t/:id/restore":                  {"reason_code": "care"},
	"/t/:id/unlock":                   {"reason_code": "care"},
	"/t/:id/unmask":                   {"reason_code": "privacy", "note": "Some words."},
	"/t/:id/unpin":                    {"reason_code": "care"},
	"/t/:id/watch":                    {"on": "0"},
	"/theme":                          {"theme": "dim"},
	"/u/:handle/report":               {"reason": "unkind"},
	"/words":                          {"body": "Some words."},
}
