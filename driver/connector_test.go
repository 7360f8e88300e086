package driver

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestOpenReportsFaults(t *testing.T) {
	_, err := sql.Open(Name, "Worksapce=acme;Timeout=x")
	var faults *ConfigError
	if !errors.As(err, &faults) || len(faults.Faults) != 3 {
		t.Errorf("%v, want three faults", err)
	}
	if _, err := (Driver{}).Open("Timeout=x"); !errors.As(err, &faults) {
		t.Errorf("%v, want a *ConfigError", err)
	}
	if _, err := NewConnector(NewConfig()); !errors.As(err, &faults) {
		t.Errorf("%v, want a *ConfigError", err)
	}
}

func TestConnectorKeepsItsConfig(t *testing.T) {
	c := NewConfig()
	c.AccessToken, c.MaxRows = "x", 5
	connector, err := NewConnector(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connector.Close() }()
	c.MaxRows = 6
	connector.Config().MaxRows = 7
	if got := connector.Config(); got.MaxRows != 5 || got.AuthScheme != AccessToken {
		t.Errorf("the connector's Config is %v", got)
	}
	if connector.Driver() != (Driver{}) {
		t.Error("the connector has another driver")
	}
}

type countingTransport struct {
	requests int
	agent    string
}

func (c *countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests++
	c.agent = r.UserAgent()
	return http.DefaultTransport.RoundTrip(r)
}

func TestWithTransport(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	config, err := ParseDSN(fake.DSN())
	if err != nil {
		t.Fatal(err)
	}
	transport := new(countingTransport)
	connector, err := NewConnector(config, WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer func() { _ = db.Close() }()
	defer http.DefaultClient.CloseIdleConnections()
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if transport.requests != 1 || !strings.HasPrefix(transport.agent, "bitbucketsql/") {
		t.Errorf("%d requests by %q", transport.requests, transport.agent)
	}
}

// A connection opened without a pool closes what it opened.
func TestDriverOpen(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	dc, err := Driver{}.Open(fake.DSN())
	if err != nil {
		t.Fatal(err)
	}
	stmt, err := dc.Prepare("SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stmt.Close(), dc.Close(), dc.Close()); err != nil {
		t.Error(err)
	}
	if dc.(*conn).IsValid() {
		t.Error("a closed connection is valid")
	}
	if err := dc.(*conn).Ping(t.Context()); err == nil {
		t.Error("the client of a closed connection sends requests")
	}
}

// Each Verbosity logs what the one below it does, and more.
func TestVerbosity(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Token: "hush-token"})
	messages := []string{"msg=statement", "msg=request", "msg=scan", "msg=exchange", "msg=answer"}
	for verbosity := range 5 {
		path := filepath.Join(t.TempDir(), "driver.log")
		db := openDSN(t, fmt.Sprintf("%s;Verbosity=%d;Logfile=%s", fake.DSN(), verbosity+1, path))
		if err := queryAll(t, db, "SELECT Slug FROM Repositories WHERE Language = 'go'"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		secretscan.Text("log", string(log))
		for i, message := range messages {
			if logged := bytes.Contains(log, []byte(message)); logged != (i <= verbosity) {
				t.Errorf("Verbosity %d logs %q: %t\n%s", verbosity+1, message, logged, log)
			}
		}
	}
}

func TestLog(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Token: "hush"})
	for verbosity, want := range map[string]struct{ statement, request bool }{"1": {true, false}, "2": {true, true}, "5": {true, true}} {
		path := filepath.Join(t.TempDir(), "driver.log")
		config, err := ParseDSN(fake.DSN() + ";Verbosity=" + verbosity)
		if err != nil {
			t.Fatal(err)
		}
		config.Logfile = path
		var own bytes.Buffer
		connector, err := NewConnector(config, WithLogger(slog.New(slog.NewJSONHandler(&own, nil))))
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		rows, err := db.QueryContext(t.Context(), "SELECT Slug FROM Repositories LIMIT 2")
		collect(t, rows, err)
		if _, err := db.ExecContext(t.Context(), "SELECT nope"); err == nil {
			t.Error("SELECT nope runs")
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		log := string(text)
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("the log is %v, %v", info.Mode(), err)
		}
		secretscan.Text("log", log+own.String())
		if strings.Contains(log+own.String(), "hush") {
			t.Errorf("Verbosity %s: the secret is in the log:\n%s", verbosity, log)
		}
		if got := strings.Contains(log, "rows=2") && strings.Contains(log, "requests=1"); got != want.statement {
			t.Errorf("Verbosity %s: the statement is logged: %t\n%s", verbosity, got, log)
		}
		if got := strings.Contains(log, "level=DEBUG"); got != want.request {
			t.Errorf("Verbosity %s: requests are logged: %t\n%s", verbosity, got, log)
		}
		if !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "no such column: nope") {
			t.Errorf("Verbosity %s: the error is not logged:\n%s", verbosity, log)
		}
		if !strings.Contains(own.String(), `"rows":2`) {
			t.Errorf("the caller's logger got %s", own.String())
		}
	}
	config := NewConfig()
	config.AccessToken, config.Logfile = "x", filepath.Join(t.TempDir(), "no", "such", "directory")
	if _, err := NewConnector(config); err == nil {
		t.Error("a log that cannot be written is accepted")
	}
}
