package outline

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// TestOnce says of which statements the rows are not kept for a second scan.
func TestOnce(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT * FROM platform.PullRequests":                                             true,
		"SELECT Id, LOWER(Title) FROM platform.PullRequests p WHERE Id IN (1, 2) LIMIT 5": true,
		"SELECT State, COUNT(*) FROM [platform].[PullRequests] GROUP BY State, Draft":     true,
		"SELECT 1": false,
		"SELECT * FROM Repositories r, Workspace.PullRequests p WHERE r.Slug = p.RepositorySlug":  false,
		"SELECT * FROM Repositories r JOIN Workspace.PullRequests p ON r.Slug = p.RepositorySlug": false,
		"SELECT * FROM (SELECT 1)": false,
		"SELECT * FROM Repositories WHERE Slug = (SELECT MIN(Slug) FROM Repositories)": false,
		"SELECT Slug FROM Repositories UNION ALL SELECT Slug FROM Repositories":        false,
		"SELECT * FROM Repositories WHERE Slug = 'a' OR Name = 'b'":                    false,
	} {
		if have := Of(dialect.WordsOf(text), nil).Once; have != want {
			t.Errorf("%v, want %v: %s", have, want, text)
		}
		if Of(dialect.WordsOf(text), map[string]string{"v": "SELECT 1"}).Once {
			t.Errorf("with a view that a name may stand for: %s", text)
		}
	}
}

// The views say what their statements do.
func TestViews(t *testing.T) {
	views := map[string]string{
		"erased": "SELECT Id FROM c WHERE Deleted", "over": "SELECT * FROM Erased", "snake": "SELECT * FROM tail", "tail": "SELECT * FROM snake",
		"open": "SELECT Id FROM p WHERE State = 'OPEN'",
	}
	for text, want := range map[string]bool{
		"SELECT COUNT(*) FROM Over": true, "SELECT * FROM [ERASED]": true, "SELECT Deleted FROM Open": false, "SELECT * FROM Snake": false,
		"SELECT * FROM Open WHERE Deleted = 1": true, "GETDELETED FROM c": true, "SELECT 'erased'": false,
	} {
		out := Of(dialect.WordsOf(text), views)
		if out.Deleted != want || out.Twice || out.Alone || out.Sorted {
			t.Errorf("%s: %+v, want Deleted %v", text, out, want)
		}
	}
	for view, want := range map[string]bool{
		"SELECT 1 FROM a RIGHT JOIN b": true, "SELECT 'a or b'": false, "SELECT 1 FROM a WHERE b or c": true, "SELECT 'unterminated": true,
	} {
		if out := Of(dialect.WordsOf("SELECT 1"), map[string]string{"v": view}); out.Twice != want {
			t.Errorf("%s: Twice is %v", view, out.Twice)
		}
	}
}

// A LIMIT ends a scan early, unless it is behind what reads all rows first, and scans are repeated for all rows of others but for one.
func TestEnds(t *testing.T) {
	for text, want := range map[string]Outline{
		"SELECT Id FROM p":                                           {Whole: true, Alone: true, Once: true, Repeated: true},
		"SELECT Id FROM p LIMIT 3":                                   {Alone: true, Once: true, Limited: true},
		"SELECT Id FROM p ORDER BY Id LIMIT 3":                       {Sorted: true, Alone: true, Once: true, Repeated: true, Limited: true},
		"SELECT TOP 3 a, COUNT(*) FROM p GROUP BY a":                 {Sorted: true, Alone: true, Once: true, Repeated: true, Limited: true},
		"SELECT COUNT(*) FROM p LIMIT 1":                             {Sorted: true, Alone: true, Once: true, Repeated: true, Limited: true},
		"SELECT a FROM (SELECT a FROM p LIMIT 5) ORDER BY a":         {Limited: true},
		"SELECT a FROM (SELECT a FROM p ORDER BY a) LIMIT 5":         {Limited: true},
		"SELECT a FROM p, q ORDER BY a LIMIT 1":                      {Sorted: true, Repeated: true, Limited: true},
		"SELECT a FROM p FULL JOIN q USING (a)":                      {Whole: true, Twice: true, Repeated: true},
		"SELECT a FROM p WHERE EXISTS (SELECT 1 FROM q) ORDER BY a":  {Repeated: true},
		"SELECT a FROM p WHERE EXISTS (SELECT 1 FROM q LIMIT 1)":     {Limited: true},
		"SELECT a FROM p WHERE EXISTS (SELECT 1 FROM q) LIMIT 1 + 1": {Limited: true},
	} {
		got := Of(dialect.WordsOf(text), nil)
		got.Unordered = false // is TestUnordered's
		if got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

// With views scans are repeated for all rows of others if neither the statement nor a view that it names may end early.
func TestRepeatedOverViews(t *testing.T) {
	views := map[string]string{
		"open": "SELECT Id FROM p WHERE State = 'OPEN'", "first": "SELECT Id FROM p LIMIT 5", "over": "SELECT Id FROM first",
	}
	for text, want := range map[string]bool{
		"SELECT a FROM p JOIN q USING (a)":         true,
		"SELECT a FROM p JOIN q USING (a) LIMIT 5": false,
		"SELECT a FROM p JOIN Open USING (a)":      true,
		"SELECT a FROM p JOIN [First] USING (a)":   false,
		"SELECT a FROM p JOIN v.Over USING (a)":    false,
	} {
		if out := Of(dialect.WordsOf(text), views); out.Repeated != want {
			t.Errorf("%s: Repeated is %v", text, out.Repeated)
		}
	}
}

func TestUnordered(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT a FROM p WHERE b = (SELECT MAX(b) FROM p)":              true,
		"SELECT MIN(a) FROM p LIMIT 3":                                  true,
		"SELECT a FROM p ORDER BY a":                                    false,
		"SELECT a FROM p WHERE b IN (SELECT b FROM p ORDER BY b)":       false,
		"SELECT DISTINCT a FROM p":                                      false,
		"SELECT a, COUNT(*) FROM p GROUP BY a":                          false,
		"SELECT a, ROW_NUMBER() OVER w FROM p WINDOW w AS (ORDER BY a)": false,
		"SELECT a FROM p UNION SELECT a FROM q":                         false,
	} {
		if got := Of(dialect.WordsOf(text), nil); got.Unordered != want {
			t.Errorf("%s: Unordered is %v", text, got.Unordered)
		}
	}
	if out := Of(dialect.WordsOf("SELECT MAX(a) FROM v"), map[string]string{"v": "SELECT a FROM p ORDER BY a"}); out.Unordered {
		t.Error("a view may hide an order")
	}
}

func TestLimit(t *testing.T) {
	argument := func(i int) any {
		if i == 1 {
			return int64(7)
		}
		return nil
	}
	for text, want := range map[string]int{
		"SELECT a FROM t":                                      -1,
		"SELECT a FROM t LIMIT 5 OFFSET 2":                     5,
		"SELECT TOP 4 a FROM t":                                4,
		"SELECT a FROM t OFFSET 1 ROWS FETCH NEXT 6 ROWS ONLY": 6,
		"SELECT a FROM (SELECT b FROM t LIMIT 5)":              -1,
		"SELECT a FROM t WHERE b = ? LIMIT ?":                  7,
		"SELECT a FROM t LIMIT ?":                              -1,
		"SELECT a FROM t LIMIT -1":                             -1,
		"SELECT a FROM (SELECT b FROM t LIMIT 2) LIMIT 9":      9,
	} {
		if got := Limit(dialect.WordsOf(text), argument); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
