package server_test

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

var (
	migrationName = regexp.MustCompile(`^migrations/\d{14}_([a-z]+)_[a-z0-9_]+\.tx\.up\.sql$`)
	tableCreated  = regexp.MustCompile(`(?i)\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)`)
	tableRenamed  = regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?"?\w+"?\s+RENAME\s+TO\s+"?(\w+)`)
	tableWritten  = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\bINSERT\s+INTO\s+"?(\w+)`),
		regexp.MustCompile(`(?i)\bUPDATE\s+(?:ONLY\s+)?"?(\w+)"?(?:\s+AS\s+\w+|\s+\w+)?\s+SET\b`),
		regexp.MustCompile(`(?i)\bDELETE\s+FROM\s+(?:ONLY\s+)?"?(\w+)`),
		regexp.MustCompile(`(?i)\bMERGE\s+INTO\s+"?(\w+)`),
		regexp.MustCompile(`(?i)\bTRUNCATE\s+(?:TABLE\s+)?"?(\w+)`),
		regexp.MustCompile(`(?i)\b(?:ALTER|DROP)\s+TABLE\s+(?:IF\s+EXISTS\s+)?"?(\w+)`),
	}
	modelTable = regexp.MustCompile(`^table:(\w+)`)
)

// tableOwners holds each table to the domain whose migration made it. Reading and joining lower ranks is free.
func tableOwners(h house) []string {
	owners, wrong := owners(h)
	for _, name := range slices.Sorted(maps.Keys(h.files)) {
		if m := migrationName.FindStringSubmatch(name); m != nil {
			wrong = append(wrong, foreign(owners, m[1], name, written(h.files[name]))...)
		}
	}
	for _, f := range h.handWritten() {
		domain := room(f.dir, "server") // a domain may have rooms of its own below it
		each(f.syntax, func(lit *ast.BasicLit) {
			wrong = append(wrong, foreign(owners, domain, f.at(lit), written(unquote(lit)))...)
		})
		each(f.syntax, func(field *ast.Field) {
			wrong = append(wrong, foreign(owners, domain, f.at(field), tagged(field))...)
		})
		for _, decl := range f.syntax.Decls {
			wrong = append(wrong, builderWrites(f, decl, owners, domain)...)
		}
	}
	return wrong
}

// owners maps each table to the domain in the name of the migration that made it, and finds misnamed migrations.
func owners(h house) (map[string]string, []string) {
	tables, wrong := map[string]string{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(h.files)) {
		if path.Dir(name) != "migrations" || path.Ext(name) != ".sql" {
			continue
		}
		m := migrationName.FindStringSubmatch(name)
		if m == nil {
			wrong = append(wrong, fmt.Sprintf("%s: a migration is called YYYYMMDDHHMMSS_domain_what.tx.up.sql", name))
			continue
		}
		if _, ranked := ranks[m[1]]; !ranked && !slices.Contains(h.folders("server/platform"), m[1]) {
			wrong = append(wrong, fmt.Sprintf("%s: there is no domain %s", name, m[1]))
		}
		for _, made := range []*regexp.Regexp{tableCreated, tableRenamed} {
			for _, table := range made.FindAllStringSubmatch(h.files[name], -1) {
				tables[strings.ToLower(table[1])] = m[1]
			}
		}
	}
	return tables, wrong
}

// foreign reports those of tables that somebody other than domain owns.
func foreign(owners map[string]string, domain, place string, tables []string) []string {
	var wrong []string
	for _, table := range tables {
		if owner, known := owners[table]; known && owner != domain {
			wrong = append(wrong, fmt.Sprintf("%s writes %s, which is %s's", place, table, owner))
		}
	}
	return wrong
}

// written are the tables that a piece of SQL writes.
func written(sql string) []string {
	var tables []string
	for _, shape := range tableWritten {
		for _, m := range shape.FindAllStringSubmatch(sql, -1) {
			tables = append(tables, strings.ToLower(m[1]))
		}
	}
	return tables
}

