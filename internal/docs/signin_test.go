package docs

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/port"
)

// pressesAllow is set in the environment where this test program is the browser of another, and its user.
const pressesAllow = "BITBUCKETSQL_TEST_BROWSER"

// browse lets the consumer in and goes where the page leads. It adds a line to a file.
func browse(page, log string) error {
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, "opened")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	to, err := bitbucketfake.SignIn(context.Background(), page, true)
	if err != nil {
		return err
	}
	answer, err := http.Get(to)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// signsIn says whether a block is about an OAuth consumer.
func signsIn(b block) bool {
	return strings.Contains(b.text, "OAuthClientId=KEY;OAuthClientSecret=SECRET")
}

// reader is a reader of the README in front of a terminal: when a program prints the address of a sign-in they open it, and
// paste where it ends.
type reader struct {
	stdin io.WriteCloser

	mu     sync.Mutex
	out    bytes.Buffer
	signed bool
	err    error
}

var authorizePage = regexp.MustCompile(`http://[^\s"]+/site/oauth2/authorize\?[^\s"]+\s`)

func (r *reader) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Write(p)
	page := authorizePage.FindString(r.out.String())
	if page == "" || r.signed {
		return len(p), nil
	}
	r.signed = true
	to, err := bitbucketfake.SignIn(context.Background(), strings.TrimSpace(page), true)
	if err == nil {
		_, err = io.WriteString(r.stdin, to+"\n")
	}
	r.err = err
	return len(p), nil
}

// run runs a command as the reader does.
func (r *reader) run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.stdin = stdin
	cmd.Stdout, cmd.Stderr = r, r
	cmd.WaitDelay = time.Minute // for the browser, which may end later; the least that it needs on a busy machine is not known
	if err := errors.Join(cmd.Run(), r.err); err != nil {
		t.Fatalf("%v\n%s", err, r.out.String())
	}
	return r.out.String()
}

// TestReadmeSignsIn runs the flows of OAuth as the README writes them. What the test adds is where Bitbucket is. Access tokens
// die as soon as they are issued by a sign-in, so that whoever promises to keep them fresh has to.
func TestReadmeSignsIn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	var desktop, automatic, manual int
	for i, b := range blocks(readme(t)) {
		if !signsIn(b) {
			continue
		}
		t.Run(fmt.Sprintf("%d %s", i+1, b.language), func(t *testing.T) {
			callback := "http://localhost:" + port.Reserve(t)
			server := bitbucketfake.New(bitbucketfake.Config{
				Workspace: "your-workspace", OAuth: []bitbucketfake.Consumer{{Key: "KEY", Secret: "SECRET", CallbackURL: callback}},
			})
			if err := server.Start("127.0.0.1:0"); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { server.Close() })
			home := t.TempDir()
			executable, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			environment := append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "BROWSER="+executable, pressesAllow+"="+filepath.Join(home, "opened"))
			environment = append(environment, goDirectories(t)...)
			if strings.Contains(b.text, "$REFRESH_TOKEN") {
				environment = append(environment, "REFRESH_TOKEN="+refreshToken(t, server))
			}
			// The host of the API is all that has no place in the settings file.
			text := strings.ReplaceAll(b.text, "Workspace=your-workspace;", fmt.Sprintf("Workspace=your-workspace;BaseURL=%s/2.0;", server.URL()))
			refreshes := strings.Contains(text, "InitiateOAuth=REFRESH")
			getsAndRefreshes := strings.Contains(text, "InitiateOAuth=GETANDREFRESH")
			endpoint := server.TokenURL()
			if refreshes || getsAndRefreshes {
				endpoint = expiringFirst(t, server)
			}
			text = strings.ReplaceAll(text, "OAuthClientSecret=SECRET", fmt.Sprintf("OAuthClientSecret=SECRET;CallbackURL=%s;OAuthAuthorizationURL=%s;OAuthAccessTokenURL=%s",
				callback, server.AuthorizeURL(), endpoint))
			var cmd *exec.Cmd
			switch b.language {
			case "sh":
				cmd = shell(t, text)
			case "go":
				cmd = program(t, text)
			default:
				t.Fatalf("nothing runs a block of %q", b.language)
			}
			cmd.Env = environment
			out := new(reader).run(t, cmd)

			opened, _ := os.ReadFile(filepath.Join(home, "opened"))
			s := server.OAuthStats()
			kept, _ := filepath.Glob(filepath.Join(home, "*"+string(filepath.Separator)+"OAuthSettings.json"))
			switch {
			case getsAndRefreshes:
				desktop++
				if string(opened) != "opened\n" || s.Authorized != 1 || s.Refreshed == 0 || len(kept) != 1 || strings.Count(out, "platform") != 2 {
					t.Errorf("the browser was %q; %+v; kept in %v;\n%s", opened, s, kept, out)
				}
			case refreshes:
				automatic++
				if len(opened) > 0 || s.Authorized != 1 || s.Refreshed == 0 || s.Reused > 0 || !strings.Contains(out, "platform") {
					t.Errorf("the browser was %q; %+v;\n%s", opened, s, out)
				}
			default:
				manual++
				if len(opened) > 0 || s.Authorized != 1 || s.Issued != 2 || s.Refreshed != 1 || len(kept) > 0 || strings.Count(out, "13 repositories\n") != 2 {
					t.Errorf("the browser was %q; %+v; kept in %v;\n%s", opened, s, kept, out)
				}
			}
		})
	}
	if desktop != 1 || automatic != 2 || manual != 1 {
		t.Errorf("the README has %d desktop, %d automatic and %d manual flows", desktop, automatic, manual)
	}
}

// goDirectories say where go keeps what it has built and fetched, for a home of another name.
func goDirectories(t *testing.T) []string {
	t.Helper()
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH"}
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		names[i] += "=" + line
	}
	return names
}

// refreshToken is a refresh token of somebody who signed in elsewhere.
func refreshToken(t *testing.T, server *bitbucketfake.Server) string {
	t.Helper()
	db, err := sql.Open("bitbucket", server.OAuthDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var page, access, refresh, seconds string
	if err := db.QueryRowContext(t.Context(), "EXEC GetOAuthAuthorizationURL").Scan(&page); err != nil {
		t.Fatal(err)
	}
	to, err := bitbucketfake.SignIn(t.Context(), page, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), "EXEC GetOAuthAccessToken @Verifier = ?", to).Scan(&access, &refresh, &seconds); err != nil {
		t.Fatal(err)
	}
	return refresh
}

// expiringFirst is a token endpoint whose first access token is no longer alive when it arrives, however fast the program is.
func expiringFirst(t *testing.T, server *bitbucketfake.Server) string {
	t.Helper()
	endpoint, err := url.Parse(server.TokenURL())
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: endpoint.Scheme, Host: endpoint.Host}) },
		ModifyResponse: func(*http.Response) error {
			once.Do(server.ExpireAccessTokens)
			return nil
		},
	})
	t.Cleanup(proxy.Close)
	return proxy.URL + endpoint.Path
}
