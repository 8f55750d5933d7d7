package server_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// serverOrder holds the ranks of server/, in tests too: a test that needs a higher rank stands there.
func serverOrder(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		switch {
		case within(f.dir, "server"):
			wrong = append(wrong, serverImports(f)...)
		case within(f.dir, "migrations"):
			for _, imported := range f.imports() {
				if _, house := ours(imported); house {
					wrong = append(wrong, fmt.Sprintf("%s imports %s: migrations stand alone", f.path, imported))
				}
			}
		}
	}
	return wrong
}

func serverImports(f goFile) []string {
	from := room(f.dir, "server")
	if from == "" {
		return nil
	}
	rank, known := ranks[from]
	if !known {
		return []string{fmt.Sprintf("%s: server/%s has no rank", f.path, from)}
	}
	var wrong []string
	for _, imported := range f.imports() {
		folder, house := ours(imported)
		to := room(folder, "server")
		switch {
		case !house || within(folder, "migrations") || to == from:
		case to == "":
			wrong = append(wrong, fmt.Sprintf("%s imports %s: server imports only server", f.path, imported))
		case ranks[to] >= rank:
			wrong = append(wrong, fmt.Sprintf("%s (rank %d) imports %s (rank %d)", f.path, rank, imported, ranks[to]))
		}
	}
	return wrong
}

// webOrder holds the order of web/. Tests are free of it: they walk through the whole stack from where they stand.
func webOrder(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		if !within(f.dir, "web") || f.test {
			continue
		}
		from := room(f.dir, "web")
		for _, imported := range f.imports() {
			folder, house := ours(imported)
			switch {
			case !house || within(folder, "server"):
			case !within(folder, "web"):
				wrong = append(wrong, fmt.Sprintf("%s imports %s: web imports only server and web", f.path, imported))
			case !webMay(from, room(folder, "web")):
				wrong = append(wrong, fmt.Sprintf("%s imports %s, which does not lie below it", f.path, imported))
			}
		}
	}
	return wrong
}

// webMay says whether web/from may import web/to ("" is web itself). Live is for chat and for web, which mounts it.
func webMay(from, to string) bool {
	switch {
	case from == to:
		return true
	case to == "live":
		return from == "chat" || from == ""
	case webRank(from) == 0:
		return webRank(to) == 0
	}
	return webRank(to) < webRank(from)
}

func webRank(name string) int {
	if name == "" {
		return webRootRank
	}
	if rank, fixed := webRanks[name]; fixed {
		return rank
	}
	return webDomainRank
}

// library is a dependency with a place: production code elsewhere may not know it.
type library struct {
	prefix  string
	allowed func(f goFile) bool
	place   string
}

var libraries = []library{
	{"github.com/labstack/echo", func(f goFile) bool { return within(f.dir, "web") }, "only web knows echo"},
	{"github.com/gorilla/websocket", func(f goFile) bool {
		return f.test || within(f.dir, "web/live") || within(f.dir, "cmd/chatload")
	}, "only web/live and the load generator know websockets"},
	{"github.com/uptrace/bun", func(f goFile) bool { return f.test || !within(f.dir, "web") }, "web does not know bun"},
}

func libraryPlaces(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		for _, imported := range f.imports() {
			for _, lib := range libraries {
				if strings.HasPrefix(imported, lib.prefix) && !lib.allowed(f) {
					wrong = append(wrong, fmt.Sprintf("%s imports %s: %s", f.path, imported, lib.place))
				}
			}
		}
	}
	return wrong
}

// rawDoor keeps templ.Raw, the one way past escaping, in one file that can be read with care. It reads generated
// code, where the calls of a template end up.
func rawDoor(h house) []string {
	var doors []string
	for _, f := range h.gos {
		each(f.syntax, func(sel *ast.SelectorExpr) {
			if pkg, ok := sel.X.(*ast.Ident); ok && !f.test && pkg.Name == "templ" && sel.Sel.Name == "Raw" {
				doors = append(doors, f.path)
			}
		})
	}
	if doors = slices.Compact(doors); len(doors) > 1 {
		return []string{fmt.Sprintf("templ.Raw in %s: one file is enough", strings.Join(doors, " and "))}
	}
	return nil
}
