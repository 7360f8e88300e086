package cli

import (
	"database/sql"
	"reflect"
	"testing"
	"time"
)

func TestText(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 5000, time.FixedZone("", 3600))
	for _, test := range []struct {
		kind  string
		value any
		want  string
	}{
		{"TEXT", "a", "a"},
		{"INTEGER", int64(-5), "-5"},
		{"REAL", 2.0, "2.0"},
		{"REAL", 0.1, "0.1"},
		{"REAL", 1e20, "1e+20"},
		{"BOOLEAN", true, "true"},
		{"BOOLEAN", false, "false"},
		{"TIMESTAMP", at, "2026-03-01T11:00:00.000005Z"},
		{"DATE", at, "2026-03-01"},
		{"BLOB", []byte{1, 0xff}, "x'01ff'"},
	} {
		if got := (column{"c", test.kind}).text(test.value); got != test.want {
			t.Errorf("%s %v: got %s, want %s", test.kind, test.value, got, test.want)
		}
	}
}

func TestPrintable(t *testing.T) {
	if got, want := printable("a\r\nb\tc\x1b[31m \u202egpj"), `a\r\nb\tc\u001b[31m \u202egpj`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := "Zoë 登录 🚀"; printable(s) != s {
		t.Errorf("changed %q", s)
	}
}

func TestCosts(t *testing.T) {
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 999: "999 rows", 1000: "1,000 rows", 1234567: "1,234,567 rows"} {
		if got := plural(n, "row"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		64 * time.Millisecond: "64 ms", 1240 * time.Millisecond: "1.2 s", 61500 * time.Millisecond: "1m2s",
	} {
		if got := elapsed(d); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestArguments(t *testing.T) {
	a := arguments{
		Values: []string{"5", "-5", "05", "+5", "1.5", "1.50", "1e5", "9223372036854775808", "true", "false", "True", "", "NULL"},
		Param:  []string{"state=OPEN", ":q=a=b;c", "$n=7"},
	}
	got, err := a.read()
	if err != nil {
		t.Fatal(err)
	}
	want := []any{
		int64(5), int64(-5), "05", "+5", 1.5, "1.50", "1e5", "9223372036854775808", true, false, "True", "", "NULL",
		sql.Named("state", "OPEN"), sql.Named("q", "a=b;c"), sql.Named("n", int64(7)),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}
