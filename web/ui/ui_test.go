package ui

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"firstdrops/server/accounts"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var html strings.Builder
	if err := c.Render(context.Background(), &html); err != nil {
		t.Fatal(err)
	}
	return html.String()
}

func expect(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html, part) {
			t.Errorf("lacks %s:\n%s", part, html)
		}
	}
}

func refuse(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(html, part) {
			t.Errorf("has %s:\n%s", part, html)
		}
	}
}

var river = accounts.Viewer{ID: 1, Handle: "river", Name: "River <b>", Role: accounts.Member}

func TestLayoutHasHelpAndExitOnEveryPage(t *testing.T) {
	t.Parallel()
	for _, f := range []Frame{{}, {Viewer: river}, {Bare: true}, {Viewer: river, Bare: true}} {
		expect(t, render(t, Layout(f)), `href="/help/now"`, `href="/exit" rel="noreferrer" data-exit`, `href="#main"`)
	}
}

func TestLayoutShowsOnlyWhatTheViewerCanUse(t *testing.T) {
	t.Parallel()
	guest, member := render(t, Layout(Frame{})), render(t, Layout(Frame{Viewer: river}))
	expect(t, guest, `href="/signup"`, `href="/login"`)
	refuse(t, guest, `action="/logout"`, `href="/u/`)
	expect(t, member, `href="/u/river"`, `action="/logout"`, "River &lt;b&gt;")
	refuse(t, member, `href="/signup"`, `href="/login"`)
}

func TestLayoutSparesWhatOnlyLooksForNews(t *testing.T) {
	t.Parallel()
	f := Frame{Viewer: river, Scripts: []string{"drafts", "home", "notices", "desk"}}
	expect(t, render(t, Layout(f)), "/js/bell.js", "/js/home.js", "/js/notices.js", "/js/desk.js")
	f.Reduced = true
	less := render(t, Layout(f))
	expect(t, less, "/js/app.js", "/js/drafts.js")
	refuse(t, less, "/js/bell.js", "/js/home.js", "/js/notices.js", "/js/desk.js")
}

func TestLayoutTellsTheScriptsZoneAndWayOut(t *testing.T) {
	t.Parallel()
	v := river
	v.Zone = "Asia/Kolkata"
	expect(t, render(t, Layout(Frame{Viewer: v, Left: true})), `data-zone="Asia/Kolkata"`, " data-left")
	refuse(t, render(t, Layout(Frame{Viewer: river})), "data-zone", "data-left")
}

func TestLayoutOfARoomIsBare(t *testing.T) {
	t.Parallel()
	withheld := accounts.Viewer{ID: 7, Handle: "june", Role: accounts.Member, Given: accounts.Moderator}
	html := render(t, Layout(Frame{Viewer: withheld, Bare: true, Body: "in-room", Scripts: []string{"room"}, Static: "/static/abc"}))
	refuse(t, html, "<footer", "tabbar", "/settings/security")
	expect(t, html, `<body class="in-room">`, `<script type="module" src="/static/abc/js/room.js">`)
}

func TestLayoutMarksWhereOneIs(t *testing.T) {
	t.Parallel()
	html := render(t, Layout(Frame{Current: "rooms"}))
	if marked := strings.Count(html, `href="/rooms" aria-current="page"`); marked != 2 || strings.Count(html, "aria-current") != 2 {
		t.Errorf("rooms are marked %d times", marked)
	}
}

func TestLayoutKeepsTheChosenTheme(t *testing.T) {
	t.Parallel()
	expect(t, render(t, Layout(Frame{Theme: "dim"})), `<html lang="en" data-theme="dim">`, `value="dim" aria-pressed="true"`, `value="system" aria-pressed="false"`)
	device := render(t, Layout(Frame{}))
	expect(t, device, `<html lang="en">`, `value="system" aria-pressed="true"`)
	refuse(t, device, "data-theme=")
}

// The policy of content allows neither, and a page that relies on them breaks without a word.
func TestLayoutHasNothingInline(t *testing.T) {
	t.Parallel()
	html := render(t, Layout(Frame{Viewer: river, Static: "/static/abc"}))
	if inline := regexp.MustCompile(`<style|\sstyle=|\son[a-z]+=|<script>|<script [^>]*>[^<]|javascript:|https?://`).FindString(html); inline != "" {
		t.Errorf("the layout holds %q", inline)
	}
}

func TestLabelSaysWhoSpeaksInWords(t *testing.T) {
	t.Parallel()
	for label, words := range map[accounts.Label]string{
		accounts.Peer: "Peer experience", accounts.Supporter: "Trained supporter",
		accounts.IBCLC: "Verified IBCLC", accounts.AsModerator: "Moderator",
	} {
		if got := LabelWords(label); got != words {
			t.Errorf("%s is %q", label, got)
		}
		expect(t, render(t, Label(label)), "</svg>"+words+"</span>", `<span class="label`)
	}
}

func TestOnlyVerifiedLabelsAreFilled(t *testing.T) {
	t.Parallel()
	for label := range labels {
		filled := strings.Contains(render(t, Label(label)), "label-ibclc")
		if filled != (label == accounts.IBCLC) {
			t.Errorf("%s filled: %t", label, filled)
		}
	}
}

func TestEveryIconCanBeDrawn(t *testing.T) {
	t.Parallel()
	if drawn := strings.Count(iconSet, "<symbol"); drawn != len(icons) {
		t.Errorf("%d of %d icons could be read", len(icons), drawn)
	}
	for name := range icons {
		expect(t, render(t, Icon(name)), `<svg class="i"`, `aria-hidden="true"`, "</svg>")
	}
	if err := Icon("unheard-of").Render(context.Background(), &strings.Builder{}); err == nil {
		t.Error("an unknown icon is drawn as nothing")
	}
}

func TestLampIsLitWhileSomebodyIsIn(t *testing.T) {
	t.Parallel()
	expect(t, render(t, Lamp(true)), `class="lamp lit"`)
	expect(t, render(t, Lamp(false)), `class="lamp dark-room"`)
}
