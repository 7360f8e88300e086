package secretscan

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const (
	roleVariable = "SECRETSCAN_TEST_ROLE"
	secret       = `pa$$ word/with+odd=signs";'&é`
)

var letOut = map[string]func(){
	"nothing":    func() { fmt.Println("all is well") },
	"late":       func() {},
	"stdout":     func() { fmt.Println("see", secret) },
	"stderr":     func() { fmt.Fprintln(os.Stderr, url.QueryEscape(secret)) },
	"panic":      func() { panic(errors.New("lost " + secret)) },
	"goroutine":  func() { done := make(chan int); go func() { panic(secret) }(); <-done },
	"log":        func() { slog.New(Handler()).With("a", 1).WithGroup("g").Debug("m", "header", []byte(secret)) },
	"error":      func() { _ = Error(fmt.Errorf("a: %w", &hider{secret})) },
	"value":      func() { Value("v", struct{ Password string }{secret}) },
	"driver log": func() { _ = os.WriteFile(LogPath(), []byte(secret), 0o600) },
	"child": func() {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleVariable+"=log")
		_ = cmd.Run()
	},
	"marker": func() { fmt.Println("hush") },
}

// hider shows what it holds by %#v only.
type hider struct{ text string }

func (h *hider) Error() string { return "hidden" }

// TestMain is also the program of the processes that the tests start.
func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		Main(func() {
			if role == "late" {
				letOut["stdout"]()
			}
			Plant("the password", secret)
			letOut[role]()
			os.Exit(0)
		})
		return
	}
	os.Exit(m.Run())
}

func TestMainFails(t *testing.T) {
	for role := range letOut {
		t.Run(role, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), roleVariable+"="+role, directory+"=")
			out, err := cmd.CombinedOutput()
			told := strings.Contains(string(out), "secretscan: the secret ")
			if role == "nothing" {
				if err != nil || told || string(out) != "all is well\n" {
					t.Errorf("%v: %s", err, out)
				}
				return
			}
			if _, report, _ := strings.Cut(string(out), "secretscan: "); err == nil || !told || strings.Contains(report, secret[:15]) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func TestMatcher(t *testing.T) {
	long := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz", 70)
	m := newMatcher([]planted{{"a", secret}, {"b", "short"}, {"c", long}, {"d", "swordfish-token-1"}})
	asJSON, _ := json.Marshal(secret)
	for text, want := range map[string]string{
		secret:                                   "plain",
		"q=" + url.QueryEscape(secret):           "escaped",
		"/" + url.PathEscape(secret):             "escaped",
		string(asJSON):                           "escaped",
		strconv.Quote(secret):                    "escaped",
		hex.EncodeToString([]byte("x" + secret)): "hexadecimal",
		strings.ToUpper(hex.EncodeToString([]byte(secret))):                      "hexadecimal",
		fmt.Sprint([]byte(secret)):                                               "bytes",
		base64.StdEncoding.EncodeToString([]byte("me@x.org:" + secret + "tail")): "base64",
		base64.StdEncoding.EncodeToString([]byte("me@x.or:" + secret)):           "base64",
		base64.URLEncoding.EncodeToString([]byte("me@x.o:" + secret)):            "base64",
		"hsifdrows":                  "",
		"1-nekot-hsifdrows":          "reversed",
		"swordfis":                   "in part",
		"h-token-1":                  "in part",
		"swordf":                     "",
		"short":                      "",
		long[100:124]:                "in part",
		"token " + long[2400:2430]:   "in part",
		"a text with hush in it":     "plain",
		"hush2;Token=hush-token-X":   "plain",
		`Password:"hush:pa"`:         "plain",
		`{"a":"\nhush"}`:             "plain",
		`"\u003Chush"`:               "plain",
		"state%3Dhush%20":            "plain",
		"/hush/":                     "plain",
		"AiEAhushZP0o/BPAA":          "",
		"AiEA+hush/BPAA":             "",
		"nothing of interest at all": "",
	} {
		found := ""
		for _, l := range m.search("x", []byte("before "+text+" after")) {
			if l.form == want || found == "" {
				found = l.form
			}
			if strings.Contains(l.around, "word/") || l.secret == "b" {
				t.Errorf("the report shows it: %v", l)
			}
		}
		if found != want {
			t.Errorf("%.40q is found as %q, want %q", text, found, want)
		}
	}
}
