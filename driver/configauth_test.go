package driver

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What a scheme needs is told all at once, and no secret with it.
func TestAuthFaults(t *testing.T) {
	for _, test := range []struct {
		dsn    string
		faults []Fault
	}{
		{"AuthScheme=OAuth", []Fault{{"OAuthAccessToken", "InitiateOAuth to REFRESH or GETANDREFRESH"}}},
		{"AuthScheme=OAuthClient", []Fault{{"OAuthClientId", "key of the OAuth consumer"}, {"OAuthClientSecret", "secret of the OAuth consumer"}}},
		{"AuthScheme=OAuthClient;OAuthClientId=x", []Fault{{"OAuthClientSecret", "needs it"}}},
		{"InitiateOAuth=REFRESH;OAuthClientId=x", []Fault{{"OAuthClientSecret", "OAuthClientId is given without it"}}},
		{"InitiateOAuth=REFRESH;OAuthClientSecret=hush", []Fault{{"OAuthClientId", "OAuthClientSecret is given without it"}}},
		{"InitiateOAuth=GETANDREFRSH", []Fault{{"InitiateOAuth", `did you mean "GETANDREFRESH"?`}}},
		{"InitiateOAuth=GETANDREFRESH;CallbackURL=https://example.com/back", []Fault{{"CallbackURL", "http://localhost:"}}},
		{"InitiateOAuth=REFRESH;CallbackURL=example", []Fault{{"CallbackURL", "must begin with"}}},
		{
			"InitiateOAuth=REFRESH;OAuthClientSecret=hush;OAuthTokenTimestamp=noon;OAuthExpiresIn=-1;" +
				"OAuthAccessTokenURL=http://example.com/token;OAuthAuthorizationURL=https://me:hush@example.com",
			[]Fault{
				{"OAuthExpiresIn", "must not be negative"},
				{"OAuthAuthorizationURL", "must not contain a user"},
				{"OAuthAccessTokenURL", "would send the secret in clear text"},
				{"OAuthClientId", "without it"},
				{"OAuthTokenTimestamp", "milliseconds since 1970"},
			},
		},
		{"OAuthRefreshToken=hush;APIToken=hush", []Fault{{"AuthScheme", "secrets for OAuth and APIToken"}}},
	} {
		c, err := ParseDSN(test.dsn)
		var got *ConfigError
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", test.dsn, err)
			continue
		}
		ok := len(got.Faults) == len(test.faults)
		for i := 0; ok && i < len(got.Faults); i++ {
			ok = got.Faults[i].Property == test.faults[i].Property && strings.Contains(got.Faults[i].Problem, test.faults[i].Problem)
		}
		if !ok {
			t.Errorf("%s: faults\n%q, want\n%q", test.dsn, got.Faults, test.faults)
		}
		if shown := err.Error() + c.String(); strings.Contains(shown, "hush") {
			t.Errorf("%s: the secret shows in %s", test.dsn, shown)
		}
	}
}

func TestAuthImplied(t *testing.T) {
	for dsn, want := range map[string]AuthScheme{
		"InitiateOAuth=refresh;OAuthSettingsLocation=/tmp/x": OAuth, "OAuthClientId=a": OAuth, "initiate oauth=GetAndRefresh": OAuth,
		"AuthScheme=none": None, "AuthScheme=oauthclient;OAuthClientId=a;OAuthClientSecret=b": OAuthClient,
		"AuthScheme=OAuthClient;InitiateOAuth=REFRESH": OAuthClient, "AuthScheme=None;AccessToken=x": None,
	} {
		c, err := ParseDSN(dsn)
		if err != nil || c.AuthScheme != want {
			t.Errorf("%s: AuthScheme %s, %v; want %s", dsn, c.AuthScheme, err, want)
			continue
		}
		if again, err := ParseDSN(c.FormatDSN()); err != nil || *again != *c {
			t.Errorf("%s is written as %s, which is read as %v, %v", dsn, c.FormatDSN(), again, err)
		}
	}
	c, err := ParseDSN("InitiateOAuth=REFRESH;OAuthExpiresIn=3600;OAuthTokenTimestamp=1700000000000;OAuthAccessToken=x")
	if err != nil {
		t.Fatal(err)
	}
	consumer := &oauthConsumer{config: c}
	if got, want := consumer.initial().Expiry, time.UnixMilli(1700000000000).Add(time.Hour); !got.Equal(want) {
		t.Errorf("the token expires at %v, want %v", got, want)
	}
}
