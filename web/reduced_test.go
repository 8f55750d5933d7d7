package web_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var (
	scriptSource = regexp.MustCompile(`<script type="module" src="([^"]+)"`)
	imported     = regexp.MustCompile(`(?:from|import)\s*"\./([a-z]+\.js)"`)
)

// scripts are the paths of all that a page loads to run, with what each needs in its turn.
func (a answer) scripts() []string {
	a.Helper()
	var all []string
	for _, source := range scriptSource.FindAllStringSubmatch(a.body, -1) {
		all = append(all, source[1])
	}
	seen := map[string]bool{}
	for i := 0; i < len(all); i++ {
		path := all[i]
		if seen[path] {
			continue
		}
		seen[path] = true
		folder := path[:strings.LastIndexByte(path, '/')+1]
		for _, needed := range imported.FindAllStringSubmatch(a.get(path).want(http.StatusOK).body, -1) {
			all = append(all, folder+needed[1])
		}
	}
	var once []string
	for path := range seen {
		once = append(once, path)
	}
	return once
}

// weight is what a page and its scripts bring over the wire, compressed, for somebody who has the style already.
func (a answer) weight() int {
	a.Helper()
	var sent bytes.Buffer
	for _, body := range append([]string{a.body}, a.bodies(a.scripts())...) {
		w := gzip.NewWriter(&sent)
		_, err := w.Write([]byte(body))
		a.must(err)
		a.must(w.Close())
	}
	return sent.Len()
}

func (a answer) bodies(paths []string) []string {
	a.Helper()
	var bodies []string
	for _, path := range paths {
		bodies = append(bodies, a.get(path).want(http.StatusOK).body)
	}
	return bodies
}

// TestReducedDataWeighsLess: without a connection that listens for news a thread needs a sixth less, and can all that it could.
func TestReducedDataWeighsLess(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	at := wren.thread("relactation", "Is it too late?", "She is ten weeks old.").Path()
	whole := wren.get(at).want(http.StatusOK)
	h.exec(`UPDATE people SET reduced_data = true WHERE id = ?`, wren.viewer.ID)
	less := wren.get(at).want(http.StatusOK)
	t.Logf("a thread is %d bytes, and %d reduced", whole.weight(), less.weight())
	if less.weight()*6 > whole.weight()*5 {
		t.Errorf("%d bytes instead of %d", less.weight(), whole.weight())
	}
	loaded := strings.Join(less.scripts(), " ")
	if strings.Contains(loaded, "/bell.js") || strings.Contains(loaded, "/socket.js") || !strings.Contains(loaded, "/exit.js") || !strings.Contains(loaded, "/drafts.js") {
		t.Errorf("reduced, it loads %s", loaded)
	}
	if loaded := strings.Join(wren.get("/rooms/lounge").want(http.StatusOK).scripts(), " "); !strings.Contains(loaded, "/socket.js") {
		t.Errorf("a room is not live with %s", loaded)
	}
	if loaded := strings.Join(h.member("sol").get("/", "Save-Data", "on").scripts(), " "); strings.Contains(loaded, "/bell.js") || strings.Contains(loaded, "/home.js") {
		t.Errorf("a browser that saves data loads %s", loaded)
	}
}
