package driver

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestPropertyTable(t *testing.T) {
	seen := make(map[string]bool)
	c := NewConfig()
	for _, p := range Properties() {
		if seen[foldName(p.Name)] {
			t.Errorf("%s is declared twice", p.Name)
		}
		seen[foldName(p.Name)] = true
		if foldName(p.Label) != foldName(p.Name) {
			t.Errorf("%s: the label %q is not its name with spaces", p.Name, p.Label)
		}
		if p.Description == "" || p.Category == "" {
			t.Errorf("%s: no description or category", p.Name)
		}
		accessors := 0
		for _, has := range []bool{p.text != nil, p.number != nil, p.flag != nil, p.seconds != nil} {
			if has {
				accessors++
			}
		}
		if accessors != 1 {
			t.Errorf("%s: %d accessors, want one", p.Name, accessors)
		}
		if needs, _, ok := strings.Cut(p.Needs, "="); p.Needs != "" {
			if _, found := findProperty(needs); !ok || !found {
				t.Errorf("%s: needs %q", p.Name, p.Needs)
			}
		}
		if got, _ := c.Get(p.Name); got != p.Default && p.Name != "AuthScheme" {
			t.Errorf("%s: NewConfig has %q, the default is %q", p.Name, got, p.Default)
		}
		if !looksLikeName(p.Name) {
			t.Errorf("%s would be hidden in errors", p.Name)
		}
	}
	for _, p := range []string{"Workspace", "Logfile"} {
		if !seen[foldName(p)] {
			t.Errorf("%s is missing", p)
		}
	}
}

func TestConfigSetGet(t *testing.T) {
	c := NewConfig()
	if err := c.Set("max rows", "12"); err != nil || c.MaxRows != 12 {
		t.Errorf("MaxRows = %d, %v", c.MaxRows, err)
	}
	if err := c.Set("Verbosity", "7"); err == nil || c.Verbosity != 1 {
		t.Errorf("Verbosity = %d, %v; want the old value and an error", c.Verbosity, err)
	}
	var ce *ConfigError
	if err := c.Set("Verbosty", "2"); !errors.As(err, &ce) || ce.Faults[0].Property != "Verbosty" ||
		!strings.Contains(ce.Error(), `did you mean "Verbosity"?`) {
		t.Errorf("Set of an unknown property: %v", err)
	}
	if err := c.Set("APIToken", "tok\n"); err == nil || strings.Contains(err.Error(), "tok") {
		t.Errorf("Set of a token with a line break: %v", err)
	}
	if _, ok := c.Get("nope"); ok {
		t.Error("Get finds an unknown property")
	}
	if v, ok := c.Get("Push_Down"); !ok || v != "true" {
		t.Errorf("PushDown = %q, %t", v, ok)
	}
}

func TestValidateLeavesConfigAlone(t *testing.T) {
	c := NewConfig()
	c.BaseURL += "/"
	c.AccessToken = "x"
	before := *c
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if *c != before {
		t.Errorf("Validate changed %v to %v", before, c)
	}
	if err := new(Config).Validate(); err == nil || !strings.Contains(err.Error(), "NewConfig") {
		t.Errorf("an empty Config: %v", err)
	}
}

func TestConfigNeverPrintsSecrets(t *testing.T) {
	c := NewConfig()
	c.OAuthAccessToken, c.APIToken, c.AccessToken = "hush1", "hush2", "hush3"
	c.User, c.BaseURL = "me:hush4", "https://me:hush5@proxy/2.0"
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("connect", "config", c, "value", *c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("connect", "config", c, "value", *c)
	shown := log.String()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		shown += fmt.Sprintf(format, c) + fmt.Sprintf(format, *c)
	}
	if strings.Contains(shown, "hush") {
		t.Errorf("a secret shows in %s", shown)
	}
	for _, p := range Properties() {
		shown += p.Value(c)
	}
	if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(shown, c.User, ""), c.BaseURL, ""), "hush") {
		t.Errorf("a secret shows in %s", shown)
	}
	if !strings.Contains(shown, "APIToken=***") {
		t.Errorf("String does not tell that a secret is set: %s", shown)
	}
	if !strings.Contains(c.FormatDSN(), "hush2") {
		t.Error("FormatDSN does not write the secret")
	}
}

func TestFormatSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", time.Second: "1", -1: "-0.000000001", 1500 * time.Millisecond: "1.5", 1<<63 - 1: "9223372036.854775807",
		-1 << 63: "-9223372036.854775808",
	} {
		if got := formatSeconds(d); got != want {
			t.Errorf("formatSeconds(%d) = %s, want %s", d, got, want)
		}
		if back, ok := parseSeconds(want); !ok || back != d {
			t.Errorf("parseSeconds(%s) = %d, %t", want, back, ok)
		}
	}
}

func TestClosest(t *testing.T) {
	names := []string{
		"Branches", "PullRequests", "PullRequestComments", "Commits", "CommitComments", "TargetDate", "TargetCommitHash", "AuthorName",
		"DestinationRepositoryFullName",
	}
	for given, want := range map[string]string{
		"pullrequest": "PullRequests PullRequestComments", "Brnaches": "Branches", "commit": "Commits CommitComments TargetCommitHash", "zzz": "", "": "",
		"TargetHash": "TargetCommitHash TargetDate", "AuthorDisplayName": "AuthorName", "Titel": "",
	} {
		if got := strings.Join(closest(given, names), " "); got != want {
			t.Errorf("closest(%q) = %s, want %s", given, got, want)
		}
	}
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"abcd", "acbd", 1}} {
		if got := editDistance(test.a, test.b); got != test.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// A token in the place of a property's name, as where an API token with its "=" is given alone, is not shown.
func TestSetUnknownProperty(t *testing.T) {
	c := NewConfig()
	if err := c.Set("ATATThush1", "9F8E"); err == nil || err.Error() != "bitbucket: connection properties: an unknown property, not shown because it does not look like a name" {
		t.Error(err)
	}
	if err := c.Set("Worksapce", "acme"); err == nil || err.Error() != `bitbucket: connection properties: Worksapce: is not a connection property; did you mean "Workspace"?` {
		t.Error(err)
	}
}
