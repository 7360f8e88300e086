package differential

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// statement is an entry of the corpus: a statement behind comments of its own.
//
//	-- name: what it is about
//	-- args: [1, "x"] or {"name": 1}
//	-- ordered: true when ORDER BY settles the order of all rows
type statement struct {
	file, name, text string
	args             []any
	ordered          bool
}

// corpus reads the statements of testdata/statements.
func corpus(t testing.TB) []statement {
	t.Helper()
	files, err := filepath.Glob("../../testdata/statements/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	slices.Sort(files)
	var list []statement
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range dialect.Split(string(text)) {
			s := statement{file: strings.TrimSuffix(filepath.Base(file), ".sql"), text: part}
			for line := range strings.Lines(part) {
				line = strings.TrimSpace(line)
				comment, ok := strings.CutPrefix(line, "-- ")
				if !ok && line != "" {
					break
				}
				key, value, _ := strings.Cut(comment, ":")
				value = strings.TrimSpace(value)
				switch key {
				case "name":
					s.name = value
				case "ordered":
					s.ordered = value == "true"
				case "args":
					s.args = arguments(t, value)
				}
			}
			if s.name == "" {
				t.Fatalf("%s: a statement has no name:\n%s", file, part)
			}
			list = append(list, s)
		}
	}
	return list
}

// arguments reads the JSON of args: positional in an array, named in an object.
func arguments(t testing.TB, text string) []any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("args %s: %v", text, err)
	}
	var args []any
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			args = append(args, plain(x))
		}
	case map[string]any:
		for name, x := range v {
			args = append(args, sql.Named(name, plain(x)))
		}
	}
	return args
}

func plain(v any) any {
	if n, ok := v.(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			return i
		}
		f, _ := n.Float64()
		return f
	}
	return v
}

// TestCorpus runs every statement of the corpus in every mode.
func TestCorpus(t *testing.T) {
	h := newHarness(t, "platform", "web-app", "mobile-app", "payments-api", "billing", "docs-site", "sandbox")
	ran := 0
	for _, s := range corpus(t) {
		if s.file == "unsupported" {
			continue
		}
		ran++
		t.Run(s.file+"/"+s.name, func(t *testing.T) { h.check(t, s.text, s.args, s.ordered) })
	}
	if ran < 200 {
		t.Errorf("the corpus has %d statements, want 200 at least", ran)
	}
}

// TestUnsupported keeps the list of what does not run true: each statement of it fails, in every mode, with an error.
func TestUnsupported(t *testing.T) {
	h := newHarness(t, "web-app")
	for _, s := range corpus(t) {
		if s.file != "unsupported" {
			continue
		}
		for _, m := range h.modes {
			if a := m.run(t.Context(), s.text, s.args); a.err == nil {
				t.Errorf("%s runs: take it off the list\n%s", m.name, s.text)
			}
		}
	}
}
