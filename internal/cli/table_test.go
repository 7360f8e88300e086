package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTable(t *testing.T) {
	columns := []column{{"Id", "INTEGER"}, {"Title", "TEXT"}, {"Draft", "BOOLEAN"}}
	rows := [][]any{{int64(1), "Fix\nit", true}, {int64(20), nil, false}, {nil, "登录 🚀", nil}}
	want := strings.TrimPrefix(`
╭──────┬─────────┬───────╮
│   Id │ Title   │ Draft │
├──────┼─────────┼───────┤
│    1 │ Fix\nit │ true  │
│   20 │ NULL    │ false │
│ NULL │ 登录 🚀 │ NULL  │
╰──────┴─────────┴───────╯
`, "\n")
	if got := write(t, "table", 0, columns, rows); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := write(t, "table", 0, columns, nil); !strings.Contains(got, "│ Id │ Title │ Draft │") || !strings.HasSuffix(got, "╯\n") {
		t.Errorf("without rows:\n%s", got)
	}
}

// More rows than are held must look like one table.
func TestTableOfManyRows(t *testing.T) {
	for _, n := range []int{tableBatch - 1, tableBatch, tableBatch + 1, 2 * tableBatch, 2*tableBatch + 7} {
		var rows [][]any
		for i := range n {
			rows = append(rows, []any{int64(i + 1e6), "row"})
		}
		got := write(t, "table", 40, []column{{"Id", "INTEGER"}, {"Word", "TEXT"}}, rows)
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) != n+4 {
			t.Fatalf("%d rows: %d lines", n, len(lines))
		}
		for i, line := range lines {
			if displayWidth(line) != displayWidth(lines[0]) {
				t.Fatalf("%d rows: line %d: %s", n, i, line)
			}
		}
		if !strings.HasPrefix(lines[len(lines)-1], "╰") || !strings.Contains(lines[n+2], fmt.Sprintf(" %d │ row", n-1+1e6)) {
			t.Errorf("%d rows: it ends in\n%s", n, strings.Join(lines[len(lines)-2:], "\n"))
		}
	}
}

func TestTableFitsWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.StringMatching(`[a-zé登🚀 ]{0,60}`), 1, 6).Draw(t, "cells")
		width := rapid.IntRange(70, 120).Draw(t, "width")
		columns, values := make([]column, len(cells)), make([]any, len(cells))
		for i, c := range cells {
			columns[i], values[i] = column{fmt.Sprint("c", i), "TEXT"}, c
		}
		var b strings.Builder
		w := newResultWriter("table", &b, width)
		if err := w.begin(columns); err != nil {
			t.Fatal(err)
		}
		if err := w.row(values); err != nil {
			t.Fatal(err)
		}
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if displayWidth(line) > width {
				t.Fatalf("%d columns, not %d:\n%s", displayWidth(line), width, b.String())
			}
		}
	})
}

// A number that is wider than those before must not be cut.
func TestTableOfGrowingNumbers(t *testing.T) {
	rows := make([][]any, tableBatch+1)
	for i := range rows {
		rows[i] = []any{int64(i) * 1e12}
	}
	if got, want := write(t, "table", 40, []column{{"n", "INTEGER"}}, rows), fmt.Sprint(int64(tableBatch)*1e12); !strings.Contains(got, "│ "+want+" │") {
		t.Errorf("it ends in\n%s", got[len(got)-200:])
	}
	columns := []column{{"n", "INTEGER"}, {"a", "TEXT"}, {"at", "TIMESTAMP"}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := write(t, "table", 56, columns, [][]any{{int64(123456789012345678), strings.Repeat("a", 40), at}})
	if !strings.Contains(got, "│ 123456789012345678 │ aaaaaaa… │ 2026-01-02T03:04:05Z │") || displayWidth(strings.SplitN(got, "\n", 2)[0]) != 56 {
		t.Errorf("got\n%s", got)
	}
}

func TestRecords(t *testing.T) {
	var columns []column
	var values []any
	for i := range 12 {
		columns, values = append(columns, column{fmt.Sprintf("Column%d", i), "TEXT"}), append(values, strings.Repeat("v", 50))
	}
	got := write(t, "table", 80, columns, [][]any{values, values})
	lines := strings.Split(got, "\n")
	if !strings.HasPrefix(lines[0], "─── row 1 ─") || !strings.HasPrefix(lines[13], "─── row 2 ─") || lines[12] != "Column11  "+strings.Repeat("v", 50) {
		t.Errorf("got\n%s", got)
	}
	if wide := write(t, "table", 0, columns, [][]any{values}); !strings.HasPrefix(wide, "╭") || strings.Contains(wide, "…") {
		t.Errorf("without a width:\n%s", wide)
	}
}

// The values of records are broken at words only.
func TestRecordsBreakAtWords(t *testing.T) {
	columns := []column{{"Title", "TEXT"}, {"HtmlURL", "TEXT"}, {"At", "TIMESTAMP"}, {"Id", "INTEGER"}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := write(t, "table", 32, columns, [][]any{{"Fix the  cache of pages that were read", "https://bitbucket.org/acme/platform", at, int64(7)}})
	want := strings.TrimPrefix(`
─── row 1 ──────────────────────
Title    Fix the  cache of pages
         that were read
HtmlURL  https://bitbucket.org/acme/platform
At       2026-01-02T03:04:05Z
Id       7
`, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A column without an alias is called as its expression, which may be longer than a line.
func TestLongNames(t *testing.T) {
	name := "COUNT(CASE WHEN State = 'OPEN' AND NOT Draft THEN 1 END)"
	got := write(t, "table", 40, []column{{name, "INTEGER"}, {"MAX(CreatedOn)", "TIMESTAMP"}}, [][]any{{int64(17), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}})
	want := strings.TrimPrefix(`
╭───────────────┬──────────────────────╮
│ COUNT(CASE W… │ MAX(CreatedOn)       │
├───────────────┼──────────────────────┤
│            17 │ 2026-01-02T03:04:05Z │
╰───────────────┴──────────────────────╯
`, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	columns, values := []column{{name, "INTEGER"}}, []any{int64(17)}
	for range 5 {
		columns, values = append(columns, column{"Name", "TEXT"}), append(values, "value")
	}
	got = write(t, "table", 40, columns, [][]any{values})
	if !strings.Contains(got, "\nCOUNT(CASE WHEN State = '…  17\nName                        value\n") {
		t.Errorf("got\n%s", got)
	}
	if got = write(t, "table", 0, columns, [][]any{values}); !strings.Contains(got, name) {
		t.Errorf("without a width:\n%s", got)
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		s     string
		width int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"登录问题", 5, "登录…"}, {"登录问题", 4, "登…"}} {
		if got := shorten(test.s, test.width); got != test.want {
			t.Errorf("%s in %d: got %s, want %s", test.s, test.width, got, test.want)
		}
	}
}
