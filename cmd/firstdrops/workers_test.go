package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/joining"
	"firstdrops/server/leaving"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/db"
	"firstdrops/server/signin"
	"firstdrops/web"
)

// job is one of any kind.
type job string

func (j job) Kind() string { return string(j) }

const nobodys job = "nobody's"

// TestWorkersKnowEveryKindOfJob reads each kind that the tree declares, and has River say which it would not take.
func TestWorkersKnowEveryKindOfJob(t *testing.T) {
	t.Parallel()
	target, err := db.Parse("postgres:///nobody-connects")
	if err != nil {
		t.Fatal(err)
	}
	database := db.Open(target)
	t.Cleanup(func() { _ = database.Close() })
	people := accounts.New(database, nil, nil, time.Now)
	client, err := river.NewClient(riverdatabasesql.New(nil), &river.Config{Workers: workers(web.Deps{
		Accounts: people, Joining: joining.New(database, nil, people, time.Now), Signin: signin.New(signin.Deps{}), Chat: &chat.Chat{},
		Moderation: moderation.New(moderation.Deps{DB: database}), Notify: notify.New(notify.Deps{DB: database}), Leaving: leaving.New(leaving.Deps{}),
	}, nil)})
	if err != nil {
		t.Fatal(err)
	}
	kinds := declaredKinds(t, filepath.Join("..", "..", "server"))
	if len(kinds) < 12 {
		t.Errorf("only these kinds were found: %v", kinds)
	}
	for _, kind := range kinds {
		// The second is refused in any case, so that none is inserted; the first one refused is named.
		_, err := client.InsertManyTx(t.Context(), nil, []river.InsertManyParams{{Args: job(kind)}, {Args: nobodys}})
		var refusal *river.UnknownJobKindError
		if !errors.As(err, &refusal) || refusal.Kind != string(nobodys) {
			t.Errorf("no worker for %s (%v): its domain's Workers registers one, and run.go calls them", kind, err)
		}
	}
}

// declaredKinds are what the methods Kind of all types below a folder give, but for tests.
func declaredKinds(t *testing.T, folder string) []string {
	t.Helper()
	var kinds []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok && method.Recv != nil && method.Name.Name == "Kind" {
				kinds = append(kinds, given(t, path, method))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// given is the one string that a method returns.
func given(t *testing.T, path string, method *ast.FuncDecl) string {
	t.Helper()
	if answer, ok := method.Body.List[0].(*ast.ReturnStmt); ok && len(answer.Results) == 1 {
		if literal, ok := answer.Results[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if kind, err := strconv.Unquote(literal.Value); err == nil {
				return kind
			}
		}
	}
	t.Fatalf("%s: a job's kind is written as a string there", path)
	return ""
}
