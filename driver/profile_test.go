package driver

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/adrg/xdg"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// profiles is a store of the test's own, which keeps secrets in the encrypted file.
func profiles(t *testing.T) *profile.Store {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	s, err := profile.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func addProfile(t *testing.T, s *profile.Store, name string, properties, secrets map[string]string) {
	t.Helper()
	if _, err := s.Add(t.Context(), name, properties, secrets, profile.EncryptedFile, true); err != nil {
		t.Fatal(err)
	}
}

func TestProfileConnects(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	s := profiles(t)
	addProfile(t, s, "work", map[string]string{"Workspace": "acme", "BaseURL": fake.URL() + "/2.0", "AuthScheme": "AccessToken", "MaxRows": "2"},
		map[string]string{"AccessToken": fakeToken})
	db := openDSN(t, "Profile=WORK")
	if got := strs(t, db, "SELECT Slug FROM Repositories"); len(got) != 2 {
		t.Errorf("the profile's MaxRows gives %v", got)
	}
	if got := strs(t, db, "SELECT Value FROM sys_connection_props WHERE PropertyName IN ('Profile', 'AccessToken') ORDER BY 1"); len(got) != 2 || got[0] != mask || got[1] != "WORK" {
		t.Errorf("the properties are %v", got)
	}
	for _, dsn := range []string{"bitbucket://?Profile=work&MaxRows=-1", "MaxRows=-1;Profile=work"} {
		if got := strs(t, openDSN(t, dsn), "SELECT Slug FROM Repositories"); len(got) != 13 {
			t.Errorf("%s: a MaxRows of its own gives %d rows", dsn, len(got))
		}
	}
	if err := openDSN(t, "Profile=work;AccessToken=wrong").Ping(); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("a token of its own: %v", err)
	}

	// A Config made by hand.
	c := NewConfig()
	c.Profile, c.MaxRows = "work", 7
	connector, err := NewConnector(c)
	if err != nil {
		t.Fatal(err)
	}
	defer connector.Close()
	if got := connector.Config(); got.MaxRows != 7 || got.AccessToken != fakeToken || got.Workspace != "acme" {
		t.Errorf("a Config made by hand becomes %v", got)
	}
	if err := c.Validate(); err != nil || c.AccessToken != "" {
		t.Errorf("Validate: %v, %v", c, err)
	}
}

func TestProfileInDSN(t *testing.T) {
	s := profiles(t)
	addProfile(t, s, "api", map[string]string{"Workspace": "acme", "AuthScheme": "APIToken", "User": "me@example.com", "MaxRows": "5"},
		map[string]string{"APIToken": "hush-api"})
	addProfile(t, s, "consumer", map[string]string{"AuthScheme": "OAuthClient", "OAuthClientId": "key"}, map[string]string{"OAuthClientSecret": "hush-client"})
	for dsn, want := range map[string]string{
		"Profile=api":                                     "Workspace=acme;AuthScheme=APIToken;User=me@example.com;APIToken=hush-api;MaxRows=5",
		"Profile=api;MaxRows=-1;Workspace=":               "AuthScheme=APIToken;User=me@example.com;APIToken=hush-api",
		"User=you@example.com;Profile=api":                "Workspace=acme;AuthScheme=APIToken;User=you@example.com;APIToken=hush-api;MaxRows=5",
		"Profile=api;AccessToken=t":                       "Workspace=acme;AuthScheme=AccessToken;User=me@example.com;APIToken=hush-api;AccessToken=t;MaxRows=5",
		"Profile=api;AuthScheme=None":                     "Workspace=acme;AuthScheme=None;User=me@example.com;APIToken=hush-api;MaxRows=5",
		"Profile=consumer;InitiateOAuth=REFRESH":          "AuthScheme=OAuthClient;InitiateOAuth=REFRESH;OAuthClientId=key;OAuthClientSecret=hush-client",
		"Profile=consumer;OAuthClientSecret=a;Workspace=": "AuthScheme=OAuthClient;OAuthClientId=key;OAuthClientSecret=a",
	} {
		c, err := ParseDSN(dsn)
		if err != nil || c.FormatDSN() != want {
			t.Errorf("%s: got %s, %v; want %s", dsn, c.FormatDSN(), err, want)
			continue
		}
		again, err := ParseDSN(c.FormatDSN())
		again.Profile, again.profileRead = c.Profile, c.profileRead
		if err != nil || *again != *c {
			t.Errorf("%s: read back as %s, %v", dsn, again, err)
		}
		if shown := c.String(); strings.Contains(shown, "hush") {
			t.Errorf("a secret shows in %s", shown)
		}
	}
}

func TestProfileErrors(t *testing.T) {
	s := profiles(t)
	var missing *UnknownProfileError
	if _, err := ParseDSN("Profile=work"); !errors.As(err, &missing) || len(missing.Known) != 0 || !strings.Contains(err.Error(), "bitbucketsql connect add work") {
		t.Errorf("without any: %v", err)
	}
	addProfile(t, s, "work", map[string]string{"AuthScheme": "None", "MaxRows": "many", "Colour": "red", "Profile": "other"}, nil)
	addProfile(t, s, "home", map[string]string{"AuthScheme": "None"}, nil)
	_, err := ParseDSN("Profile=wrok;Worksapce=x")
	var faults *ConfigError
	if !errors.As(err, &missing) || len(missing.Suggestions) != 1 || missing.Suggestions[0] != "work" || len(missing.Known) != 2 ||
		!errors.As(err, &faults) || len(faults.Faults) != 2 {
		t.Errorf("a misspelt name: %v", err)
	}
	c := NewConfig()
	c.Profile = "wrok"
	if _, err := NewConnector(c); !errors.As(err, &missing) {
		t.Errorf("NewConnector: %v", err)
	}
	_, err = ParseDSN("Profile=work")
	if !errors.As(err, &faults) || len(faults.Faults) != 3 || !strings.Contains(err.Error(), `"Colour"`) || !strings.Contains(err.Error(), `"many" is not a whole number`) {
		t.Errorf("a profile with faults: %v", err)
	}
	if _, err := ParseDSN("Profile='hush;x'"); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("what is no name: %v", err)
	}
	if err := os.WriteFile(s.Path(), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *privatefile.Error
	if _, err := ParseDSN("Profile=home"); !errors.As(err, &damaged) || damaged.Problem != privatefile.Corrupt {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestReadDSN(t *testing.T) {
	c, err := ReadDSN("Workspace=acme;User=me@example.com")
	if err != nil || c.Workspace != "acme" || c.AuthScheme != "" || c.Scheme() != APIToken {
		t.Errorf("got %v, %v", c, err)
	}
	if err := c.Validate(); err == nil {
		t.Error("it lacks nothing")
	}
	if c.APIToken = "hush"; c.Validate() != nil || c.Scheme() != APIToken {
		t.Errorf("with a token: %v", c.Validate())
	}
	var faults *ConfigError
	if _, err := ReadDSN("Worksapce=acme;MaxRows=many"); !errors.As(err, &faults) || len(faults.Faults) != 2 {
		t.Errorf("got %v", err)
	}
	if c, err := ReadDSN(""); err != nil || c.Scheme() != "" {
		t.Errorf("of nothing: %v, %v", c, err)
	}
}
