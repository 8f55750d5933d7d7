package static

import (
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func get(target string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, httptest.NewRequestWithContext(context.Background(), http.MethodGet, target, nil))
	return recorder
}

func TestFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{
		"/site.css": "text/css; charset=utf-8", "/css/tokens.css": "text/css; charset=utf-8",
		"/js/app.js": "text/javascript; charset=utf-8", "/img/lamp.svg": "image/svg+xml",
	} {
		got := get(Prefix() + name)
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != contentType ||
			got.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || got.Body.Len() == 0 {
			t.Errorf("%s: %d %v", name, got.Code, got.Header())
		}
	}
}

func TestOtherPathsAreMissing(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		Prefix(), Prefix() + "/", Prefix() + "/css", Prefix() + "/css/", Prefix() + "/nothing.css", Prefix() + "/../static.go",
		Prefix() + "/static.go", "/static/0123456789ab/site.css", "/site.css", Prefix() + "x/site.css", Prefix() + "/./site.css",
	} {
		if got := get(target); got.Code != http.StatusNotFound || got.Header().Get("Cache-Control") != "" {
			t.Errorf("%s: %d %v", target, got.Code, got.Header())
		}
	}
}

func TestHashNamesNamesAndContents(t *testing.T) {
	t.Parallel()
	one := map[string][]byte{"a": []byte("1"), "b": []byte("2")}
	if hash(one) != hash(maps.Clone(one)) {
		t.Error("the same files have two names")
	}
	for _, other := range []map[string][]byte{
		{"a": []byte("1"), "b": []byte("3")}, {"a": []byte("1"), "c": []byte("2")}, {"a": []byte("1")},
		{"a": []byte("12"), "b": nil}, {"a": []byte("1"), "b": []byte("2"), "c": nil},
	} {
		if hash(one) == hash(other) {
			t.Errorf("%q has the name of %q", other, one)
		}
	}
	if !regexp.MustCompile(`^/static/[0-9a-f]{12}$`).MatchString(Prefix()) {
		t.Errorf("the prefix is %s", Prefix())
	}
}

func TestEverySheetIsServedAndLayered(t *testing.T) {
	t.Parallel()
	found, err := fs.Glob(folder, "css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if !slices.Contains(sheets, strings.TrimSuffix(path.Base(name), ".css")) {
			t.Errorf("%s is in no page", name)
		}
		if !bytes.Contains(files[name], []byte("@layer ")) || !bytes.Contains(files[sheet], files[name]) {
			t.Errorf("%s has no layer or is not in %s", name, sheet)
		}
	}
	if !bytes.HasPrefix(files[sheet], []byte("@layer reset,tokens,base,components,utilities;")) {
		t.Error("the order of the layers does not come first")
	}
}

// A bracket that is left open silently takes the rest of the page's style with it.
func TestSheetsCloseTheirBrackets(t *testing.T) {
	t.Parallel()
	for name, content := range files {
		if path.Ext(name) != ".css" {
			continue
		}
		for _, pair := range []string{"{}", "()", "[]"} {
			if opened, closed := bytes.Count(content, []byte(pair[:1])), bytes.Count(content, []byte(pair[1:])); opened != closed {
				t.Errorf("%s: %d of %s are opened, %d closed", name, opened, pair, closed)
			}
		}
	}
}

// written are the files as their authors wrote them.
func written(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[name], err = fs.ReadFile(folder, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// No request leaves for a foreign host, and what the policy of content forbids is not tried.
func TestFilesStayAtHome(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`https?://|@import|data:|\beval\(|document\.write|setAttribute\("style"`)
	for name, content := range written(t) {
		text := strings.ReplaceAll(string(content), "http://www.w3.org/2000/svg", "")
		if hit := foreign.FindString(text); hit != "" {
			t.Errorf("%s holds %q", name, hit)
		}
	}
}

func TestScriptsAreSentWithoutRemarks(t *testing.T) {
	t.Parallel()
	for name, content := range files {
		if path.Ext(name) != ".js" {
			continue
		}
		written, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for line := range strings.Lines(string(written)) {
			if !strings.HasPrefix(strings.TrimSpace(line), "//") && strings.TrimSpace(line) != "" {
				kept = append(kept, line)
			}
		}
		sent := slices.DeleteFunc(strings.SplitAfter(string(content), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
		if !slices.Equal(kept, sent) {
			t.Errorf("%s lost more than its remarks, or less", name)
		}
	}
}

// The first view has 60 kB; what is not HTML leaves it half of them.
func TestFilesAreLight(t *testing.T) {
	t.Parallel()
	var sent bytes.Buffer
	for name, content := range files {
		if name != sheet && path.Ext(name) != ".js" {
			continue
		}
		w := gzip.NewWriter(&sent)
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if sent.Len() > 30_000 {
		t.Errorf("style and scripts are %d bytes", sent.Len())
	}
}
