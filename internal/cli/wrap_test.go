package cli

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		s     string
		width int
		want  []string
	}{
		{"account email pipeline", 0, []string{"account email pipeline"}},
		{"account email pipeline", 22, []string{"account email pipeline"}},
		{"account email pipeline", 21, []string{"account email", "pipeline"}},
		{"account email pipeline", 3, []string{"account email", "pipeline"}}, // leastRoom
		{"an undividedwordofmanyletters more", 20, []string{"an undividedwordofma", "nyletters more"}},
		{"GET /repositories/acme/platform/commits?fields=values.hash,values.date", 40, []string{"GET /repositories/acme/platform/commits?", "fields=values.hash,values.date"}},
		{"Information.PullRequestReviewers", 20, []string{"Information.", "PullRequestReviewers"}},
		{"登录问题登录问题登录问题", 20, []string{"登录问题登录问题登录", "问题"}},
		{"x  = 'a  b' and the rest of it", 16, []string{"x  = 'a  b' and", "the rest of it"}},
	} {
		if got := wrap(test.s, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%s in %d: got %q, want %q", test.s, test.width, got, test.want)
		}
	}
}

func TestWrapWords(t *testing.T) {
	const address = "https://bitbucket.org/acme/platform/branch"
	for _, test := range []struct {
		s     string
		width int
		want  []string
	}{
		{"see " + address + " and more", 20, []string{"see", address, "and more"}},
		{address, 20, []string{address}},
		{"see " + address + " and more", 0, []string{"see " + address + " and more"}},
	} {
		if got := wrapWords(test.s, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%s in %d: got %q, want %q", test.s, test.width, got, test.want)
		}
	}
}

// A very long word takes no longer than others.
func TestWrapLongWord(t *testing.T) {
	if lines := wrap(strings.Repeat("x", 1<<20), 64); len(lines) != 1<<14 {
		t.Errorf("%d lines", len(lines))
	}
}

// Nothing but blanks may be lost, and no line may be too long.
func TestWrapKeepsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z登,./ ]{0,200}`).Draw(t, "text")
		width := rapid.IntRange(1, 60).Draw(t, "width")
		lines := wrap(s, width)
		bare := strings.NewReplacer(" ", "")
		if got := bare.Replace(strings.Join(lines, "")); got != bare.Replace(s) {
			t.Fatalf("got %q", lines)
		}
		for _, line := range lines {
			if displayWidth(line) > max(width, leastRoom) && strings.TrimSpace(s) != "" && len(lines) > 1 {
				t.Fatalf("%d columns: %q", displayWidth(line), line)
			}
		}
	})
}

func TestHanging(t *testing.T) {
	for _, test := range []struct {
		width int
		want  string
	}{
		{0, "scopes  account email issue\n"},
		{24, "scopes  account email\n        issue\n"},
		{10, "scopes  account email\n  issue\n"},
	} {
		if got := hanging("scopes  ", "account email issue", test.width); got != test.want {
			t.Errorf("%d: got %q", test.width, got)
		}
	}
}
