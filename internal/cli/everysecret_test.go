package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// TestEverySecret runs the commands with a connection string that holds every secret there is, by flag and by environment. It
// fails by what secretscan.Main finds in their output.
func TestEverySecret(t *testing.T) {
	secrets := map[string]string{}
	config := driver.NewConfig()
	for _, p := range driver.Properties() {
		if !p.Sensitive {
			continue
		}
		secrets[p.Name] = secretscan.New(p.Name)
		// Those of proxies need a proxy, which is not for commands that shall reach the server.
		if p.Category != "Network" {
			if err := config.Set(p.Name, secrets[p.Name]); err != nil {
				t.Fatal(err)
			}
		}
	}
	server, _ := newFake(t, bitbucketfake.Config{Workspace: "acme", Token: secrets["APIToken"]})
	config.Workspace, config.BaseURL, config.User, config.OAuthClientId = "acme", server.URL()+"/2.0", "me@example.com", "key1"
	config.AuthScheme, config.Verbosity, config.Logfile = driver.APIToken, 5, secretscan.LogPath()
	right := config.FormatDSN()
	wrong := strings.Replace(right, secrets["APIToken"], secretscan.New("wrong"), 1)
	proxied := fmt.Sprintf("%s;ProxyServer=127.0.0.1;ProxyPort=1;ProxyUser=me;ProxyPassword=%s;FirewallType=SOCKS5;FirewallServer=127.0.0.1;FirewallPort=1;"+
		"FirewallUser=me;FirewallPassword=%s", right, secrets["ProxyPassword"], secrets["FirewallPassword"])
	kept := strings.Replace(right, "OAuthVerifier="+secrets["OAuthVerifier"]+";", "", 1) // a verifier works once, so that no profile takes it
	unreachable := strings.Replace(right, server.URL(), "http://127.0.0.1:1", 1)
	for _, test := range []struct {
		name, dsn string
		args      []string
		want      int
	}{
		{"table", right, []string{"query", "SELECT * FROM Repositories; SELECT * FROM sys_connection_props; SELECT * FROM sys_information"}, exitOK},
		{"csv", right, []string{"query", "--format", "csv", "SELECT * FROM sys_connection_props"}, exitOK},
		{"json", right, []string{"query", "--format", "json", "SELECT * FROM sys_connection_props"}, exitOK},
		{"jsonl", right, []string{"query", "--format", "jsonl", "--stats", "SELECT * FROM sys_information"}, exitOK},
		{"procedures", right, []string{"query", "EXEC TestConnection; EXEC GetOAuthAuthorizationURL @State='x'"}, exitOK},
		{"explain", right, []string{"explain", "SELECT * FROM Workspace.PullRequests p JOIN Repositories r ON r.Slug = p.RepositorySlug"}, exitOK},
		{"syntax", right, []string{"query", "SELEC"}, exitError},
		{"column", right, []string{"query", "SELECT nope FROM Repositories"}, exitError},
		{"explain column", right, []string{"explain", "SELECT nope FROM Repositories"}, exitError},
		{"unauthorized", wrong, []string{"query", "SELECT * FROM Repositories"}, exitAuth},
		{"unreachable", unreachable + ";Timeout=0.3", []string{"query", "SELECT * FROM Repositories"}, exitError},
		{"proxy", proxied + ";Timeout=0.3", []string{"query", "SELECT * FROM Repositories"}, exitError},
		{"time", right, []string{"query", "--timeout", "1ns", "SELECT * FROM Repositories"}, exitError},
		{"bad property", right + ";Timout=3", []string{"query", "SELECT 1"}, exitUsage},
		{"bad number", "MaxRows='3;" + right, []string{"explain", "SELECT 1"}, exitUsage},
		{"not a DSN", secrets["AccessToken"], []string{"query", "SELECT 1"}, exitUsage},
		{"DSN for SQL", right, []string{"query", right}, exitUsage},
		{"unknown command", right, []string{right}, exitUsage},
		{"unknown flag", right, []string{"query", "--dns", right, "SELECT 1"}, exitUsage},
		{"demo", right, []string{"demo", "--latency", "0s", "--pullrequests", "60"}, exitOK},
		{"fake", right, []string{"fake", "--fail", right}, exitUsage},
		{"status", right, []string{"status"}, exitOK},
		{"status unauthorized", wrong, []string{"status", "--format", "json"}, exitAuth},
		{"login", right, []string{"login"}, exitUsage},
		{"logout", right, []string{"logout"}, exitUsage},
		{"connect", right, []string{"connect", "add", "kept", "--replace", "--secrets", "file", "--dsn", kept}, exitOK},
		{"connect list", right, []string{"connect", "list"}, exitOK},
		{"connect test", right, []string{"connect", "test", "kept"}, exitOK},
		{"connect edit", right, []string{"connect", "edit", "kept", "APIToken=" + secrets["AccessToken"]}, exitOK},
		{"connect test edited", right, []string{"connect", "test", "kept"}, exitAuth},
		{"connect remove", right, []string{"connect", "remove", "kept"}, exitOK},
		{"version", right, []string{"version"}, exitOK},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, byFlag := range []bool{false, true} {
				s, args := newSession(""), test.args
				s.env[dsnVariable] = test.dsn
				if byFlag && args[0] != "query" && args[0] != "explain" {
					continue
				}
				if byFlag {
					s.env[dsnVariable] = ""
					args = append([]string{args[0], "--dsn", test.dsn}, args[1:]...)
				}
				if code := Run(context.Background(), args, &s.IO); code != test.want {
					t.Errorf("exit code %d, want %d", code, test.want)
				}
			}
		})
	}
	// Only fake shows a token: that of its own server, in the line that tells how to reach it.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := newSession("")
	s.Out = stopping{&s.out, cancel}
	s.env[dsnVariable] = right
	if code := Run(ctx, []string{"fake", "--listen", "127.0.0.1:0", "--token", secrets["AccessToken"]}, &s.IO); code != exitOK {
		t.Errorf("fake: exit code %d", code)
	}
	first, rest, _ := strings.Cut(s.out.String(), "\n")
	if !strings.HasPrefix(first, "dsn: ") {
		t.Errorf("the first line is not the connection string")
	}
	secretscan.Text("fake", rest+s.err.String())
}

// stopping is the output of a command that a person stops, once it has said how.
type stopping struct {
	*bytes.Buffer
	stop context.CancelFunc
}

func (s stopping) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("Ctrl-C")) {
		defer s.stop()
	}
	return s.Buffer.Write(p)
}
