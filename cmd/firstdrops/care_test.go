package main

import (
	"strings"
	"testing"

	"firstdrops/server/platform/testdb"
)

// TestCareWhileWriting types about a medicine: a note stands beside the words before they are sent, goes with them, and
// stands under the post. Nothing is stopped or changed.
func TestCareWhileWriting(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	site := "http://" + address
	startNode(t, address, site, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	wren := visit(t, chromium(t), site)
	wren.join("wren")
	wren.open("/c/house/new")
	wren.find("#title").MustInput("A question")
	body := wren.find("#body")
	body.MustInput("I asked my doctor about domperidone, 10 mg.")
	wren.says("form [data-care] .care", "Care note: domperidone")
	wren.says("form [data-care] .care", "An amount that is named here")
	if *shots != "" {
		screen{who: wren}.look(t, "care-while-writing")
	}
	screen{name: "care-while-writing", who: wren}.axe(t, "care-while-writing", 1280, "light")
	body.MustSelectAllText().MustInput("I asked my doctor.")
	wren.MustWait(`() => !document.querySelector("[data-care] .care")`)
	body.MustSelectAllText().MustInput("I want to die")
	wren.says("form [data-care] .care a", "Get help now")
	wren.submit("#start .btn-main")
	wren.says("#help-for-you .care", "You do not have to carry this alone")
	if said := wren.find("article [data-prose]").MustText(); strings.TrimSpace(said) != "I want to die" {
		t.Errorf("the post says %q", said)
	}
}
