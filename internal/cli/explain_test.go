package cli

import (
	"strings"
	"testing"
)

func TestTree(t *testing.T) {
	steps := []step{
		{0, "COMPOUND QUERY", nil},
		{1, "LEFT-MOST SUBQUERY", nil},
		{2, "SCAN a", [][2]string{{"requests", "1"}, {"rechecked", "Title LIKE"}}},
		{1, "UNION ALL", [][2]string{{"pushed", "x"}}},
		{2, "SCAN b", [][2]string{{"request", "GET /b?fields=values.id"}}},
		{0, "USE TEMP B-TREE", nil},
	}
	want := strings.TrimPrefix(`
├─ COMPOUND QUERY
│  ├─ LEFT-MOST SUBQUERY
│  │  └─ SCAN a
│  │       requests   1
│  │       rechecked  Title LIKE
│  └─ UNION ALL
│     │ pushed     x
│     └─ SCAN b
│          request    GET /b?fields=values.id
└─ USE TEMP B-TREE
`, "\n")
	var b strings.Builder
	if err := writeTree(&b, steps, paint{}, 0); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := writeTree(&b, steps, paint{on: true}, 30); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[1mSCAN b\x1b[0m") || !strings.Contains(b.String(), "GET /b?…") {
		t.Errorf("coloured and cut:\n%s", b.String())
	}
}
