package driver

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// What the test binary reads when it is one of the processes that a test starts.
const (
	processRole = "DRIVER_TEST_ROLE"
	processDSN  = "DRIVER_TEST_DSN"
)

// sharedLife is how long the tokens live that processes share.
const sharedLife = 2 * time.Second

// playProcess is the program of such a process. What it did goes to standard output, a line of JSON each.
func playProcess(role, dsn string) error {
	switch role {
	case "queries":
		return runQueries(dsn)
	case "panic":
		return panicInTransport(dsn)
	}
	return fmt.Errorf("no role %s", role)
}

// processLine is what a process tells: a query that it ran, or the expiry of tokens that it got.
type processLine struct {
	Query   string    `json:",omitempty"`
	Renewed time.Time `json:",omitzero"`
}

// runQueries runs queries, some at a time, until standard input ends, and 60 at least.
func runQueries(dsn string) error {
	var mu sync.Mutex
	out := json.NewEncoder(os.Stdout)
	tell := func(l processLine) {
		mu.Lock()
		defer mu.Unlock()
		_ = out.Encode(l)
	}
	config, err := ParseDSN(dsn)
	if err != nil {
		return err
	}
	connector, err := NewConnector(config, WithLogger(slog.New(renewals{slog.DiscardHandler, func(expiry time.Time) { tell(processLine{Renewed: expiry}) }})))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	const queries, workers = 60, 4
	errs := make([]error, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					if n >= queries/workers {
						return
					}
				case <-time.After(40 * time.Millisecond):
				}
				// Sometimes one request, sometimes a list of pages.
				text := []string{"SELECT count(*) FROM Repositories", "SELECT Id FROM platform.PullRequests WHERE State = 'OPEN'"}[n%2]
				began := time.Now()
				err := runQuery(db, text)
				if errors.Is(err, ErrUnauthorized) && time.Since(began) > sharedLife/2 {
					n-- // the machine stood still until both tokens of a request were too old: this says nothing
					continue
				}
				if errs[w] = err; err != nil {
					return
				}
				tell(processLine{Query: text})
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func runQuery(db *sql.DB, text string) error {
	rows, err := db.Query(text)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if rows.Err() == nil && n == 0 {
		return errors.New("no rows: " + text)
	}
	return rows.Err()
}

// renewals is a log handler that tells of the tokens that were renewed.
type renewals struct {
	slog.Handler
	renewed func(expiry time.Time)
}

func (r renewals) Enabled(context.Context, slog.Level) bool { return true }

func (r renewals) Handle(_ context.Context, record slog.Record) error {
	if record.Message == "OAuth token renewed" {
		record.Attrs(func(a slog.Attr) bool {
			if a.Key == "expiry" {
				r.renewed(a.Value.Time())
			}
			return true
		})
	}
	return nil
}

// Four processes share one settings file and tokens that live for two seconds. No query fails, no refresh token is used twice, and
// each token is renewed once, and only when it is about to expire. Nothing here depends on how fast the machine is.
func TestProcessesShareTokens(t *testing.T) {
	const processes, life, early = 4, sharedLife, sharedLife / 10
	f := startOAuth(t, bitbucketfake.Config{TokenLifetime: life}) // without a grace: a refresh token that was used is dead
	file := filepath.Join(t.TempDir(), "OAuthSettings.json")
	db := f.open(t, "InitiateOAuth=REFRESH;OAuthSettingsLocation="+file)
	f.tokens(t, db, "EXEC GetOAuthAccessToken @Verifier=?", f.verifier(t, db))
	store, err := oauthstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	first, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	dsn := fmt.Sprintf("Workspace=acme;BaseURL=%s/2.0;InitiateOAuth=REFRESH;OAuthSettingsLocation=%s", f.URL(), file)
	var mu sync.Mutex
	queries, expiries := 0, []time.Time{first.Expiry}
	var all sync.WaitGroup
	var inputs []io.Closer
	for i := range processes {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), processRole+"=queries", processDSN+"="+dsn)
		var complaint strings.Builder
		cmd.Stderr = &complaint
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, in)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for lines := bufio.NewScanner(out); lines.Scan(); {
				var l processLine
				if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
					t.Errorf("process %d says %s", i, lines.Text())
				}
				mu.Lock()
				if l.Query != "" {
					queries++
				} else {
					expiries = append(expiries, l.Renewed)
				}
				mu.Unlock()
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("process %d: %v: %s", i, err, complaint.String())
			}
		})
	}
	// They go on until the tokens have expired four times, however long that takes.
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	for running := true; running && f.OAuthStats().Refreshed < 4; {
		select {
		case <-ended: // one failed before
			running = false
		case <-time.After(20 * time.Millisecond):
		}
	}
	for _, in := range inputs {
		_ = in.Close()
	}
	<-ended

	s := f.OAuthStats()
	t.Logf("%d queries, %d refreshes, %d requests with a token that had just expired", queries, s.Refreshed, s.Expired)
	if queries < 200 {
		t.Errorf("%d queries, want 200 at least", queries)
	}
	if s.Reused != 0 || s.Refused != 0 || s.Rejected != 0 || s.Refreshed < 4 || s.Issued != s.Refreshed+1 {
		t.Errorf("%+v", s)
	}
	if len(expiries)-1 != s.Refreshed {
		t.Errorf("the processes tell of %d refreshes, the server of %d", len(expiries)-1, s.Refreshed)
	}
	// A renewal began when the token before it had a tenth of its life left at the most: their expiries lie that far apart.
	slices.SortFunc(expiries, time.Time.Compare)
	for i := 1; i < len(expiries); i++ {
		if gap := expiries[i].Sub(expiries[i-1]); gap < life-early {
			t.Errorf("renewal %d came %v before the expiry", i, life-gap)
		}
	}
	if last, err := store.Load(t.Context()); err != nil || !last.Expiry.Equal(expiries[len(expiries)-1]) {
		t.Errorf("the settings file has other tokens than the last, %v", err)
	}
}
