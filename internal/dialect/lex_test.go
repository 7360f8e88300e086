package dialect

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestLex(t *testing.T) {
	names := [...]string{"space", "comment", "ident", "quoted", "string", "blob", "number", "param", "op"}
	tests := []struct{ sql, want string }{
		{`a_1$ Ä "x""y" [z] [a]]b] ` + "`q`", "ident:a_1$ ident:Ä quoted:x\"y quoted:z quoted:a]b quoted:q"},
		{`'it''s' E'a\'b\\\x41\u00e9\101\q' N'n' '\' x'0A'`, `string:it's string:a'b\AéAq string:n string:\ blob:x'0A'`},
		{`1 1.5 .5 5. 1e3 1E-3 1e 0xFf 1_000 0x`, "number:1 number:1.5 number:.5 number:5. number:1e3 number:1E-3 number:1 ident:e " +
			"number:0xFf number:1_000 number:0 ident:x"},
		{`? ?12 :name @name $1 $name :1 @ $ :`, "param: param:12 param:name param:name param:1 param:name param:1 op:@ op:$ op::"},
		{
			`a::b <> != <= >= == << >> || -> ->> <=> := ! |`,
			"ident:a op::: ident:b op:<> op:!= op:<= op:>= op:== op:<< op:>> op:|| op:-> op:->> op:<=> op::= op:! op:|",
		},
		{"a--b\nc/*d\n*/e -", "ident:a ident:c ident:e op:-"},
		{"t.a t . * T#TEMP # a#", "ident:t op:. ident:a ident:t op:. op:* ident:T#TEMP op:# ident:a op:#"},
		{"\uFEFFa", "ident:a"},
	}
	for _, test := range tests {
		tokens, err := Lex(test.sql)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
		}
		var got []string
		for _, token := range tokens {
			if token.Significant() {
				got = append(got, names[token.Kind]+":"+token.Value())
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, s, test.want)
		}
	}
}

func TestLexErrors(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"SELECT 'a", "string 7 1:8"},
		{"SELECT\n 'a''", "string 8 2:2"},
		{`E'a\'`, "string 0 1:1"},
		{`a "b`, "name 2 1:3"},
		{"é [b", "name 3 1:3"},
		{"`", "name 0 1:1"},
		{"a /* b", "comment 2 1:3"},
		{"/*/", "comment 0 1:1"},
		{"x'0a", "string 0 1:1"},
	}
	for _, test := range tests {
		tokens, err := Lex(test.sql)
		var e *LexError
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if got := fmt.Sprintf("%s %d %d:%d", e.What, e.Offset, e.Line, e.Column); got != test.want {
			t.Errorf("%s: got %s, want %s", test.sql, got, test.want)
		}
		if got := joined(tokens); got != test.sql[:e.Offset] {
			t.Errorf("%s: tokens before the error are %q", test.sql, got)
		}
		if !strings.Contains(e.Error(), "unterminated "+e.What) {
			t.Errorf("message %q", e)
		}
	}
}

func joined(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	trigger := "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = CASE b WHEN 1 THEN 2 END; DELETE FROM t; END"
	tests := []struct {
		sql  string
		want []string
	}{
		{"", nil},
		{" ; ;-- x\n; /* y */", nil},
		{"SELECT 1", []string{"SELECT 1"}},
		{"SELECT 1; SELECT ';' ;\n-- done\n", []string{"SELECT 1", "SELECT ';'"}},
		{"-- one;\nSELECT 1; /* ; */ SELECT \";\", [;]", []string{"-- one;\nSELECT 1", `/* ; */ SELECT ";", [;]`}},
		{trigger + "; SELECT 2", []string{trigger, "SELECT 2"}},
		{"BEGIN; SELECT CASE WHEN 1 THEN 2 END; COMMIT", []string{"BEGIN", "SELECT CASE WHEN 1 THEN 2 END", "COMMIT"}},
		{"SELECT 1; SELECT 'open; SELECT 2", []string{"SELECT 1", "SELECT 'open; SELECT 2"}},
		{"'open", []string{"'open"}},
	}
	for _, test := range tests {
		if got := Split(test.sql); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	tokens, err := Lex("SELECT a.b, [web-app] . \"Pull\"\"Requests\".`Id`, x, 'a.b', 1.5, a.b, t.* FROM c.d")
	if err != nil {
		t.Fatal(err)
	}
	want := []Name{{"a", "b"}, {"web-app", `Pull"Requests`}, {`Pull"Requests`, "Id"}, {"c", "d"}}
	if got := Names(tokens); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestHasLimit(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT a FROM t": false, "SELECT 'LIMIT', \"TOP\", [fetch] -- EXISTS": false, "SELECT limits FROM t": false,
		"SELECT a FROM t limit 5": true, "SELECT Top 5 a FROM t": true, "SELECT a FROM t FETCH FIRST ROW ONLY": true,
		"SELECT a FROM t WHERE EXISTS (SELECT 1)": true,
	} {
		tokens, err := Lex(sql)
		if err != nil {
			t.Fatal(err)
		}
		if got := HasLimit(tokens); got != want {
			t.Errorf("%s: %t", sql, got)
		}
	}
}

func TestPosition(t *testing.T) {
	sql := "aé\nb\n"
	for _, test := range []struct{ offset, line, column int }{
		{-1, 1, 1},
		{0, 1, 1},
		{3, 1, 3},
		{4, 2, 1},
		{5, 2, 2},
		{6, 3, 1},
		{99, 3, 1},
	} {
		if line, column := Position(sql, test.offset); line != test.line || column != test.column {
			t.Errorf("offset %d is %d:%d", test.offset, line, column)
		}
	}
}

func FuzzLex(f *testing.F) {
	f.Add("SELECT 'a''b', \"c\", [d], `e`, ?1, :a, $b, @c, 0x1F, 1e5 -- x\n/* y */ FROM t::u")
	f.Add("\v;SELECT 1")
	f.Add("E'\\'' N'' x'' [a]]b] '\x00\xff")
	f.Fuzz(func(t *testing.T, sql string) {
		tokens, err := Lex(sql)
		got := joined(tokens)
		var e *LexError
		if errors.As(err, &e) {
			got += sql[e.Offset:]
		}
		if got != sql {
			t.Fatalf("%q became %q", sql, got)
		}
		at := 0
		for _, token := range tokens {
			if token.Offset != at || token.Text == "" {
				t.Fatalf("token %q at %d, not %d", token.Text, token.Offset, at)
			}
			at += len(token.Text)
			_ = token.Value()
		}
		rest := sql
		for _, s := range Split(sql) {
			i := strings.Index(rest, s)
			if i < 0 || s == "" {
				t.Fatalf("%q has no statement %q", sql, s)
			}
			rest = rest[i+len(s):]
		}
		Names(tokens)
		HasLimit(tokens)
	})
}
