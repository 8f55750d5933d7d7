package server_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

var (
	// sqlStatement finds SQL as this house writes it (capitals), and the shapes that only SQL has in any case.
	sqlStatement = regexp.MustCompile(`^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|MERGE|COPY|LOCK|LISTEN|NOTIFY)\s` +
		`|(?i:^\s*(?:insert\s+into\s+\w+\s*\(|delete\s+from\s+\w+|update\s+\w+\s+set\s|select\s.+\sfrom\s+\w+\s+where\s))`)
	// everyColumn leaves SELECT * FROM (…) alone: there the columns are named inside.
	everyColumn = regexp.MustCompile(`(?i)\bselect\s+(?:distinct\s+)?(?:\w+\.)?\*\s*(?:,|from\s+\w|$)`)
	skippedRows = regexp.MustCompile(`\bOFFSET\b`)
)

// queryMethods build or send SQL, in bun and in database/sql.
var queryMethods = []string{
	"NewSelect", "NewInsert", "NewUpdate", "NewDelete", "NewRaw", "NewMerge", "NewValues", "NewCreateTable", "NewDropTable",
	"NewTruncateTable", "NewCreateIndex", "NewDropIndex", "NewAddColumn", "NewDropColumn",
	"ExecContext", "QueryContext", "QueryRowContext", "PrepareContext",
}

// sqlPlatform are the leaves of platform whose trade is Postgres itself.
var sqlPlatform = []string{"server/platform/db", "server/platform/testdb", "server/platform/embedpg", "server/platform/jobs"}

// sqlPlaces holds SQL to *_sql.go, the migrations and platform's own leaves; tests may ask Postgres anywhere.
func sqlPlaces(h house) []string {
	var wrong []string
	for _, f := range h.gos {
		if f.test || strings.HasSuffix(f.path, "_sql.go") || within(f.dir, "migrations") || slices.Contains(sqlPlatform, f.dir) {
			continue
		}
		each(f.syntax, func(lit *ast.BasicLit) {
			if sqlStatement.MatchString(unquote(lit)) {
				wrong = append(wrong, fmt.Sprintf("%s: SQL outside a *_sql.go file", f.at(lit)))
			}
		})
		each(f.syntax, func(call *ast.CallExpr) {
			if name := method(call); slices.Contains(queryMethods, name) {
				wrong = append(wrong, fmt.Sprintf("%s: %s outside a *_sql.go file", f.at(call), name))
			}
		})
	}
	return wrong
}

// sqlUnexported keeps a domain's SQL behind the functions that know who is asking.
func sqlUnexported(h house) []string {
	var wrong []string
	for _, f := range h.handWritten() {
		if !strings.HasSuffix(f.path, "_sql.go") || !within(f.dir, "server") || within(f.dir, "server/platform") {
			continue
		}
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				wrong = append(wrong, fmt.Sprintf("%s: %s is exported from a file of SQL", f.at(fn), fn.Name.Name))
			}
		}
	}
	return wrong
}

// sqlHabits: columns named, when reading and when updating a model, and keyset paging instead of OFFSET.
func sqlHabits(h house) []string {
	var wrong []string
	for _, f := range h.handWritten() {
		if !strings.HasSuffix(f.path, "_sql.go") {
			continue
		}
		each(f.syntax, func(lit *ast.BasicLit) {
			text := unquote(lit)
			if everyColumn.MatchString(text) {
				wrong = append(wrong, fmt.Sprintf("%s: name the columns instead of *", f.at(lit)))
			}
			if skippedRows.MatchString(text) {
				wrong = append(wrong, fmt.Sprintf("%s: page by key instead of OFFSET", f.at(lit)))
			}
		})
		each(f.syntax, func(call *ast.CallExpr) {
			steps := chain(call)
			switch {
			case steps[0] == "Offset":
				wrong = append(wrong, fmt.Sprintf("%s: page by key instead of Offset", f.at(call)))
			case (steps[0] == "Exec" || steps[0] == "Scan") && updatesAll(steps):
				wrong = append(wrong, fmt.Sprintf("%s: name the columns to update: this writes the whole model", f.at(call)))
			}
		})
	}
	return wrong
}

// updatesAll says whether a finished chain updates a model without saying which of its columns.
func updatesAll(steps []string) bool {
	return slices.Contains(steps, "NewUpdate") && slices.Contains(steps, "Model") &&
		!slices.ContainsFunc(steps, func(step string) bool { return slices.Contains([]string{"Column", "Set", "SetColumn"}, step) })
}

// chain are the methods that a call chains, the last first: Exec, Where, NewUpdate for tx.NewUpdate().Where(…).Exec(ctx).
// A plain function gives one empty name.
func chain(call *ast.CallExpr) []string {
	steps := []string{method(call)}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		if before, ok := sel.X.(*ast.CallExpr); ok {
			return append(steps, chain(before)...)
		}
	}
	return steps
}

// method is the name behind the dot of a call: "NewSelect" for tx.NewSelect(); "" for a plain function.
func method(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return ""
}
