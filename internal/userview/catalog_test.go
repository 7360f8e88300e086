package userview

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// host is a connection on which the name Taken means a table.
type host struct{ created map[string]string }

var errUnknown = errors.New("unknown")

func (h *host) Compile(context.Context, string) error { return nil }

func (h *host) CreateView(name, query string) error {
	if h.created[name] != "" {
		return errors.New("it is there")
	}
	h.created[name] = query
	return nil
}

func (h *host) DropView(name string) error {
	delete(h.created, name)
	return nil
}

func (h *host) IsTaken(_ context.Context, name string) bool { return name == "Taken" }

func (h *host) UnknownView(string) error { return errUnknown }

// newCatalog is a connection's, with a file of that text.
func newCatalog(t *testing.T, text string) (*Catalog, *host) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "views.json")
	if text != "" {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h := &host{created: map[string]string{}}
	c := &Catalog{Host: h, Path: path, Schema: "Mine"}
	c.Refresh()
	return c, h
}

const viewsText = `{"a": {"query": "SELECT 1 AS x"}, "Over": {"query": "SELECT * FROM a"}, "Taken": {"query": "SELECT 3"}, "Two": {"query": "SELECT 1; SELECT 2", "note": "kept"},
	"Self": {"query": "SELECT * FROM Self"}, "None": {}}`

// The names of views, and only those, become names of temporary views.
func TestEdits(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT x FROM a":                         "SELECT x FROM  temp.`Mine.a` AS `a` ",
		"SELECT x FROM Mine.A AS b, other.a":      "SELECT x FROM    temp.`Mine.a`  AS b, other.a",
		"SELECT mine.a.x FROM Bitbucket.mine.[a]": "SELECT   a.x FROM      temp.`Mine.a` AS `a` ",
		"SELECT a.x, a FROM t a":                  "SELECT a.x, a FROM t a",
		"WITH a AS (SELECT 1) SELECT x FROM a":    "WITH a AS (SELECT 1) SELECT x FROM a",
		"SELECT * FROM Taken, a(1)":               "SELECT * FROM Taken, a(1)",
		"SELECT * FROM Mine.Taken":                "SELECT * FROM    temp.`Mine.Taken` AS `Taken` ",
	} {
		c, h := newCatalog(t, viewsText)
		edits, used, err := c.Edits(t.Context(), text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if len(used) != len(h.created) || len(used) == 0 != (text == want) {
			t.Errorf("%s uses %v and creates %v", text, used, h.created)
		}
		got, err := dialect.Rewrite(text, edits)
		if err != nil || strings.Join(strings.Fields(got.SQL), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%s becomes\n%s, want\n%s; %v", text, got.SQL, want, err)
		}
	}
}

// A view that uses others is made with them, once, and all of them anew when the file has changed.
func TestRefresh(t *testing.T) {
	c, h := newCatalog(t, viewsText)
	for range 2 {
		if _, _, err := c.Edits(t.Context(), "SELECT * FROM Over"); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.created) != 2 || !strings.Contains(h.created["Mine.Over"], "temp.`Mine.a`") {
		t.Errorf("created are %v", h.created)
	}
	before := c.Generation()
	c.Refresh()
	if c.Generation() != before || len(h.created) != 2 {
		t.Errorf("the same file is another generation, %v", h.created)
	}
	if err := os.WriteFile(c.Path, []byte(`{"Over": {"query": "SELECT 5"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(c.Path, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	c.Refresh()
	if c.Generation() == before || len(h.created) != 0 || !slices.Equal(c.List(), []View{{"Over", "SELECT 5"}}) {
		t.Errorf("after a change: %v, created are %v", c.List(), h.created)
	}
	if again, err := c.Remake(t.Context(), "temp.Mine", "over"); !again || err != nil || h.created["Mine.Over"] == "" {
		t.Errorf("not made again: %v, %v", again, err)
	}
	if again, err := c.Remake(t.Context(), "temp.Mine", "a"); again || err != nil {
		t.Errorf("one that is gone is made: %v, %v", again, err)
	}
}

func TestFaults(t *testing.T) {
	c, _ := newCatalog(t, viewsText)
	for text, want := range map[string]string{
		"SELECT * FROM Two":          "the view Mine.Two is broken: a view is one query, and this is 2 statements",
		"SELECT * FROM Mine.Self":    "the view Mine.Self is broken: it is defined by itself",
		"SELECT * FROM Mine.Nothing": errUnknown.Error(),
	} {
		if _, _, err := c.Edits(t.Context(), text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	var broken *Error
	if err := c.Fault("none"); !errors.As(err, &broken) || broken.View != "Mine.None" || !strings.Contains(err.Error(), `it has no "query"`) {
		t.Errorf("an entry without a query: %v", err)
	}
	if err := c.Fault("Nothing"); err != nil {
		t.Errorf("a name that is not there: %v", err)
	}
	for _, text := range []string{"[]", `{"a": {"query": "SELECT 1"}, "A": {"query": "SELECT 2"}}`, `{"a"`} {
		if c, _ := newCatalog(t, text); c.Err() == nil || c.Fault("a") == nil || len(c.List()) != 0 {
			t.Errorf("%s is read as %v", text, c.List())
		}
	}
	var none Catalog
	if edits, used, err := none.Edits(t.Context(), "SELECT * FROM a"); edits != nil || used != nil || err != nil || none.List() != nil || none.IsSchema("") {
		t.Error("a catalog without a file has views")
	}
}

// What the file says besides is kept, and its order.
func TestApply(t *testing.T) {
	c, _ := newCatalog(t, viewsText)
	for _, test := range []struct {
		change Change
		want   error
	}{
		{Change{Verb: Create, Name: "A", Query: "SELECT 0"}, ErrExists},
		{Change{Verb: Create, Name: "A", Query: "SELECT 0", Lenient: true}, nil},
		{Change{Verb: Alter, Name: "b", Query: "SELECT 0"}, errUnknown},
		{Change{Verb: Drop, Name: "b"}, errUnknown},
		{Change{Verb: Drop, Name: "b", Lenient: true}, nil},
		{Change{Verb: Drop, Name: "over"}, nil},
		{Change{Verb: Replace, Name: "NONE", Query: "SELECT 7 < 8"}, nil},
		{Change{Verb: Alter, Name: "two", Query: "SELECT 2"}, nil},
		{Change{Verb: Create, Name: "New", Query: "SELECT 9"}, nil},
	} {
		if err := c.Apply(test.change); !errors.Is(err, test.want) {
			t.Errorf("%v: %v, want %v", test.change, err, test.want)
		}
	}
	c.Refresh()
	want := []View{{"a", "SELECT 1 AS x"}, {"Taken", "SELECT 3"}, {"Two", "SELECT 2"}, {"Self", "SELECT * FROM Self"}, {"None", "SELECT 7 < 8"}, {"New", "SELECT 9"}}
	if got := c.List(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	text, err := os.ReadFile(c.Path)
	if err != nil || !strings.Contains(string(text), `"note": "kept"`) || !strings.Contains(string(text), "7 < 8") {
		t.Errorf("%s, %v", text, err)
	}
	fresh, _ := newCatalog(t, "")
	if err := fresh.Apply(Change{Verb: Create, Name: "a", Query: "SELECT 1"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(fresh.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a new file: %v, %v", info, err)
	}
}
