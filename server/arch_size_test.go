package server_test

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// emptyNames say nothing about what a package is for.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "service", "services", "base", "core", "misc"}

// emptySuffixes say nothing about what a type does.
var emptySuffixes = []string{"Service", "Manager", "Repository", "DTO"}

func tradeNames(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		folder, name := path.Base(f.dir), strings.TrimSuffix(f.syntax.Name.Name, "_test")
		if slices.Contains(emptyNames, folder) || slices.Contains(emptyNames, name) {
			wrong = append(wrong, fmt.Sprintf("%s: package %s in folder %s says nothing", f.path, name, folder))
		}
		each(f.syntax, func(spec *ast.TypeSpec) {
			for _, suffix := range emptySuffixes {
				if strings.HasSuffix(spec.Name.Name, suffix) {
					wrong = append(wrong, fmt.Sprintf("%s: a type called %s", f.at(spec), spec.Name.Name))
				}
			}
		})
	}
	return wrong
}

func shortFunctions(h house) []string {
	var wrong []string
	for _, f := range h.handWritten() {
		check := func(n ast.Node, name string) {
			if lines := f.positions.Position(n.End()).Line - f.positions.Position(n.Pos()).Line + 1; lines > maxFunction {
				wrong = append(wrong, fmt.Sprintf("%s: %s has %d lines, at most %d", f.at(n), name, lines, maxFunction))
			}
		}
		each(f.syntax, func(fn *ast.FuncDecl) { check(fn, fn.Name.Name) })
		each(f.syntax, func(lit *ast.FuncLit) { check(lit, "a function literal") })
	}
	return wrong
}

// shortFiles counts tests too: a reader opens them as often.
func shortFiles(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		if !f.generated && f.lines > maxFile {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines, at most %d", f.path, f.lines, maxFile))
		}
	}
	return wrong
}

func smallPackages(h house) []string {
	lines := map[string]int{}
	for _, f := range h.handWritten() {
		lines[f.dir] += f.lines
	}
	var wrong []string
	for _, dir := range slices.Sorted(maps.Keys(lines)) {
		if lines[dir] > maxPackage {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines, at most %d", dir, lines[dir], maxPackage))
		}
	}
	return wrong
}

func smallConstructors(h house) []string {
	var wrong []string
	for _, f := range h.handWritten() {
		each(f.syntax, func(fn *ast.FuncDecl) {
			if fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "New") && fn.Type.Params.NumFields() > maxConstructor {
				wrong = append(wrong, fmt.Sprintf("%s: %s takes more than %d things", f.at(fn), fn.Name.Name, maxConstructor))
			}
		})
	}
	return wrong
}

// packageComments wants a comment on every package; a domain's says what it owns, what it emits and what is not here.
func packageComments(h house) []string {
	comments := map[string]string{}
	for _, f := range h.gos {
		if !f.test || f.dir == "server" { // server itself holds nothing but this test
			comments[f.dir] += f.syntax.Doc.Text()
		}
	}
	var wrong []string
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		if comments[dir] == "" {
			wrong = append(wrong, fmt.Sprintf("%s has no package comment", dir))
		}
		if ranks[room(dir, "server")] == 0 || path.Dir(dir) != "server" {
			continue
		}
		for _, part := range []string{"Owns", "Emits", "Not here"} {
			if !strings.Contains(comments[dir], part) {
				wrong = append(wrong, fmt.Sprintf("%s: the package comment does not say %q", dir, part))
			}
		}
	}
	return wrong
}
