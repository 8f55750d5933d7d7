// Package ui holds the components that every page is made of: the layout with its way to help and its quiet
// way out, icons, labels, form fields and the words for time.
//
// Owns: how things look and read. Not here: requests, cookies and answers (web/page), and what is true (server).
package ui

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"firstdrops/server/accounts"
)

// Frame is what the layout needs to know about the page that it holds.
type Frame struct {
	Title   string // neutral: it stands in the browser's history and on the screen of a shared phone
	Viewer  accounts.Viewer
	Theme   string    // light, dark or dim; empty follows the device
	Static  string    // where static files are: "/static/<hash>"
	Current string    // the entry of the navigation that this page belongs to: home, rooms, consultants, search, questions, desk, notices, me, join, login, help; may be empty
	Body    string    // class of <body>; may be empty
	Scripts []string  // names of further modules under static/js, without ".js"
	Now     time.Time // the moment that "12 min ago" counts from
	Bare    bool      // neither footer nor tab bar, as in a room
	Reduced bool      // less over the wire: without the scripts of spared
	Left    bool      // somebody left this place quietly a moment ago; going back shows nothing of it
}

// spared are the modules without which everything works, and only waits for the next page: what counts, looks again or greets.
var spared = []string{"bell", "desk", "home", "notices"}

// modules are the scripts that the page loads, by name.
func (f Frame) modules() []string {
	modules := []string{"app"}
	if !f.Viewer.Guest() && !f.Viewer.Suspended(f.Now) {
		modules = append(modules, "bell")
	}
	modules = append(modules, f.Scripts...)
	if f.Reduced {
		modules = slices.DeleteFunc(modules, func(name string) bool { return slices.Contains(spared, name) })
	}
	return modules
}

// script is the address of a module.
func (f Frame) script(name string) string { return f.Static + "/js/" + name + ".js" }

// profile is the address of the viewer's own page.
func (f Frame) profile() string { return "/u/" + f.Viewer.Handle }

// current marks the navigation entry that the page belongs to.
func (f Frame) current(entry string) templ.Attributes {
	if f.Current != entry {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// theme is a choice of light as the footer offers it.
type theme struct{ value, words string }

var themes = []theme{{"system", "As my phone"}, {"light", "Light"}, {"dark", "Dark"}, {"dim", "Dim"}}

// chosen says whether this is the theme of the frame.
func (t theme) chosen(f Frame) bool {
	return t.value == f.Theme || t.value == "system" && f.Theme == ""
}
