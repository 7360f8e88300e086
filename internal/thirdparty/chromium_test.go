package thirdparty

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"github.com/seed281e34fa/bitbucketsql/internal/installed"
)

// browserTimeout bounds everything that a test does in a browser. It only ends what hangs: a browser that starts for the first time on a
// busy machine may need half a minute.
const browserTimeout = 5 * time.Minute

// chromiumFlags are those of a browser in a container that may talk to this machine only: for every other host there is a proxy
// that nobody answers.
var chromiumFlags = []string{
	"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check",
	"disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage",
	"proxy-server=http://127.0.0.1:9",
}

// findChromium returns the path of the browser.
func findChromium(t *testing.T) string {
	t.Helper()
	return installed.Program(t, "chromium", "chromium-browser", "google-chrome")
}

// chromium is a browser with an empty profile and one window, in front of which a person sits.
type chromium struct {
	window context.Context

	mu    sync.Mutex
	asked []string // addresses that the window has asked for
}

// startChromium starts a browser, or skips the test.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(findChromium(t)), chromedp.UserDataDir(profileDirectory(t)), chromedp.WSURLReadTimeout(browserTimeout)}
	for _, flag := range chromiumFlags {
		name, value, _ := strings.Cut(flag, "=")
		if value == "" {
			options = append(options, chromedp.Flag(name, true))
		} else {
			options = append(options, chromedp.Flag(name, value))
		}
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	return watch(t, allocator)
}

// profileDirectory is for the profile of a browser. The processes of the browser may write there for a moment longer than it runs itself,
// so that it cannot always be removed at once, as t.TempDir wants it.
func profileDirectory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "profile")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), browserTimeout)
		defer stop()
		for err := os.RemoveAll(dir); err != nil; err = os.RemoveAll(dir) {
			if !pause(ctx) {
				t.Error(err)
				return
			}
		}
	})
	return dir
}

