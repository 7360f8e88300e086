package dialect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestCorpus checks the form of testdata/statements, which others run: names, arguments, and that every statement lexes and
// can be respelled.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../testdata/statements/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	name, args := regexp.MustCompile(`(?m)^-- name: (.+)$`), regexp.MustCompile(`(?m)^-- args: (.+)$`)
	seen := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range Split(string(text)) {
			names := name.FindAllStringSubmatch(sql, -1)
			if len(names) != 1 {
				t.Errorf("%s: a statement has %d names: %s", file, len(names), sql)
				continue
			}
			if other := seen[names[0][1]]; other != "" {
				t.Errorf("%s and %s both have %q", file, other, names[0][1])
			}
			seen[names[0][1]] = file
			r, err := ToSQLite(sql)
			if err != nil {
				t.Errorf("%s: %v", names[0][1], err)
			}
			checkArguments(t, names[0][1], r.Params, args.FindStringSubmatch(sql))
			if _, err := ToSQLParser(sql); err != nil {
				t.Errorf("%s: %v", names[0][1], err)
			}
		}
	}
	if len(seen) < 220 {
		t.Errorf("only %d statements", len(seen))
	}
}

// checkArguments sees that every parameter has an argument: an array holds them by index, an object by name.
func checkArguments(t *testing.T, name string, params []Parameter, args []string) {
	t.Helper()
	var value any
	if args != nil {
		if err := json.Unmarshal([]byte(args[1]), &value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, _ := value.([]any)
	object, _ := value.(map[string]any)
	if len(list)+len(object) != len(params) {
		t.Errorf("%s has %d parameters and %d arguments", name, len(params), len(list)+len(object))
	}
	for _, p := range params {
		if _, named := object[p.Name]; !named && p.Index > len(list) {
			t.Errorf("%s: no argument for parameter %d %s", name, p.Index, p.Name)
		}
	}
}

func BenchmarkToSQLite(b *testing.B) {
	const sql = `SELECT p.Id, p."Title", r.UserName, COUNT(*) OVER (PARTITION BY p.State) AS n, CAST(p.CreatedOn AS DATE) AS d
FROM [platform].[PullRequests] AS p LEFT JOIN PullRequestReviewers r ON r.PullRequestId = p.Id
WHERE p.State IN ('OPEN', 'MERGED', 'DECLINED') AND p.Title LIKE '%fix%' AND p.CreatedOn >= TIMESTAMP '2025-01-01 00:00:00'
AND (p.AuthorName = 'Ada Lindqvist' OR p.CommentCount > 3) AND NOT p.Draft ORDER BY p.CreatedOn DESC, p.Id OFFSET 10 ROWS FETCH NEXT 20 ROWS ONLY`
	b.Run("ToSQLite", func(b *testing.B) {
		for b.Loop() {
			if _, err := ToSQLite(sql); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ToSQLParser", func(b *testing.B) {
		for b.Loop() {
			if _, err := ToSQLParser(sql); err != nil {
				b.Fatal(err)
			}
		}
	})
}
