package thirdparty

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// program is what somebody writes who has read the first lines of the documentation.
const program = `package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
)

func main() {
	db, err := sql.Open("bitbucket", os.Getenv("BITBUCKET_DSN"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	var count int
	if err := db.QueryRow("SELECT COUNT(*) FROM platform.PullRequests").Scan(&count); err != nil {
		log.Fatal(err)
	}
	fmt.Println(count, "pull requests")
}
`

// foreignModule writes a module that requires the driver as anybody would, but for the replace.
func foreignModule(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": "module example.com/foreign\n\ngo 1.26\n\nrequire github.com/seed281e34fa/bitbucketsql v0.0.0\n\n" +
			"replace github.com/seed281e34fa/bitbucketsql => " + root + "\n",
		"go.sum":  string(sums),
		"main.go": program,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// build runs go build without flags or tags in the module.
func build(t *testing.T, dir string, environment ...string) (string, error) {
	t.Helper()
	binary := filepath.Join(dir, "foreign")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	command := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	command.Dir = dir
	command.Env = append(os.Environ(), append([]string{"GOFLAGS=-mod=mod", "GOWORK=off", "CGO_CFLAGS=", "CGO_LDFLAGS="}, environment...)...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// A foreign module builds with the driver by a plain go build, and its program works.
func TestForeignModuleBuilds(t *testing.T) {
	dir := foreignModule(t)
	if output, err := build(t, dir, "CGO_ENABLED=1"); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	fake := startFake(t, small)
	command := exec.CommandContext(t.Context(), filepath.Join(dir, "foreign"))
	command.Env = append(os.Environ(), "BITBUCKET_DSN="+fake.DSN())
	output, err := command.CombinedOutput()
	if want := fmt.Sprintf("%d pull requests\n", small.PullRequests); err != nil || string(output) != want {
		t.Errorf("the program says %q, %v; want %q", output, err, want)
	}
}

// Without cgo the compiler says in a sentence what is missing.
func TestForeignModuleWithoutCgo(t *testing.T) {
	output, err := build(t, foreignModule(t), "CGO_ENABLED=0")
	if err == nil {
		t.Fatal("it builds")
	}
	var complaints []string
	for line := range strings.Lines(output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "go: ") {
			complaints = append(complaints, line)
		}
	}
	if len(complaints) != 1 || !strings.Contains(complaints[0], "cgo") || !strings.Contains(complaints[0], "CGO_ENABLED=1") {
		t.Errorf("the compiler says\n%s", output)
	}
}
