// Package static holds the files that browsers load beside a page: style, scripts and pictures. They are served
// below a prefix that changes with any of them, so that a browser may keep them for ever.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed css js img
var folder embed.FS

// sheets are the style sheets in the order in which they count; sheet joins them, because on a weak signal one
// file comes sooner than eight.
var sheets = []string{"tokens", "base", "layout", "controls", "lists", "search", "home", "thread", "room", "consultants", "desk", "help"}

const sheet = "site.css"

// contentTypes are the types of all that is here: a machine's own table of types is not asked.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

var (
	files  = read()
	prefix = "/static/" + hash(files)
)

// Prefix is where the files are: "/static/<hash>".
func Prefix() string { return prefix }

// Has reports whether a path is that of a file here, in this version.
func Has(path string) bool {
	name, ours := strings.CutPrefix(path, prefix+"/")
	_, there := files[name]
	return ours && there
}

// Handler serves the files below Prefix. Anything else is 404, also the prefix of another version: an old page
// must not keep a new file under an old name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ours := strings.CutPrefix(r.URL.Path, prefix+"/")
		content, there := files[name]
		if !ours || !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

// remarks are the lines of a script that are only a comment: they are for whoever changes it, and a fifth of its weight.
var remarks = regexp.MustCompile(`(?m)^\s*//.*\n`)

// read holds every file by its path below the prefix. An embedded folder cannot fail to be read.
func read() map[string][]byte {
	found := map[string][]byte{}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(folder, name)
		if path.Ext(name) == ".js" {
			content = remarks.ReplaceAll(content, nil)
		}
		found[name] = content
		return err
	})
	if err != nil {
		panic("reading the static files: " + err.Error())
	}
	for _, name := range sheets {
		found[sheet] = append(found[sheet], found["css/"+name+".css"]...)
	}
	for name, content := range found {
		found[name] = light(name, content)
	}
	return found
}

// light is a style or a script without what only its authors need: comments, blanks, long names.
func light(name string, content []byte) []byte {
	small := minify.New()
	small.AddFunc(".css", css.Minify)
	small.AddFunc(".js", js.Minify)
	less, err := small.Bytes(path.Ext(name), content)
	switch {
	case errors.Is(err, minify.ErrNotExist):
		return content
	case err != nil:
		panic("reading " + name + ": " + err.Error()) // it is our own, and a test would have found it
	}
	return less
}

// hash is a short name for these contents.
func hash(files map[string][]byte) string {
	sum := sha256.New()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		sum.Write([]byte(name + "\x00"))
		sum.Write(files[name])
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
