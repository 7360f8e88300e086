package soak

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// connections is how many statements run at once.
const connections = 20

// tokenLife is how long a token of OAuth lives: there are some in every run.
const tokenLife = 2 * time.Second

// growth is how much larger the heap may be at the end than after the first statements, in bytes: the statements of the
// connections, kept compiled, and no more.
const growth = 8 << 20

// statements are run in no order; the rows of each have one.
var statements = []string{
	"SELECT * FROM platform.PullRequests ORDER BY Id",
	"SELECT Id, Title, State, CreatedOn, AuthorName FROM platform.PullRequests ORDER BY Title, Id",
	"SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'",
	"SELECT State, COUNT(*), MIN(CreatedOn), MAX(UpdatedOn) FROM platform.PullRequests GROUP BY State ORDER BY State",
	"SELECT Id, Title FROM platform.PullRequests WHERE Id IN (3, 141, 59, 265) OR Title LIKE '%dark%' ORDER BY Id",
	"SELECT Id FROM platform.PullRequests ORDER BY CreatedOn DESC, Id LIMIT 20",
	"SELECT r.Slug, COUNT(p.Id) FROM Repositories r LEFT JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug GROUP BY r.Slug ORDER BY r.Slug",
	"SELECT p.Id, c.Id, c.ContentRaw FROM (SELECT Id FROM platform.PullRequests ORDER BY Id DESC LIMIT 15) p " +
		"JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id ORDER BY p.Id, c.Id",
	"SELECT Hash, AuthorRaw FROM platform.Commits ORDER BY Hash",
	"SELECT RepositorySlug, Name, TargetCommitHash FROM Workspace.Branches ORDER BY RepositorySlug, Name",
	"SELECT Slug FROM Repositories WHERE EXISTS (SELECT 1 FROM Workspace.PullRequests p WHERE p.RepositorySlug = Slug AND p.Draft) ORDER BY Slug",
	"WITH Young AS (SELECT Id, AuthorUUID FROM [web-app].PullRequests), Placed AS (SELECT Id, ROW_NUMBER() OVER (PARTITION BY AuthorUUID ORDER BY Id) AS Place FROM Young) " +
		"SELECT * FROM Placed ORDER BY Id",
}

// What no error may show.
var (
	token  = secretscan.New("token")
	secret = secretscan.New("secret of the consumer")
)

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(m.Run()) }) }

// TestSoak runs for BITBUCKETSQL_SOAK, some seconds by default.
func TestSoak(t *testing.T) {
	long := 5 * time.Second
	if text := os.Getenv("BITBUCKETSQL_SOAK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal("BITBUCKETSQL_SOAK must be a duration such as 10m: ", err)
		}
		long = d
	}
	secretscan.Text("start", "soak") // which opens its file
	before := descriptors(t)
	for _, credential := range []string{"token", "OAuth"} {
		t.Run(credential, func(t *testing.T) { soak(t, credential, long/2) })
	}
	leak.None(t)
	if after := descriptors(t); after > before {
		t.Errorf("%d file descriptors are open, %d were before", after, before)
	}
}

func soak(t *testing.T, credential string, long time.Duration) {
	server := bitbucketfake.New(bitbucketfake.Config{
		PullRequests: 300, Commits: 250, Latency: time.Millisecond, TokenLifetime: tokenLife, TokenLength: 200, Token: token,
		OAuth: []bitbucketfake.Consumer{{Key: "soak", Secret: secret, CallbackURL: "http://localhost:33333", Private: true}},
	})
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dsn := server.DSN() + ";MaxRequests=0;Timeout=5"
	if credential == "OAuth" {
		dsn = server.OAuthDSN() + ";AuthScheme=OAuthClient;MaxRequests=0;Timeout=5"
	}
	db, err := sql.Open("bitbucket", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)

	want := make([]string, len(statements))
	for i, text := range statements {
		if want[i], err = calm(t.Context(), db, text); err != nil {
			t.Fatalf("without faults: %s: %v", text, err)
		}
	}
	w := &work{db: db, want: want, errors: map[string]int{}}
	w.warm(t)
	server.Reset()
	base := heap()

	ctx, stop := context.WithTimeout(t.Context(), long)
	defer stop()
	var trouble sync.WaitGroup
	trouble.Go(func() { disturb(ctx, server) })
	w.until(ctx, t)
	stop()
	trouble.Wait()
	server.SetFaults(nil)
	server.Reset()
	end := heap()

	for i, text := range statements { // and it works as before
		if have, err := calm(t.Context(), db, text); err != nil || have != want[i] {
			t.Errorf("after the faults: %s: %v", text, err)
		}
	}
	if end > base+growth {
		t.Errorf("the heap has grown from %d to %d KiB", base>>10, end>>10)
	}
	if w.right.Load() == 0 || w.wrong.Load() > 0 {
		t.Errorf("%d right answers, %d wrong ones", w.right.Load(), w.wrong.Load())
	}
	t.Logf("%v: %d right answers, %d typed errors, %d ended by us; heap %d KiB before, %d KiB after", long.Round(time.Second),
		w.right.Load(), w.failed.Load(), w.ended.Load(), base>>10, end>>10)
	for _, kind := range w.kinds() {
		t.Log(kind)
	}
}

