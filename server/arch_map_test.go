package server_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// mapped are the folders whose direct children the README's map names one by one; "" is the root.
var mapped = []string{"", "cmd", "server", "server/platform", "web"}

// readmeMap compares the fenced block under the README's heading "The map" with the tree, both ways.
func readmeMap(h house) []string {
	drawn, wrong := map[string]bool{}, []string{}
	for _, entry := range drawnMap(h.files["README.md"]) {
		drawn[entry] = true
		folder, isFolder := strings.CutSuffix(entry, "/")
		_, isFile := h.files[entry]
		if isFolder && h.holds(folder) || isFile {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("README.md: the map shows %s, which is not there", entry))
	}
	for _, parent := range mapped {
		for _, name := range h.folders(parent) {
			if folder := path.Join(parent, name) + "/"; !drawn[folder] {
				wrong = append(wrong, fmt.Sprintf("README.md: the map lacks %s", folder))
			}
		}
	}
	return wrong
}

// drawnMap reads the map: one entry a line, two spaces a level, folders end in a slash, then words.
func drawnMap(readme string) []string {
	_, section, _ := strings.Cut(readme, "## The map")
	_, block, _ := strings.Cut(section, "\n```")
	_, block, _ = strings.Cut(block, "\n")
	block, _, _ = strings.Cut(block, "\n```")
	var entries, above []string
	for line := range strings.Lines(block) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		depth := min((len(line)-len(strings.TrimLeft(line, " ")))/2, len(above))
		above = append(above[:depth], words[0])
		entries = append(entries, strings.Join(above, ""))
	}
	return entries
}

// folders are the direct child folders of parent ("" is the root) that hold anything.
func (h house) folders(parent string) []string {
	found := map[string]bool{}
	for name := range h.files {
		if child := room(path.Join("root", path.Dir(name)), path.Join("root", parent)); child != "" {
			found[child] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// holds says whether folder holds any file.
func (h house) holds(folder string) bool {
	for name := range h.files {
		if within(name, folder) {
			return true
		}
	}
	return false
}

// templBeside wants every template with its committed output beside it, and no output without a template.
func templBeside(h house) []string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(h.files)) {
		twin := ""
		if stem, ok := strings.CutSuffix(name, "_templ.go"); ok {
			twin = stem + ".templ"
		} else if stem, ok := strings.CutSuffix(name, ".templ"); ok {
			twin = stem + "_templ.go"
		}
		if _, there := h.files[twin]; twin != "" && !there {
			wrong = append(wrong, fmt.Sprintf("%s stands without %s", name, twin))
		}
	}
	return wrong
}
