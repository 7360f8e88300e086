package benchmark

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// The test binary runs again as one of two children: a fake Bitbucket, so that its work is not counted as a client's, and a
// client that does one thing and tells what that took.
const (
	serveVariable  = "BITBUCKETSQL_BENCHMARK_SERVE"
	clientVariable = "BITBUCKETSQL_BENCHMARK_CLIENT"
)

var report = flag.Bool("report", false, "write what the benchmarks measure into docs/performance.md")

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	switch {
	case os.Getenv(serveVariable) != "":
		err = serveChild(os.Getenv(serveVariable))
	case os.Getenv(clientVariable) != "":
		err = clientChild(os.Getenv(clientVariable))
	default:
		secretscan.Main(func() { os.Exit(run(m)) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(m *testing.M) int {
	code := m.Run()
	servers.stop()
	if code == 0 {
		if err := measured.show(os.Stdout, *report); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// token is that of the fakes; nothing may show it. The children are told.
var token = secretscan.New("token")

// child starts this binary as a child with a variable set to the JSON of v.
func child(variable string, v any) (*exec.Cmd, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), variable+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd, nil
}

// serving is what a server child holds and how it answers.
type serving struct {
	Data    data
	Latency time.Duration
	Token   string
}

// serveChild serves until standard input ends.
func serveChild(text string) error {
	var c serving
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	server := bitbucketfake.New(bitbucketfake.Config{
		Repositories: c.Data.Repositories, PullRequests: c.Data.PullRequests, OtherPulls: c.Data.OtherPulls, Latency: c.Latency, Token: c.Token,
	})
	if err := server.Start("127.0.0.1:0"); err != nil {
		return err
	}
	fmt.Println(server.URL())
	_, err := io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, server.Close())
}

// server is a fake Bitbucket in another process.
type server struct {
	url, token string
	cmd        *exec.Cmd
	in         io.Closer
}

func startServer(d data, latency time.Duration) (*server, error) {
	cmd, err := child(serveVariable, serving{d, latency, token})
	if err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{token: token, cmd: cmd, in: in}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the fake in a process of its own said nothing: %w", err)
	}
	s.url = strings.TrimSpace(line)
	// What a repository holds is made when it is first asked for. That is no work of a client.
	return s, s.warm(d)
}

func (s *server) warm(d data) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	defer c.close()
	slugs, err := c.loop.repositories(context.Background())
	if err != nil {
		return err
	}
	return each(context.Background(), len(slugs), func(ctx context.Context, i int) error {
		_, err := c.loop.count(ctx, slugs[i], "")
		return err
	})
}

func (s *server) stop() {
	s.in.Close()
	_ = s.cmd.Wait()
}

func (s *server) dsn() string {
	return "Workspace=acme;Schema=Information;AuthScheme=AccessToken;MaxRequests=0;BaseURL=" + s.url + "/2.0;AccessToken=" + s.token
}

func (s *server) client() (*client, error) {
	db, err := sql.Open("bitbucket", s.dsn())
	if err != nil {
		return nil, err
	}
	return &client{db: db, loop: newBitbucket(s.url+"/2.0", "acme", s.token)}, nil
}

func (c *client) close() {
	c.db.Close()
	c.loop.close()
}

// traffic is what a server was asked and what it answered since it was last asked for that.
type traffic struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"`
}

func (s *server) traffic() (traffic, error) {
	var t traffic
	resp, err := http.Get(s.url + "/_stats")
	if err != nil {
		return t, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&t); err != nil {
		return t, err
	}
	reset, err := http.Post(s.url+"/_reset", "", nil)
	if err != nil {
		return t, err
	}
	return t, reset.Body.Close()
}

// pool keeps the servers of this run.
type pool struct {
	mu sync.Mutex
	m  map[string]*server
}

var servers pool

func (p *pool) get(tb testing.TB, d data, latency time.Duration) *server {
	tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	key := fmt.Sprint(d, latency)
	if s := p.m[key]; s != nil {
		return s
	}
	s, err := startServer(d, latency)
	if err != nil {
		tb.Fatal(err)
	}
	if p.m == nil {
		p.m = map[string]*server{}
	}
	p.m[key] = s
	return s
}

func (p *pool) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, s := range p.m {
		s.stop()
		delete(p.m, key)
	}
}

// errand is what a client child does.
type errand struct {
	URL, Token string
	// Question is the index of the question to answer, and Driver says by which side.
	Question int
	Driver   bool
	// Stream, when set, is a statement whose rows are read and dropped, instead.
	Stream string
}

// spent is what an errand took.
type spent struct {
	Rows    int
	Elapsed time.Duration
	CPU     time.Duration // user and system
	Peak    int64         // resident memory at its most, in bytes
}

func clientChild(text string) error {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	c, err := (&server{url: e.URL, token: e.Token}).client()
	if err != nil {
		return err
	}
	defer c.close()
	var out spent
	start, cpu := time.Now(), processTime()
	if e.Stream != "" {
		out.Rows, err = stream(c.db, e.Stream)
	} else {
		q := questions()[e.Question]
		way := q.loop
		if e.Driver {
			way = q.driver
		}
		_, err = way(context.Background(), c)
	}
	if err != nil {
		return err
	}
	out.Elapsed, out.CPU, out.Peak = time.Since(start), processTime()-cpu, resident("VmHWM")
	return json.NewEncoder(os.Stdout).Encode(out)
}

// stream reads the five columns of a statement row by row, as a program does that keeps none.
func stream(db *sql.DB, text string) (int, error) {
	rows, err := db.Query(text)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var b brief
		if err := scanBrief(rows, &b); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// send runs an errand in a process of its own.
func (e errand) send() (spent, error) {
	var out spent
	e.Token = token
	cmd, err := child(clientVariable, e)
	if err != nil {
		return out, err
	}
	text, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("client in a process of its own: %w", err)
	}
	return out, json.Unmarshal(text, &out)
}

// processTime is the time that the processors spent on this process.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident reads a line of Linux's account of this process's memory; 0 elsewhere. The maximum that getrusage tells will not
// do: it begins with that of the parent.
func resident(line string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for l := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(l, []byte(line+":")); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(rest)), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
