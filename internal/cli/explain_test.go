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
│  │       requests    1
│  │       rechecked   Title LIKE
│  └─ UNION ALL
│     │ pushed      x
│     └─ SCAN b
│          request     GET /b?fields=values.id
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
	for _, want := range []string{
		"\x1b[1mSCAN b\x1b[0m",
		"\x1b[2m│          request     \x1b[0mGET\n\x1b[2m│                      \x1b[0m/b?fields=\n\x1b[2m│                      \x1b[0mvalues.id\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("coloured and broken:\n%s\nwithout %q", b.String(), want)
		}
	}
	b.Reset()
	steps = []step{{0, "SCAN the first of them, which is long", [][2]string{{"why", "it is so long that it takes two lines"}}}, {1, "SCAN b", nil}, {0, "SCAN c", nil}}
	want = strings.TrimPrefix(`
├─ SCAN the first of them, which is
│  │ long
│  │ why         it is so long that
│  │             it takes two lines
│  └─ SCAN b
└─ SCAN c
`, "\n")
	if err := writeTree(&b, steps, paint{}, 36); err != nil || b.String() != want {
		t.Errorf("got\n%s\nwant\n%s (%v)", b.String(), want, err)
	}
}

func TestActual(t *testing.T) {
	for want, row := range map[string]map[string]string{
		"1 request, 1 row, 999 bytes, first row after 21 ms, 1.5 s in all": {
			"ActualRequests": "1", "ActualRows": "1", "Bytes": "999", "Starts": "1", "Replays": "0", "WaitedMs": "0", "FirstRowMs": "21.4", "ElapsedMs": "1500",
		},
		"1,200 requests, 0 rows, 1.2 MB, 0 ms in all, requests waited 2.0 s, 3 starts, 2 of them from rows read before": {
			"ActualRequests": "1200", "ActualRows": "0", "Bytes": "1234567", "Starts": "3", "Replays": "2", "WaitedMs": "2000", "ElapsedMs": "0.2",
		},
		"never started":                      {"ActualRequests": "0", "ActualRows": "0", "Bytes": "0", "Starts": "0", "Replays": "0", "WaitedMs": "0", "ElapsedMs": "0"},
		"2 requests, 1.0 kB":                 {"ActualRequests": "2", "Bytes": "1000"},
		"7 requests, 1,993 left in the hour": {"ActualRequests": "7", "RequestsLeft": "1993"},
	} {
		if got := actual(row); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
