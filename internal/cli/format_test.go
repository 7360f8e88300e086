package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var sampleColumns = []column{
	{"Id", "INTEGER"}, {"Title", "TEXT"}, {"Draft", "BOOLEAN"}, {"On", "TIMESTAMP"}, {"Links", "JSON"}, {"Id", "REAL"}, {"Raw", "BLOB"},
}

var sampleRows = [][]any{
	{int64(1), `<a> "b", c`, true, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "{\"x\":\n 1}", 0.5, []byte("hi")},
	{nil, nil, nil, nil, nil, nil, nil},
	{int64(3), "line\nline", false, time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC), "{broken", math.Inf(1), []byte{}},
}

func write(t *testing.T, format string, width int, columns []column, rows [][]any) string {
	t.Helper()
	var b bytes.Buffer
	w := newResultWriter(format, &b, width)
	if err := w.begin(columns); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.end(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCSV(t *testing.T) {
	got := write(t, "csv", 0, sampleColumns, sampleRows)
	records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Id", "Title", "Draft", "On", "Links", "Id", "Raw"},
		{"1", `<a> "b", c`, "true", "2026-01-02T03:04:05Z", "{\"x\":\n 1}", "0.5", "x'6869'"},
		{"", "", "", "", "", "", ""},
		{"3", "line\nline", "false", "2026-01-02T03:04:05.0000006Z", "{broken", "+Inf", "x''"},
	}
	if !reflect.DeepEqual(records, want) {
		t.Errorf("got  %q\nwant %q", records, want)
	}
}

func TestJSON(t *testing.T) {
	want := []string{
		`{"Id":1,"Title":"<a> \"b\", c","Draft":true,"On":"2026-01-02T03:04:05Z","Links":{"x":1},"Id_2":0.5,"Raw":"aGk="}`,
		`{"Id":null,"Title":null,"Draft":null,"On":null,"Links":null,"Id_2":null,"Raw":null}`,
		`{"Id":3,"Title":"line\nline","Draft":false,"On":"2026-01-02T03:04:05.0000006Z","Links":"{broken","Id_2":"+Inf","Raw":""}`,
	}
	if got := write(t, "jsonl", 0, sampleColumns, sampleRows); got != strings.Join(want, "\n")+"\n" {
		t.Errorf("jsonl:\n%s", got)
	}
	got := write(t, "json", 0, sampleColumns, sampleRows)
	if got != "[\n"+strings.Join(want, ",\n")+"\n]\n" || !json.Valid([]byte(got)) {
		t.Errorf("json:\n%s", got)
	}
	if got := write(t, "json", 0, sampleColumns, nil); got != "[]\n" {
		t.Errorf("json without rows: %q", got)
	}
	if got := write(t, "jsonl", 0, sampleColumns, nil); got != "" {
		t.Errorf("jsonl without rows: %q", got)
	}
}

func TestUniqueNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "a_2", "a_2_2", "a_3"})).Draw(t, "names")
		columns := make([]column, len(names))
		for i, n := range names {
			columns[i].name = n
		}
		seen := map[string]bool{}
		for i, n := range uniqueNames(columns) {
			if seen[n] || !strings.HasPrefix(n, names[i]) {
				t.Fatalf("%q: %q", names, uniqueNames(columns))
			}
			seen[n] = true
		}
	})
}

// An unfinished document must not look like a result.
func TestUnfinishedJSON(t *testing.T) {
	var b bytes.Buffer
	w := newResultWriter("json", &b, 0)
	if err := errors.Join(w.begin(sampleColumns), w.row(sampleRows[0])); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 || json.Valid(b.Bytes()) {
		t.Errorf("after a row: %q", b.String())
	}
}

// A row must appear before the next one, when that takes its time.
func TestStreaming(t *testing.T) {
	for _, format := range []string{"csv", "jsonl"} {
		var b bytes.Buffer
		w := newResultWriter(format, &b, 0)
		columns := []column{{"Id", "INTEGER"}}
		err := w.begin(columns)
		for i := range 3 {
			time.Sleep(60 * time.Millisecond)
			err = errors.Join(err, w.row([]any{int64(i + 100)}))
			if want := string([]byte{'1', '0', byte('0' + i)}); !strings.Contains(b.String(), want) {
				t.Errorf("%s: %q without %s", format, b.String(), want)
			}
		}
		if err := errors.Join(err, w.end()); err != nil {
			t.Fatal(err)
		}
	}
}