// work is what the connections do.
type work struct {
	db                          *sql.DB
	want                        []string
	right, wrong, failed, ended atomic.Int64

	mu     sync.Mutex
	errors map[string]int
}

// warm has every connection run every statement once.
func (w *work) warm(t *testing.T) {
	var all, started sync.WaitGroup
	started.Add(connections)
	for range connections {
		all.Go(func() {
			conn, err := w.db.Conn(t.Context())
			started.Done()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			started.Wait() // so that each has a connection of its own
			for i, text := range statements {
				if have, err := calm(t.Context(), conn, text); err != nil || have != w.want[i] {
					t.Errorf("without faults: %s: %v", text, err)
				}
			}
		})
	}
	all.Wait()
}

// until has every connection run statements until the context ends, and five at least: a slow machine shall answer some, too.
func (w *work) until(ctx context.Context, t *testing.T) {
	var all sync.WaitGroup
	for k := range connections {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(k), 1))
			for n := 0; n < 5 || ctx.Err() == nil; n++ {
				w.one(t, r, r.IntN(len(statements)))
			}
		})
	}
	all.Wait()
}

// one runs a statement: mostly to its end, sometimes not.
func (w *work) one(t *testing.T, r *rand.Rand, i int) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	impatient := r.IntN(20) == 0
	if impatient {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(r.IntN(30))*time.Millisecond)
		defer cancel()
	}
	if r.IntN(20) == 0 {
		w.glance(ctx, statements[i])
		return
	}
	have, err := answer(ctx, w.db, statements[i])
	_ = secretscan.Error(err)
	switch kind, typed := classify(err); {
	case err == nil && have == w.want[i]:
		w.right.Add(1)
	case err == nil:
		w.wrong.Add(1)
		t.Errorf("a wrong answer: %s\n%s", statements[i], difference(have, w.want[i]))
	case impatient && errors.Is(err, context.DeadlineExceeded):
		w.ended.Add(1)
	case typed:
		w.failed.Add(1)
		w.mu.Lock()
		w.errors[kind]++
		w.mu.Unlock()
	default:
		w.wrong.Add(1)
		t.Errorf("an error without a type: %s: %v (%T)", statements[i], err, err)
	}
}

// glance reads a row and leaves.
func (w *work) glance(ctx context.Context, text string) {
	rows, err := w.db.QueryContext(ctx, text)
	if err != nil {
		w.ended.Add(1)
		return
	}
	rows.Next()
	rows.Close()
	w.ended.Add(1)
}

func (w *work) kinds() []string {
	var out []string
	for kind, n := range w.errors {
		out = append(out, fmt.Sprintf("%6d %s", n, kind))
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// querier is a database or a connection.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// answer is all rows of a statement as text.
func answer(ctx context.Context, db querier, text string) (string, error) {
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	cells, into := make([]any, len(names)), make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	var b strings.Builder
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintln(&b, cells...)
	}
	return b.String(), rows.Err()
}

// calm is an answer without faults. Requests may still take longer than they are allowed, and tokens expire on the way, where the
// machine stands still for seconds. That says nothing, but ten times in a row it does.
func calm(ctx context.Context, db querier, text string) (have string, err error) {
	for range 10 {
		began := time.Now()
		have, err = answer(ctx, db, text)
		late := errors.As(err, new(*driver.TimeoutError)) || errors.Is(err, driver.ErrUnauthorized) && time.Since(began) > tokenLife/2
		if !late {
			break
		}
	}
	return have, err
}

// difference is the first line in which two answers differ.
func difference(have, want string) string {
	h, w := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return fmt.Sprintf("line %d: have %q, want %q", i+1, h[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(h), len(w))
}

// heap is what the heap holds after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what has finalizers goes in the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// descriptors counts the open files of the process, where the system tells.
func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}
