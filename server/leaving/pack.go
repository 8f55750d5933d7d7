package leaving

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"firstdrops/server/platform/richtext"
)

// perPage is how many rows of a section are in memory at once.
const perPage = 200

// pack writes the zip of all that is a person's: once for programs, and once to read. Each is written as it is read.
func (l *Leaving) pack(ctx context.Context, w io.Writer, personID int64) error {
	archive := zip.NewWriter(w)
	for _, part := range []struct {
		name  string
		write func(context.Context, io.Writer, int64) error
	}{{"first-drops.json", l.packJSON}, {"index.html", l.packHTML}} {
		file, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: l.clock()})
		if err != nil {
			return fmt.Errorf("adding %s: %w", part.name, err)
		}
		if err := part.write(ctx, file, personID); err != nil {
			return fmt.Errorf("writing %s: %w", part.name, err)
		}
	}
	return archive.Close()
}

// each reads the rows of a section, a page at a time.
func (l *Leaving) each(ctx context.Context, s section, personID int64, do func(row json.RawMessage) error) error {
	for after := int64(0); ; {
		page, err := entriesAfter(ctx, l.DB, s, personID, after, perPage)
		if err != nil {
			return fmt.Errorf("reading %s: %w", s.key, err)
		}
		for _, e := range page {
			after = e.Key
			if err := do(e.Row); err != nil {
				return err
			}
		}
		if len(page) < perPage {
			return nil
		}
	}
}

// packJSON writes one object: what each section is under "about", and each section's rows under its own key.
func (l *Leaving) packJSON(ctx context.Context, w io.Writer, personID int64) error {
	about := map[string]string{"made_at": l.clock().Format(time.RFC3339), "site": l.Base.String()}
	for _, s := range sections {
		about[s.key] = s.about
	}
	head, err := json.MarshalIndent(about, "", "  ")
	if err != nil {
		return err
	}
	to := &line{w: w}
	to.write("{\n\"about\": ", string(head))
	for _, s := range sections {
		to.write(",\n\"", s.key, "\": [")
		before := "\n"
		err := l.each(ctx, s, personID, func(row json.RawMessage) error {
			to.write(before, string(row))
			before = ",\n"
			return to.err
		})
		if err != nil {
			return err
		}
		to.write("]")
	}
	to.write("\n}\n")
	return to.err
}

// line writes pieces until one fails.
type line struct {
	w   io.Writer
	err error
}

func (l *line) write(pieces ...string) {
	for _, piece := range pieces {
		if l.err == nil {
			_, l.err = io.WriteString(l.w, piece)
		}
	}
}

// The page asks nothing of any other site, and of none at all.
const (
	pageHead = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What is yours</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid;padding:.5rem 0}dt{font-size:.85rem}dd{margin:0 0 .5rem}</style>
</head><body><h1>What is yours</h1>
`
	pageFoot = "</body></html>\n"
)

// packHTML writes the same as a page.
func (l *Leaving) packHTML(ctx context.Context, w io.Writer, personID int64) error {
	to := &line{w: w}
	to.write(pageHead, "<p>From ", html.EscapeString(l.Base.Host), ", ", l.clock().Format("2 January 2006, 15:04 UTC"), ".</p>\n")
	for _, s := range sections {
		to.write("<section><h2>", s.title, "</h2><p>", s.about, "</p>\n")
		some := false
		err := l.each(ctx, s, personID, func(row json.RawMessage) error {
			some = true
			return writeRow(to, row)
		})
		if err != nil {
			return err
		}
		if !some {
			to.write("<p>None.</p>")
		}
		to.write("</section>\n")
	}
	to.write(pageFoot)
	return to.err
}

// prose are the keys whose values are Markdown.
var prose = map[string]bool{"body": true, "message": true, "text": true, "reply": true, "note": true, "objection": true}

// writeRow writes what an object says, in the order in which it says it.
func writeRow(to *line, row json.RawMessage) error {
	fields := json.NewDecoder(bytes.NewReader(row))
	fields.UseNumber()
	if _, err := fields.Token(); err != nil { // the brace
		return fmt.Errorf("reading a row: %w", err)
	}
	to.write("<article><dl>")
	for fields.More() {
		key, err := fields.Token()
		if err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		var value any
		if err := fields.Decode(&value); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		writeField(to, fmt.Sprint(key), value)
	}
	to.write("</dl></article>\n")
	return to.err
}

func writeField(to *line, key string, value any) {
	words := fmt.Sprint(value)
	switch v := value.(type) {
	case nil:
		return
	case string:
		if prose[key] {
			words = richtext.Render(v)
		} else {
			words = html.EscapeString(v)
		}
	case bool:
		words = map[bool]string{true: "yes", false: "no"}[v]
	case []any, map[string]any:
		nested, _ := json.Marshal(v) // what was just read can be written
		words = html.EscapeString(string(nested))
	}
	if words != "" {
		to.write("<dt>", strings.ReplaceAll(key, "_", " "), "</dt><dd>", words, "</dd>")
	}
}