// tagged is the table that a bun model is bound to: a second model of a foreign table is a write waiting to happen.
func tagged(field *ast.Field) []string {
	if field.Tag == nil {
		return nil
	}
	if m := modelTable.FindStringSubmatch(reflect.StructTag(unquote(field.Tag)).Get("bun")); m != nil {
		return m[1:]
	}
	return nil
}

// builderWrites finds bun's inserts, updates and deletes whose target is another domain's table or struct.
func builderWrites(f goFile, decl ast.Decl, owners map[string]string, domain string) []string {
	var wrong []string
	each(decl, func(call *ast.CallExpr) {
		if len(call.Args) == 0 || !writes(call) {
			return
		}
		switch method(call) {
		case "Table", "TableExpr", "ModelTableExpr":
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				table, _, _ := strings.Cut(unquote(lit), " ")
				wrong = append(wrong, foreign(owners, domain, f.at(call), []string{table})...)
			}
		case "Model":
			for _, owner := range modelPackages(f, decl, call.Args[0]) {
				wrong = append(wrong, fmt.Sprintf("%s writes a struct of %s", f.at(call), owner))
			}
		}
	})
	return wrong
}

// writes says whether the chain that call ends has a builder that writes.
func writes(call *ast.CallExpr) bool {
	return slices.ContainsFunc(chain(call), func(step string) bool {
		return slices.Contains([]string{"NewInsert", "NewUpdate", "NewDelete", "NewMerge"}, step)
	})
}

// modelPackages are the server packages whose types model has, in place or where decl declares its variable.
func modelPackages(f goFile, decl ast.Decl, model ast.Expr) []string {
	if address, ok := model.(*ast.UnaryExpr); ok {
		model = address.X
	}
	kinds := []ast.Expr{kind(model)}
	if variable, ok := model.(*ast.Ident); ok {
		kinds = declared(decl, variable.Name)
	}
	var found []string
	for _, k := range kinds {
		if k == nil {
			continue
		}
		each(k, func(sel *ast.SelectorExpr) {
			if pkg, ok := sel.X.(*ast.Ident); ok && f.importsServer(pkg.Name) {
				found = append(found, pkg.Name)
			}
		})
	}
	return found
}

// kind is the type that stands in an expression: T for &T{}, new(T), make(T), (*T)(nil); nil where none is written.
func kind(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return kind(e.X)
	case *ast.CompositeLit:
		return e.Type
	case *ast.CallExpr:
		if conversion, ok := e.Fun.(*ast.ParenExpr); ok {
			return conversion.X
		}
		if fn, ok := e.Fun.(*ast.Ident); ok && (fn.Name == "new" || fn.Name == "make") {
			return e.Args[0]
		}
	}
	return nil
}

// declared are the types that decl gives to variables called name.
func declared(decl ast.Decl, name string) []ast.Expr {
	var found []ast.Expr
	declares := func(id *ast.Ident) bool { return id.Name == name }
	each(decl, func(field *ast.Field) {
		if slices.ContainsFunc(field.Names, declares) {
			found = append(found, field.Type)
		}
	})
	each(decl, func(spec *ast.ValueSpec) {
		if slices.ContainsFunc(spec.Names, declares) {
			found = append(found, spec.Type)
		}
	})
	each(decl, func(assign *ast.AssignStmt) {
		for i, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && declares(id) && len(assign.Rhs) == len(assign.Lhs) {
				found = append(found, kind(assign.Rhs[i]))
			}
		}
	})
	return found
}

// importsServer says whether f imports a domain under that name.
func (f goFile) importsServer(name string) bool {
	return slices.ContainsFunc(f.imports(), func(imported string) bool {
		folder, house := ours(imported)
		return house && within(folder, "server") && !within(folder, "server/platform") && path.Base(folder) == name
	})
}
