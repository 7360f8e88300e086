package thirdparty

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// ledgerFile accounts for the operations of Atlassian's document that no table reads: a line each, with the method, the path,
// the kind and a note, separated by tabs.
const ledgerFile = "testdata/ledger.tsv"

// The kinds of entries.
const (
	// planned is an operation that changes something: the statement or the procedure that will make it.
	planned = "write"
	// declined is an operation that there will be no table for, with the reason.
	declined = "reason"
	// beyond is an operation that a table reads although the document does not have it, with the proof.
	beyond = "beyond"
)

type entry struct {
	line             int
	method, path     string
	kind, note, name string // name is method and path
}

// Every operation of Atlassian's document of today is read by a table, planned, or declined for a reason; and so is every
// operation of the document of August 2026 that is gone since.
func TestEveryOperationIsAccountedFor(t *testing.T) {
	current, old := documented(t, "openapi-current.json"), documented(t, "openapi-2026-08-15.json")
	gone := make(map[string]bool)
	for name := range old {
		if !current[name] {
			gone[name] = true
		}
	}
	for name := range current {
		if !old[name] {
			t.Errorf("%s is in the document of today and was not in the one that it comes from", name)
		}
	}
	entries := readLedger(t)
	account(t, "the document of today", 293, current, entries)
	account(t, "what is gone since August 2026", 38, gone, entries)
	read := tableOperations()
	for name, e := range entries {
		known := current[name] || gone[name]
		verb, table, _ := strings.Cut(e.note, " ")
		switch {
		case e.kind == planned && verb != "EXEC" && schema.Lookup(table) == nil:
			t.Errorf("%s:%d: %s: there is no table %s", ledgerFile, e.line, name, table)
		case e.kind == beyond && known:
			t.Errorf("%s:%d: %s is in the document after all", ledgerFile, e.line, name)
		case e.kind == beyond && read[name] == nil:
			t.Errorf("%s:%d: no table reads %s", ledgerFile, e.line, name)
		case e.kind != beyond && !known:
			t.Errorf("%s:%d: %s is not in the document", ledgerFile, e.line, name)
		}
	}
	for name, tables := range read {
		if !current[name] && !gone[name] && entries[name].kind != beyond {
			t.Errorf("%s, which %s reads, is not in the document", name, tables[0].Name)
		}
		for _, table := range tables {
			if gone[name] && table.Retired == "" {
				t.Errorf("%s is gone, and %s reads it without being retired", name, table.Name)
			}
			if current[name] && table.Retired != "" {
				t.Errorf("%s is there, and %s reads it although it is retired", name, table.Name)
			}
		}
	}
}

