package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("no"), 1},
		{fmt.Errorf("write: %w", syscall.EPIPE), 0},
		{usageErrorf("no"), 2},
		{&driver.ConfigError{Faults: []driver.Fault{{Property: "User"}}}, 2},
		{&statementError{"SELECT", driver.ErrUnauthorized}, 4},
		{fmt.Errorf("x: %w", driver.ErrForbidden), 4},
		{&driver.DeniedError{Code: "access_denied"}, 4},
		{fmt.Errorf("x: %w", &driver.TokenError{Code: "invalid_client"}), 4},
		{&driver.UnknownProfileError{Name: "x"}, 2},
		{&profile.NameError{}, 2},
		{&profile.SecretsError{Err: errors.New("locked")}, 1},
		{&endedError{"x"}, 2},
		{driver.ErrNotFound, 1},
		{driver.ErrRateLimited, 1},
		{context.DeadlineExceeded, 1},
		{&statementError{"SELECT", context.Canceled}, 130},
		{fmt.Errorf("%w after 3", cancelled{}), 130},
	} {
		s := newSession("")
		if got := report(&s.IO, test.err); got != test.want {
			t.Errorf("%v: exit code %d, want %d", test.err, got, test.want)
		}
		if quiet := test.want == 0; quiet != (s.err.Len() == 0) {
			t.Errorf("%v: stderr %q", test.err, s.err.String())
		}
	}
}

// On a terminal, an error is broken at words, and the line of SQL below it is cut.
func TestErrorOnTerminal(t *testing.T) {
	s := newSession("")
	s.ErrWidth = 40
	sql := "SELECT '登录登录登录登录登录登录登录登录登录登录', Nope, 'and so on, for more than a line' FROM x"
	column := len([]rune(sql[:strings.Index(sql, "Nope")])) + 1
	report(&s.IO, &statementError{sql, &driver.UnknownColumnError{Name: "Nope", Line: 1, Column: column, Suggestions: []string{"Name", "Node"}}})
	want := strings.TrimPrefix(`
error: line 1, column 32: no such
       column: Nope; did you mean "Name"
       or "Node"?
  1 | …登录登录登录登录', Nope, 'and so…
                          ^
`, "\n")
	if s.err.String() != want {
		t.Errorf("got\n%s\nwant\n%s", s.err.String(), want)
	}
}

// Who presses Ctrl-C reads what happened in words of the command.
func TestCancelled(t *testing.T) {
	for _, err := range []error{fmt.Errorf("bitbucket: sign-in: %w", context.Canceled), fmt.Errorf("sign-in: %w", cancelled{})} {
		s := newSession("")
		report(&s.IO, err)
		if got, want := s.err.String(), "error: sign-in: cancelled\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestErrorIsOneLine(t *testing.T) {
	s := newSession("")
	report(&s.IO, errors.New("bitbucket: first\nsecond \x1b[31mred: bitbucket: GET /x. bitbucket: no; a bitbucket: none"))
	if got, want := s.err.String(), "error: first second \\u001b[31mred: GET /x. no; a bitbucket: none\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCaret(t *testing.T) {
	long := "SELECT " + strings.Repeat("x, ", 60) + "y FROM t"
	for _, test := range []struct {
		name, sql    string
		line, column int
		want         string
	}{
		{"first line", "SELECT FROM x", 1, 8, "  1 | SELECT FROM x\n             ^\n"},
		{"second line", "SELECT\n\tTitl", 2, 2, "  2 |  Titl\n       ^\n"},
		{"wide characters", "SELECT '登录', x", 1, 14, "  1 | SELECT '登录', x\n                     ^\n"},
		{"at the end", "SELECT", 1, 7, "  1 | SELECT\n            ^\n"},
		{"carriage return", "SELECT\r\nx", 1, 1, "  1 | SELECT\n      ^\n"},
		{"unknown", "SELECT", 0, 0, ""},
		{"beyond the text", "SELECT", 4, 1, ""},
		{"beyond the line", "SELECT", 1, 9, ""},
	} {
		err := &driver.SyntaxError{Message: "no", Line: test.line, Column: test.column}
		if got := caret(test.sql, err, 0); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
	column := strings.Index(long, "y FROM") + 1
	got := caret(long, &driver.UnknownColumnError{Name: "y", Line: 1, Column: column}, 0)
	lines := strings.Split(got, "\n")
	at := strings.Index(lines[1], "^")
	if shown := []rune(lines[0]); len(shown) > 120 || shown[at] != 'y' || shown[6] != '…' {
		t.Errorf("long line:\n%s", got)
	}
}
