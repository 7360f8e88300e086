package cli

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestHarmless(t *testing.T) {
	const text = "a\x1b[31m\u009b\u202eb\r登\t\"é\"\n\xe7\x99x\n"
	const want = "a\\u001b[31m\\u009b\\u202eb\\u000d登\t\"é\"\n��x\n"
	var whole, bytewise strings.Builder
	if _, err := io.WriteString(&harmless{w: &whole}, text); err != nil {
		t.Fatal(err)
	}
	// A character may come in two pieces.
	if _, err := io.CopyBuffer(&harmless{w: &bytewise}, iotest.OneByteReader(strings.NewReader(text)), make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if whole.String() != want || bytewise.String() != want {
		t.Errorf("got\n%q\n%q\nwant\n%q", whole.String(), bytewise.String(), want)
	}
}

// What steers a terminal does not reach one, and reaches a file as it is.
func TestResultsOnTerminal(t *testing.T) {
	for format, want := range map[string][2]string{
		"csv":   {"x\n\"\\u001b[31m\u00e9\nb\"\n", "x\n\"\x1b[31m\u00e9\nb\"\n"},
		"jsonl": {"{\"x\":\"\\u001b[31mé\\nb\"}\n", "{\"x\":\"\\u001b[31mé\\nb\"}\n"},
	} {
		for i, terminal := range []bool{true, false} {
			s := newSession("")
			s.IsTerminal, s.Width = terminal, 20
			err := writeRecord(s.results(format), []column{{"x", "TEXT"}}, []any{"\x1b[31mé\nb"})
			if got := s.out.String(); err != nil || got != want[i] {
				t.Errorf("%s, terminal %t: got %q, want %q (%v)", format, terminal, got, want[i], err)
			}
		}
	}
	s := newSession("")
	s.IsTerminal = true
	if err := writeRecord(s.results("table"), []column{{"x", "TEXT"}}, []any{"\xe7\x9931m"}); err != nil || strings.Contains(s.out.String(), "\xe7\x99") {
		t.Errorf("bytes that are no text: %q, %v", s.out.String(), err)
	}
}
