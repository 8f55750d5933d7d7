package ui

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"regexp"

	"github.com/a-h/templ"
)

//go:embed icons.svg
var iconSet string

// icons holds the drawing of each icon by its name, ready to be written.
var icons = readIcons(iconSet)

var iconSymbol = regexp.MustCompile(`<symbol id="i-([a-z]+)" viewBox="0 0 24 24">(.*)</symbol>`)

func readIcons(set string) map[string]string {
	drawings := map[string]string{}
	for _, symbol := range iconSymbol.FindAllStringSubmatch(set, -1) {
		drawings[symbol[1]] = `<svg class="i" viewBox="0 0 24 24" aria-hidden="true">` + symbol[2] + `</svg>`
	}
	return drawings
}

// Icon draws an icon of icons.svg; words beside it, or the aria-label of its button, say what it means.
// An unknown name is an error: a page without its icon would be a page without its sign.
func Icon(name string) templ.Component {
	return icon(name, icons)
}

func icon(name string, set map[string]string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		drawing, known := set[name]
		if !known {
			return fmt.Errorf("there is no icon %q", name)
		}
		_, err := io.WriteString(w, drawing)
		return err
	})
}
