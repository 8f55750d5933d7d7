package server_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the import path of the repository's root.
const module = "firstdrops"

// house is the repository as the rules see it.
type house struct {
	files map[string]string // path from the root, with slashes -> content (empty where no rule reads it)
	gos   []goFile          // sorted by path
}

// goFile is one parsed Go file.
type goFile struct {
	path, dir       string
	syntax          *ast.File
	positions       *token.FileSet
	lines           int
	test, generated bool
}

// readHouse reads the tree below root. Hidden folders and testdata are no rooms of the house.
func readHouse(root string) (house, error) {
	files := map[string]string{}
	disk := os.DirFS(root)
	err := fs.WalkDir(disk, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		files[name] = ""
		switch path.Ext(name) {
		case ".go", ".sql", ".md":
			content, err := fs.ReadFile(disk, name)
			files[name] = string(content)
			return err
		}
		return nil
	})
	if err != nil {
		return house{}, fmt.Errorf("reading the tree: %w", err)
	}
	return newHouse(files)
}

// newHouse parses the Go files among files.
func newHouse(files map[string]string) (house, error) {
	h := house{files: files}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) != ".go" {
			continue
		}
		positions := token.NewFileSet()
		syntax, err := parser.ParseFile(positions, name, files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return house{}, fmt.Errorf("parsing the tree: %w", err)
		}
		h.gos = append(h.gos, goFile{
			path: name, dir: path.Dir(name), syntax: syntax, positions: positions,
			lines:     strings.Count(files[name], "\n"),
			test:      strings.HasSuffix(name, "_test.go"),
			generated: ast.IsGenerated(syntax),
		})
	}
	return h, nil
}

// handWritten are the files that the budgets count: neither tests nor generated.
func (h house) handWritten() []goFile {
	return slices.DeleteFunc(slices.Clone(h.gos), func(f goFile) bool { return f.test || f.generated })
}

// imports are the import paths of f, each once.
func (f goFile) imports() []string {
	var all []string
	for _, spec := range f.syntax.Imports {
		all = append(all, unquote(spec.Path))
	}
	return all
}

// at names a place in f for a person to go to.
func (f goFile) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.positions.Position(n.Pos()).Line)
}

// each calls visit for every node of type N in f.
func each[N ast.Node](root ast.Node, visit func(N)) {
	ast.Inspect(root, func(n ast.Node) bool {
		if found, ok := n.(N); ok {
			visit(found)
		}
		return true
	})
}

// unquote gives the value of a string literal; a literal of another kind gives "".
func unquote(lit *ast.BasicLit) string {
	if lit.Kind != token.STRING {
		return ""
	}
	value, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return value
}

// within says whether p is folder or lies below it.
func within(p, folder string) bool {
	return p == folder || strings.HasPrefix(p, folder+"/")
}

// room is the first folder of p below folder: room("server/forum/x", "server") is "forum", and "" for the folder itself.
func room(p, folder string) string {
	rest, below := strings.CutPrefix(p, folder+"/")
	if !below {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// ours turns an import path into a folder of the repository; false for everybody else's.
func ours(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, module+"/")
}
