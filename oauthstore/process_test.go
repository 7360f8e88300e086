package oauthstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// TestMain is also the program of the processes that the tests start.
func TestMain(m *testing.M) {
	if role := os.Getenv("OAUTHSTORE_TEST_ROLE"); role != "" {
		if err := play(role, os.Getenv("OAUTHSTORE_TEST_LOCATION"), os.Getenv("OAUTHSTORE_TEST_SERVER")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	secretscan.Main(func() {
		watch.log, watch.failed = secretscan.Handler(), secretscan.Error
		secretscan.Plant("of the client", testSecret)
		os.Exit(m.Run())
	})
}

func play(role, location, server string) error {
	store, err := Open(location)
	if err != nil {
		return err
	}
	source := NewSource(Config{}, store, Settings{}) // the location alone is enough
	fmt.Println("ready")
	switch role {
	case "once": // 50 goroutines, one query each, all at once
		return together(50, func() error { return query(source, server) })
	case "queries": // until standard input ends, and fifty at least
		var ended atomic.Bool
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			ended.Store(true)
		}()
		return together(10, func() error {
			for n := 0; n < 5 || !ended.Load(); n++ {
				if err := query(source, server); err != nil {
					return err
				}
				time.Sleep(rand.N(200 * time.Millisecond))
			}
			return nil
		})
	case "token":
		_, err := source.Token(context.Background())
		return err
	case "churn": // renews as often as it can, until killed
		for {
			if err := query(source, server); err != nil {
				return err
			}
			if _, err := source.Refresh(context.Background(), source.Settings().AccessToken); err != nil {
				return err
			}
		}
	case "create": // the first save of all, until killed
		for i := range 1000 {
			if err := store.Save(context.Background(), Settings{AccessToken: "a", RefreshToken: strconv.Itoa(i)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func together(n int, do func() error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// query does what the driver does: a request with the token, and after a 401 another one when there is another token.
func query(source *Source, server string) error {
	ctx := context.Background()
	for attempt := 0; attempt < 2; attempt++ {
		began := time.Now()
		token, err := source.Token(ctx)
		if err != nil {
			return fmt.Errorf("token: %w", err)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/user", nil)
		if err != nil {
			return err
		}
		token.SetAuthHeader(r)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return nil
		}
		if changed, err := source.Refresh(ctx, token.AccessToken); err != nil || !changed {
			return fmt.Errorf("refresh after %s: changed %v: %w", resp.Status, changed, err)
		}
		if time.Since(began) > time.Second {
			attempt-- // the machine stood still for half the life of the shortest token: this says nothing
		}
	}
	return errors.New("two tokens in a row got a 401")
}

// start runs this test binary in a role and waits until it has begun.
func start(t *testing.T, role, location, server string) *exec.Cmd {
	t.Helper()
	return startReading(t, nil, role, location, server)
}

// startReading is start with a standard input.
func startReading(t *testing.T, input *os.File, role, location, server string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	if input != nil {
		cmd.Stdin = input
	}
	cmd.Env = append(os.Environ(), "OAUTHSTORE_TEST_ROLE="+role, "OAUTHSTORE_TEST_LOCATION="+location, "OAUTHSTORE_TEST_SERVER="+server)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("ready\n"))); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func savedFile(t testing.TB, s Settings) (Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "new", "OAuthSettings.json")
	store, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return store, path
}

func TestProcessesRefreshOnce(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	_, path := savedFile(t, server.grant(2*time.Hour))
	var processes []*exec.Cmd
	for range 4 {
		processes = append(processes, start(t, "once", path, server.URL))
	}
	for _, p := range processes {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	server.check(t)
	if n, _ := server.counts(); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
}

func TestProcessesRefreshOncePerExpiry(t *testing.T) {
	const life = 2 * time.Second
	server := newTokenServer(t, life)
	store, path := savedFile(t, server.grant(0))
	input, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	defer end.Close()
	var processes []*exec.Cmd
	begin := time.Now()
	for range 4 {
		processes = append(processes, startReading(t, input, "queries", path, server.URL))
	}
	failed := make(chan error, len(processes))
	for _, p := range processes {
		go func() { failed <- p.Wait() }()
	}
	waiting := len(processes)
	for n := 0; n < 3 && waiting == len(processes); n, _ = server.counts() {
		select {
		case err := <-failed:
			waiting--
			t.Errorf("a process ended by itself: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	_ = end.Close()
	for range waiting {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	lasted := time.Since(begin)
	server.check(t)
	// A token is renewed when nine tenths of its life are over: more renewals than that have been early, or double.
	n, requests := server.counts()
	if most := int(lasted/(life*9/10)) + 1; n < 3 || n > most || requests != n {
		t.Errorf("%d refreshes and %d token requests in %v, want 3 to %d and as many", n, requests, lasted, most)
	}
	if s, err := store.Load(t.Context()); err != nil || !server.accepts(s.RefreshToken) {
		t.Errorf("the file holds no living refresh token: %v", err)
	}
}

// kills is 200, or $OAUTHSTORE_KILLS.
func kills(t *testing.T) int {
	n := 200
	if v := os.Getenv("OAUTHSTORE_KILLS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func TestKillWhileRefreshing(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	server.grace = true
	store, path := savedFile(t, server.grant(0))
	processes := make([]*exec.Cmd, 3)
	for i := range processes {
		processes[i] = start(t, "churn", path, server.URL)
	}
	for n := range kills(t) {
		// A kill comes at any moment, but not before somebody has refreshed since the last one: else a busy machine tests nothing.
		_, before := server.counts()
		for now := before; now == before; _, now = server.counts() {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(rand.N(20 * time.Millisecond))
		i := n % len(processes)
		_ = processes[i].Process.Kill()
		if err := processes[i].Wait(); err == nil || processes[i].ProcessState.Exited() {
			t.Fatalf("process %d ended by itself: %v", n, err)
		}
		s, err := store.Load(t.Context())
		if err != nil {
			t.Fatalf("after kill %d: %v", n, err)
		}
		if s.ClientSecret != testSecret {
			t.Fatalf("after kill %d the settings are %v", n, s)
		}
		processes[i] = start(t, "churn", path, server.URL)
	}
	for _, p := range processes {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
	server.check(t) // nobody met a refresh token whose successor was used and lost
	s, err := store.Load(t.Context())
	if err != nil || !server.accepts(s.RefreshToken) {
		t.Fatalf("the refresh token is lost: %v", err)
	}
	if err := query(NewSource(Config{}, store, Settings{}), server.URL); err != nil {
		t.Error(err)
	}
	refreshes, _ := server.counts()
	t.Logf("%d kills, %d refreshes, of these %d with a refresh token whose successor died with its process", kills(t), refreshes, server.again)
}

// A process that is killed between the server's rotation and the saving of the new refresh token takes it along. The next one gets
// another within the server's grace for the old one, and says what happened and what to do after that.
func TestKillBetweenRotationAndSave(t *testing.T) {
	for _, grace := range []bool{true, false} {
		t.Run(fmt.Sprintf("grace %v", grace), func(t *testing.T) {
			server := newTokenServer(t, time.Hour)
			store, path := savedFile(t, server.grant(2*time.Hour))
			rotated, killed := make(chan struct{}), make(chan struct{})
			var once sync.Once
			server.rotated = func() {
				once.Do(func() {
					close(rotated)
					<-killed
				})
			}
			process := start(t, "token", path, server.URL)
			<-rotated
			if err := process.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = process.Wait()
			close(killed)
			left, err := store.Load(t.Context())
			if err != nil || left.Renewing.IsZero() {
				t.Fatalf("the file doesn't tell of the renewal that began: %v, %v", left, err)
			}
			server.mu.Lock()
			server.grace = grace
			server.mu.Unlock()
			source := NewSource(Config{}, store, Settings{})
			token, err := source.Token(t.Context())
			saved, loadErr := store.Load(t.Context())
			if loadErr != nil {
				t.Fatal(loadErr)
			}
			if grace {
				if err != nil || saved.AccessToken != token.AccessToken || !server.accepts(saved.RefreshToken) || !saved.Renewing.IsZero() || server.again != 1 {
					t.Errorf("the sign-in is lost within the grace: %v", err)
				}
				return
			}
			var over *SignInError
			var refused *TokenError
			if !errors.As(err, &over) || !errors.As(err, &refused) || refused.Code != "invalid_grant" {
				t.Fatalf("after the grace: %v", err)
			}
			for _, want := range []string{"was stopped", left.Renewing.UTC().Format(time.RFC3339), "sign in again", "GETANDREFRESH", "login"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v: doesn't say %q", err, want)
				}
			}
			if saved != left {
				t.Errorf("the file changed to %v", saved)
			}
		})
	}
}

func TestKillWhileCreating(t *testing.T) {
	for n := range kills(t) / 4 {
		path := filepath.Join(t.TempDir(), "a", "b", "settings")
		p := start(t, "create", path, "")
		time.Sleep(rand.N(4 * time.Millisecond))
		_ = p.Process.Kill()
		_ = p.Wait()
		store, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load(t.Context()); err != nil && !errors.Is(err, ErrNoSettings) {
			t.Fatalf("after kill %d: %v", n, err)
		}
		if err := store.Save(t.Context(), Settings{AccessToken: "b"}); err != nil {
			t.Fatalf("after kill %d: %v", n, err)
		}
		if s, err := store.Load(t.Context()); err != nil || s.AccessToken != "b" {
			t.Fatalf("after kill %d: %v, %v", n, s, err)
		}
	}
}
