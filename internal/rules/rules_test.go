package rules

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed281e34fa/bitbucketsql"

// allowed are the packages of ours that each package may import, and the packages of others. A package that is missing here
// fails the test: a new one is a decision.
var allowed = map[string]struct{ own, others []string }{
	"schema":              {},
	"internal/page":       {},
	"internal/timestamp":  {},
	"internal/dialect":    {},
	"internal/columntype": {[]string{"internal/dialect", "internal/timestamp"}, nil},
	"internal/network":    {},
	"internal/panics":     {},
	"internal/proxyfake":  {},
	"internal/installed":  {},
	"internal/port":       {},
	"internal/leak":       {nil, []string{"go.uber.org/goleak"}},
	"planner":             {[]string{"schema", "internal/dialect", "internal/timestamp"}, []string{"github.com/xwb1989/sqlparser"}},
	"internal/api":        {[]string{"internal/panics"}, []string{"github.com/valyala/fastjson"}},
	"internal/scan":       {[]string{"schema", "planner", "internal/api", "internal/page", "internal/panics", "internal/timestamp"}, []string{"github.com/valyala/fastjson"}},
	"internal/engine":     {[]string{"internal/page", "internal/panics", "internal/timestamp"}, []string{"github.com/mattn/go-sqlite3"}},
	"internal/metadata": {
		[]string{"schema", "planner", "internal/api", "internal/columntype", "internal/engine", "internal/page", "internal/timestamp"}, nil,
	},
	"internal/outline":  {[]string{"internal/dialect"}, nil},
	"internal/userview": {[]string{"planner", "internal/dialect"}, nil},
	"oauthstore": {[]string{"internal/panics", "internal/privatefile"}, []string{
		"golang.org/x/oauth2", "golang.org/x/oauth2/clientcredentials", "golang.org/x/oauth2/endpoints",
	}},
	"internal/privatefile":   {nil, []string{"github.com/adrg/xdg", "github.com/gofrs/flock"}},
	"internal/profile":       {[]string{"internal/privatefile"}, []string{"github.com/zalando/go-keyring"}},
	"internal/bitbucketfake": {},
	"driver": {
		[]string{"schema", "planner", "oauthstore", "internal/api", "internal/engine", "internal/scan", "internal/network", "internal/dialect", "internal/page", "internal/panics", "internal/timestamp", "internal/profile", "internal/columntype", "internal/metadata", "internal/userview", "internal/outline"},
		[]string{"github.com/valyala/fastjson", "golang.org/x/oauth2"},
	},
	"internal/cli": {
		[]string{"driver", "oauthstore", "internal/bitbucketfake", "internal/profile"},
		[]string{"github.com/alecthomas/kong", "github.com/jedib0t/go-pretty/v6/table", "github.com/jedib0t/go-pretty/v6/text", "golang.org/x/sys/unix", "golang.org/x/term"},
	},
	"cmd/bitbucketsql":      {[]string{"internal/cli"}, nil},
	"internal/benchmark":    {},
	"internal/differential": {},
	"internal/docs":         {},
	"internal/soak":         {},
	"internal/rules":        {},
	"internal/secretscan":   {},
}

type listed struct {
	ImportPath string
	Imports    []string
	CgoFiles   []string
	CFiles     []string
	Standard   bool
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,CgoFiles,CFiles,Standard", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var list []listed
	for d := json.NewDecoder(bufio.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("go list found no package")
	}
	return list
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		rule, known := allowed[name]
		if !known {
			t.Errorf("package %s has no rule: say in rules_test.go what it may import", name)
			continue
		}
		for _, path := range p.Imports {
			own, isOwn := strings.CutPrefix(path, module+"/")
			first, _, _ := strings.Cut(path, "/")
			switch {
			case isOwn && !slices.Contains(rule.own, own):
				t.Errorf("%s imports %s, which its rule does not allow", name, own)
			case !isOwn && strings.Contains(first, ".") && !slices.Contains(rule.others, path):
				t.Errorf("%s imports %s, which its rule does not allow", name, path)
			}
		}
		if cgo := len(p.CgoFiles)+len(p.CFiles) > 0; cgo != (name == "internal/engine") {
			t.Errorf("%s: cgo is for internal/engine alone", name)
		}
	}
}

// TestSQLParserHasOneReader keeps xwb1989/sqlparser, which misreads some SQL, in the files of planner about its trees, and behind
// the guard of the one that parses.
func TestSQLParserHasOneReader(t *testing.T) {
	var parse []string
	walk(t, func(path, text string) {
		if !strings.HasSuffix(path, ".go") || strings.HasPrefix(path, "internal/rules/") || !strings.Contains(text, "\"github.com/xwb1989/sqlparser\"") {
			return
		}
		if !strings.HasPrefix(path, "planner/ast") {
			t.Errorf("%s imports sqlparser, which is for planner/ast*.go", path)
		}
		if strings.Contains(text, "sqlparser.Parse") {
			parse = append(parse, path)
		}
	})
	if len(parse) != 1 {
		t.Errorf("sqlparser parses in %v, want one file", parse)
	}
}

// TestSecretsAreSearched has each package whose tests connect, or send requests, search what they let out for secrets.
func TestSecretsAreSearched(t *testing.T) {
	connects, searches := map[string]bool{}, map[string]bool{}
	walk(t, func(path, text string) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, name := range []string{"driver", "oauthstore", "internal/api", "internal/network", "internal/engine", "internal/bitbucketfake", "internal/proxyfake"} {
			if dir == name || strings.Contains(text, `"`+module+"/"+name+`"`) {
				connects[dir] = true
			}
		}
		searches[dir] = searches[dir] || strings.Contains(text, "secretscan.Main(")
	})
	delete(connects, "internal/bitbucketfake") // is Bitbucket, which knows the secrets
	delete(connects, "planner")                // asks the fake for a language only, and sends nothing
	for dir := range connects {
		if !searches[dir] {
			t.Errorf("the tests of %s have no TestMain with secretscan.Main", dir)
		}
	}
	if len(connects) < 9 {
		t.Errorf("only %d packages connect", len(connects))
	}
}

// TestFilesAreShort keeps files to 500 lines: a longer one holds more than one noun.
func TestFilesAreShort(t *testing.T) {
	walk(t, func(path, text string) {
		if n := strings.Count(text, "\n"); n > 500 {
			t.Errorf("%s has %d lines, of 500", path, n)
		}
		if base := filepath.Base(path); strings.HasPrefix(base, "util") || strings.HasPrefix(base, "helper") {
			t.Errorf("%s is named after no noun", path)
		}
	})
}

// TestTopLevel keeps the top of the tree as it was asked for.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "cmd", "docs", "driver", "go.mod", "go.sum", "internal", "oauthstore", "planner", "schema", "testdata",
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(want, e.Name()) {
			t.Errorf("%s is at the top level", e.Name())
		}
	}
	for _, name := range want {
		if _, err := os.Stat(filepath.Join("../..", name)); err != nil {
			t.Errorf("%s is missing at the top level", name)
		}
	}
}

// walk reads the source files of the project.
func walk(t *testing.T, visit func(path, text string)) {
	t.Helper()
	root := "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !slices.Contains([]string{".go", ".c", ".h"}, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(relative), string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