// account checks that each operation has a table or an entry, and not both, and tells how many there are.
func account(t *testing.T, what string, want int, operations map[string]bool, entries map[string]entry) {
	t.Helper()
	read, counts := tableOperations(), make(map[string]int)
	var missing []string
	for name := range operations {
		e, listed := entries[name]
		switch {
		case listed && read[name] != nil:
			t.Errorf("%s:%d: %s is read by %s: the entry is stale", ledgerFile, e.line, name, read[name][0].Name)
		case read[name] != nil:
			counts["table"]++
		case listed:
			counts[e.kind]++
		default:
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	for _, name := range missing {
		t.Errorf("%s has no table and no entry in %s", name, ledgerFile)
	}
	t.Logf("%s: %d of %d operations: %d read by tables, %d writes planned, %d declined",
		what, len(operations)-len(missing), len(operations), counts["table"], counts[planned], counts[declined])
	if len(operations) != want {
		t.Errorf("%s has %d operations, not %d", what, len(operations), want)
	}
}

// documented are the operations of a document, as "GET /path".
func documented(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(shared(t, file))
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	found := make(map[string]bool)
	for path, item := range d.Paths {
		for method := range item {
			if slices.Contains([]string{"get", "put", "post", "delete", "patch", "head", "options"}, method) {
				found[operationName(method, path)] = true
			}
		}
	}
	return found
}

// operationName leaves out a slash at the end, which tables write as Bitbucket wants it.
func operationName(method, path string) string {
	return strings.ToUpper(method) + " " + strings.TrimSuffix(path, "/")
}

// tableOperations are the tables that read each operation.
func tableOperations() map[string][]*schema.Table {
	read := make(map[string][]*schema.Table)
	add := func(table *schema.Table, e *schema.Endpoint) {
		name := operationName("GET", e.Path)
		read[name] = append(read[name], table)
	}
	for _, table := range schema.Tables() {
		for i := range table.Endpoints {
			add(table, &table.Endpoints[i])
		}
		if table.Detail != nil {
			add(table, table.Detail)
		}
	}
	return read
}

// readLedger reads the entries and checks their form.
func readLedger(t *testing.T) map[string]entry {
	t.Helper()
	f, err := os.Open(ledgerFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	entries := make(map[string]entry)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		e, err := parseEntry(text)
		if err != nil {
			t.Errorf("%s:%d: %v", ledgerFile, n, err)
		}
		if e.name == "" {
			continue
		}
		e.line = n
		if earlier, twice := entries[e.name]; twice {
			t.Errorf("%s:%d: %s is in line %d already", ledgerFile, n, e.name, earlier.line)
		}
		entries[e.name] = e
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return entries
}

func parseEntry(text string) (entry, error) {
	fields := strings.Split(text, "\t")
	if len(fields) != 4 {
		return entry{}, fmt.Errorf("%q has %d fields, not method, path, kind and note", text, len(fields))
	}
	e := entry{method: fields[0], path: fields[1], kind: fields[2], note: fields[3]}
	e.name = operationName(e.method, e.path)
	switch e.kind {
	case planned:
		verb, table, _ := strings.Cut(e.note, " ")
		switch {
		case e.method == "GET":
			return e, fmt.Errorf("%s writes nothing", e.name)
		case !slices.Contains([]string{"INSERT", "UPDATE", "DELETE", "EXEC"}, verb) || table == "":
			return e, fmt.Errorf("%s: %q is not INSERT, UPDATE or DELETE and a table, or EXEC and a procedure", e.name, e.note)
		}
	case declined, beyond:
		if !strings.HasSuffix(e.note, ".") {
			return e, fmt.Errorf("%s: %q is no sentence", e.name, e.note)
		}
	default:
		return e, fmt.Errorf("%s: the kind %q is none of write, reason and beyond", e.name, e.kind)
	}
	return e, nil
}

// young is the path of the table that a request reads beyond the document, or empty.
func young(x *exchange) string {
	have := strings.Split(strings.Trim(strings.TrimPrefix(x.url.EscapedPath(), "/2.0"), "/"), "/")
	for _, path := range youngPaths() {
		if want := strings.Split(strings.Trim(path, "/"), "/"); slices.EqualFunc(have, want, func(h, w string) bool { return h == w || strings.HasPrefix(w, "{") }) {
			return path
		}
	}
	return ""
}

var youngPaths = sync.OnceValue(func() (paths []string) {
	data, _ := os.ReadFile(ledgerFile) // readLedger tells
	for line := range strings.Lines(string(data)) {
		if e, err := parseEntry(strings.TrimSpace(line)); err == nil && e.kind == beyond {
			paths = append(paths, e.path)
		}
	}
	return paths
})

// The ledger finds what is wrong with an entry, or its silence would prove nothing.
func TestLedgerFindsFaults(t *testing.T) {
	for text, want := range map[string]string{
		"PUT\t/repositories/{workspace}\twrite\tUPDATE Repositories": "",
		"PUT\t/repositories/{workspace}\twrite\tEXEC Merge":          "",
		"PUT\t/x\twrite\tsometime":                                   "is not INSERT",
		"GET\t/x\twrite\tINSERT Repositories":                        "writes nothing",
		"GET\t/x\treason\tNo sentence":                               "is no sentence",
		"GET\t/x\tlater\tPerhaps.":                                   "the kind",
		"GET /x reason":                                              "1 fields",
	} {
		_, err := parseEntry(text)
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && !strings.Contains(got, want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
