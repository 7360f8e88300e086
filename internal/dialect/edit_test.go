package dialect

import (
	"strings"
	"testing"
)

func TestRewriteWithEdits(t *testing.T) {
	const text = "SELECT TOP 2 v.a || 1 FROM v /* view */ WHERE b = ?1 -- end"
	at := func(word string) int { return strings.LastIndex(text, word) }
	r, err := Rewrite(text, []Edit{
		{Offset: at("v /*"), Text: "temp.[s.v] AS v"}, {Offset: at("WHERE"), Text: "x = 1 AND (", After: true}, {Offset: at("?1"), Text: ")", After: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	squeezed := strings.Join(strings.Fields(r.SQL), " ")
	if want := "SELECT v.a || 1 FROM temp.[s.v] AS v /* view */ WHERE x = 1 AND ( b = ?1 ) LIMIT 2 -- end"; squeezed != want {
		t.Errorf("%s\nwant %s", squeezed, want)
	}
	// Places behind an edit are still the user's, and those in one are the token's.
	for in, want := range map[string]int{"b = ?1": at("b = ?1"), "temp": at("v /*"), "x = 1": at("WHERE")} {
		if got := r.Offset(strings.Index(r.SQL, in)); got != want {
			t.Errorf("%s is at %d, want %d: %s", in, got, want, r.SQL)
		}
	}
	if len(r.Params) != 1 || r.Params[0].Index != 1 {
		t.Errorf("parameters %v", r.Params)
	}
	plain, err := ToSQLite(text)
	same, err2 := Rewrite(text, nil)
	none, err3 := Rewrite(text, []Edit{{Offset: len(text) + 5, Text: "x"}})
	if err != nil || err2 != nil || err3 != nil || plain.SQL != same.SQL || plain.SQL != none.SQL {
		t.Errorf("%s\n%s\n%s", plain.SQL, same.SQL, none.SQL)
	}
}