// watch opens a window and notes what it asks for.
func watch(t *testing.T, allocator context.Context, options ...chromedp.ContextOption) *chromium {
	t.Helper()
	window, leave := chromedp.NewContext(allocator, append(options, chromedp.WithErrorf(t.Logf))...)
	t.Cleanup(leave)
	window, stop := context.WithTimeout(window, browserTimeout)
	t.Cleanup(stop)
	c := &chromium{window: window}
	err := chromedp.Listen(window, func(event any) {
		if request, ok := event.(*network.EventRequestWillBeSent); ok {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.asked = append(c.asked, request.Request.URL)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// attach finds the window of a browser that another program has started with a profile and a page. It reports a failure and
// returns nil if there is none.
func attach(t *testing.T, profile, page string) *chromium {
	ctx, stop := context.WithTimeout(context.Background(), browserTimeout)
	t.Cleanup(stop)
	// The browser writes where it can be reached: a port, and the path of its socket.
	var port, path string
	for found := false; !found; {
		text, _ := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		if port, path, found = strings.Cut(string(text), "\n"); !found && !pause(ctx) {
			t.Error("the browser does not start")
			return nil
		}
	}
	allocator, leave := remote.NewAllocator(ctx, "ws://127.0.0.1:"+port+path, remote.NoModifyURL)
	t.Cleanup(leave)
	finder, leave := chromedp.NewContext(allocator)
	t.Cleanup(leave)
	for {
		windows, err := chromedp.Targets(finder)
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, w := range windows {
			if strings.HasPrefix(w.URL, page) {
				window, leave := chromedp.NewContext(finder, chromedp.WithTargetID(w.TargetID))
				t.Cleanup(leave)
				c := &chromium{window: window}
				if err := c.settle(""); err != nil {
					t.Errorf("the page of the browser does not load: %v", err)
					return nil
				}
				return c
			}
		}
		if !pause(ctx) {
			t.Errorf("the browser does not show %s", page)
			return nil
		}
	}
}

// pause waits a moment, unless the context ends.
func pause(ctx context.Context) bool {
	select {
	case <-time.After(50 * time.Millisecond):
		return true
	case <-ctx.Done():
		return false
	}
}

// wait waits until a program has made a file, and reads it.
func wait(path string) (string, error) {
	ctx, stop := context.WithTimeout(context.Background(), browserTimeout)
	defer stop()
	for {
		text, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text)), nil
		}
		if !pause(ctx) {
			return "", errors.Join(errors.New("a program does not go on"), err)
		}
	}
}

// hosts are the hosts that the window has asked.
func (c *chromium) hosts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var hosts []string
	for _, address := range c.asked {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			hosts = append(hosts, address)
		} else if !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

// open goes to an address, as by typing it, and returns the status of the answer.
func (c *chromium) open(address string) (status int64, err error) {
	response, err := chromedp.RunResponse(c.window, chromedp.Navigate(address))
	if err != nil {
		return 0, err
	}
	return response.Status, nil
}

// settle waits until the page that the window shows is loaded, and is not the one with an address; "" is none.
func (c *chromium) settle(not string) error {
	for {
		// The address of the page and whether it is loaded are asked together, or they could be of two pages.
		state, err := chromedp.Run(c.window, chromedp.Evaluate[string]("document.readyState + ' ' + location.href"))
		loaded, address, _ := strings.Cut(state, " ")
		if err == nil && loaded == "complete" && address != not && address != "about:blank" {
			return nil
		}
		// A page that goes away takes the question with it, without an answer.
		if !pause(c.window) {
			return errors.Join(context.Cause(c.window), err)
		}
	}
}

// press clicks a button of the page and waits for what it leads to.
func (c *chromium) press(button string) (shown, error) {
	ctx, stop := context.WithCancel(c.window)
	defer stop()
	var mu sync.Mutex
	responses := map[string]*network.Response{}
	err := chromedp.Listen(ctx, func(event any) {
		if r, ok := event.(*network.EventResponseReceived); ok && r.Type == network.ResourceTypeDocument {
			mu.Lock()
			defer mu.Unlock()
			responses[r.Response.URL] = r.Response
		}
	})
	if err != nil {
		return shown{}, err
	}
	before, err := chromedp.Run(c.window, chromedp.Location())
	if err != nil {
		return shown{}, err
	}
	if _, err := chromedp.Run(c.window, chromedp.Click(chromedp.ID(button), chromedp.NodeVisible)); err != nil {
		return shown{}, err
	}
	if err := c.settle(before); err != nil {
		return shown{}, err
	}
	after, err := chromedp.Run(c.window, chromedp.Location())
	if err != nil {
		return shown{}, err
	}
	mu.Lock()
	response := responses[after]
	mu.Unlock()
	if response == nil {
		return shown{}, errors.New("the browser shows a page that nothing answered with")
	}
	s := shown{status: response.Status, header: http.Header{}}
	for name, value := range response.Headers {
		s.header.Set(name, fmt.Sprint(value))
	}
	body, html := chromedp.CSS("body"), chromedp.CSS("html")
	for _, look := range []func() error{
		func() error { return see(c, &s.title, chromedp.Title()) },
		func() error { return see(c, &s.address, chromedp.Location()) },
		func() error { return see(c, &s.text, chromedp.Text(body)) },
		func() error { return see(c, &s.html, chromedp.OuterHTML(html)) },
		func() error {
			return see(c, &s.leading, chromedp.Evaluate[int]("document.querySelectorAll('script, [src], link, iframe, form, a').length"))
		},
		func() error { return see(c, &s.picture, chromedp.FullScreenshot(100)) },
	} {
		err = errors.Join(err, look())
	}
	return s, err
}

// address is what the address bar shows once it begins with a text; the page need not have been loaded.
func (c *chromium) address(t *testing.T, begins string) string {
	t.Helper()
	for {
		history, err := chromedp.Run(c.window, chromedp.NavigationEntries())
		if err != nil {
			t.Fatal(err)
		}
		shows := history.Entries[history.CurrentIndex].URL
		if strings.HasPrefix(shows, begins) {
			return shows
		}
		if !pause(c.window) {
			t.Fatalf("the browser ends at %s", shows)
		}
	}
}

// see puts what an action finds in the window to a place.
func see[T any](c *chromium, to *T, action chromedp.Action[T]) (err error) {
	*to, err = chromedp.Run(c.window, action)
	return err
}

// shown is a page as the browser shows it.
type shown struct {
	status               int64
	header               http.Header
	address, title, text string
	html                 string
	leading              int    // scripts, and elements that load something or lead elsewhere
	picture              []byte // a PNG
}

// person is how a user in front of a browser answers a sign-in: what driver.WithBrowser takes, and the page that ended it.
type person struct {
	browser *chromium
	page    shown
	err     error
	done    chan struct{}
}

// answers is a person who goes to the page of a sign-in, does something about it, and presses a button.
func (c *chromium) answers(button string, before func(page string) (string, error)) (func(string) error, *person) {
	p := &person{browser: c, done: make(chan struct{})}
	return func(page string) error {
		defer close(p.done)
		if before != nil {
			if page, p.err = before(page); p.err != nil {
				return p.err
			}
		}
		status, err := c.open(page)
		if err == nil && status != http.StatusOK {
			err = errors.New("the page of the sign-in answers " + http.StatusText(int(status)))
		}
		if err == nil {
			p.page, err = c.press(button)
		}
		p.err = err
		return err
	}, p
}

// ends waits until the person has seen the page that ends a sign-in.
func (p *person) ends(t *testing.T) shown {
	t.Helper()
	select {
	case <-p.done:
	case <-p.browser.window.Done():
		t.Fatal("the browser was never opened")
	}
	if p.err != nil {
		t.Fatalf("in the browser: %v", p.err)
	}
	return p.page
}
