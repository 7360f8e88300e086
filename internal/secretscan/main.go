package secretscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// directory names the environment variable with the directory in which the processes of a test run gather what is searched.
const directory = "BITBUCKETSQL_SECRETSCAN"

// Names of the files in the directory. The mode of all is 0600.
const (
	plantedFile = "planted"
	tappedFile  = "tapped"
	logFile     = "driver.log"
)

// Main runs tests, which ends with the exit of the process, in another process, searches what that and its children let out,
// and exits with its code, or with 1 when a secret showed. In the other process, and in those that tests start, it calls tests.
// Fuzzing and benchmarks, which would gather too much and be slowed down by it, are not searched.
func Main(tests func()) {
	if os.Getenv(directory) != "" || slices.ContainsFunc(os.Args, unsearched) {
		tests()
		return
	}
	os.Exit(watch(os.Stdout, os.Stderr))
}

func unsearched(arg string) bool {
	return strings.HasPrefix(arg, "-test.fuzz=") || strings.HasPrefix(arg, "-test.fuzzworker") || strings.HasPrefix(arg, "-test.bench=")
}

// watch is the process around that of the tests.
func watch(stdout, stderr io.Writer) int {
	dir, err := os.MkdirTemp("", "secretscan")
	if err != nil {
		fmt.Fprintln(stderr, "secretscan:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	var out, complaints bytes.Buffer
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), directory+"="+dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, io.MultiWriter(stdout, &out), io.MultiWriter(stderr, &complaints)
	err = cmd.Run()
	code := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		code = max(exit.ExitCode(), 1)
	} else if err != nil {
		fmt.Fprintln(stderr, "secretscan:", err)
		return 1
	}
	leaks, err := searchAll(dir, out.Bytes(), complaints.Bytes())
	if err != nil {
		fmt.Fprintln(stderr, "secretscan:", err)
		return 1
	}
	for _, l := range leaks {
		fmt.Fprintln(stderr, "secretscan:", l)
	}
	if len(leaks) > 0 {
		fmt.Fprintln(stdout, "FAIL: a secret that a test planted was let out")
		return 1
	}
	return code
}

// searchAll searches everything that a run gathered.
func searchAll(dir string, stdout, stderr []byte) ([]leak, error) {
	secrets, err := readPlanted(filepath.Join(dir, plantedFile))
	if err != nil {
		return nil, err
	}
	m := newMatcher(secrets)
	leaks := append(m.search("standard output", stdout), m.search("standard error", stderr)...)
	for _, name := range []string{tappedFile, logFile} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		leaks = append(leaks, m.search(name, text)...)
	}
	return leaks, nil
}

func readPlanted(path string) ([]planted, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var secrets []planted
	seen := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var s planted
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			return secrets, nil
		} else if err != nil {
			return nil, fmt.Errorf("what was planted cannot be read: %w", err)
		}
		if !seen[s.Text] {
			seen[s.Text] = true
			secrets = append(secrets, s)
		}
	}
}

var appending = struct {
	sync.Mutex
	files map[string]*os.File
}{files: map[string]*os.File{}}

// appendTo adds text to a file of the run, in one write, so that processes do not mix. Outside of [Main] it does nothing.
func appendTo(name string, text []byte) {
	dir := os.Getenv(directory)
	if dir == "" {
		return
	}
	appending.Lock()
	defer appending.Unlock()
	f, err := appending.files[name], error(nil)
	if f == nil {
		f, err = os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		appending.files[name] = f
	}
	if err == nil {
		_, err = f.Write(text)
	}
	if err != nil {
		panic("secretscan: " + err.Error())
	}
}
