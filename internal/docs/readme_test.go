package docs

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

var update = flag.Bool("update", false, "rewrite the parts of the README that are made from the code")

const readmePath = "../../README.md"

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestListsAreFresh compares the tables of tables and properties with the code.
func TestListsAreFresh(t *testing.T) {
	text := readme(t)
	fresh := text
	for name, body := range map[string]string{"tables": tableOfTables(), "properties": tableOfProperties()} {
		pattern := regexp.MustCompile(`(?s)(<!-- ` + name + `:[^>]*-->\n).*?(<!-- end of ` + name + ` -->)`)
		if !pattern.MatchString(fresh) {
			t.Fatalf("the README has no place for %s", name)
		}
		fresh = pattern.ReplaceAllStringFunc(fresh, func(found string) string {
			m := pattern.FindStringSubmatch(found)
			return m[1] + body + m[2]
		})
	}
	if fresh == text {
		return
	}
	if !*update {
		t.Fatal("the README lists other tables or properties than there are: run go test ./internal/docs -update")
	}
	if err := os.WriteFile(readmePath, []byte(fresh), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tableOfTables() string {
	var b strings.Builder
	b.WriteString("| in | tables |\n|---|---|\n")
	for _, part := range parts() {
		var names []string
		for _, t := range schema.Tables() {
			if part.is(t) {
				names = append(names, "["+t.Name+"](docs/tables/"+t.Name+".md)")
			}
		}
		if names != nil {
			fmt.Fprintf(&b, "| %s | %s |\n", part.title, strings.Join(names, ", "))
		}
	}
	return b.String()
}

func tableOfProperties() string {
	var b strings.Builder
	b.WriteString("| property | type | default | meaning |\n|---|---|---|---|\n")
	for _, p := range driver.Properties() {
		kind := string(p.Type)
		if len(p.Values) > 0 {
			kind = strings.Join(p.Values, ", ")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, kind, p.Default, strings.ReplaceAll(p.Description, "|", "\\|"))
	}
	return b.String()
}

// block is a fenced block of a document.
type block struct{ language, text string }

func blocks(text string) []block {
	var list []block
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```").FindAllStringSubmatch(text, -1) {
		list = append(list, block{m[1], m[2]})
	}
	return list
}

// statements are those within the lines of a document, but not those with a gap.
func statements(text string) []block {
	var list []block
	for _, m := range regexp.MustCompile("`((?:SELECT|WITH|GETDELETED|EXEC) [^`…]+)`").FindAllStringSubmatch(text, -1) {
		list = append(list, block{"sql", m[1]})
	}
	return list
}

func startFake(t *testing.T) *bitbucketfake.Server {
	t.Helper()
	server := bitbucketfake.New(bitbucketfake.Config{Token: fakeToken})
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// TestReadmeRuns runs every command, program and query of the README, against the fake where they need a workspace.
func TestReadmeRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	server := startFake(t)
	ran := map[string]int{}
	text := readme(t)
	for i, b := range append(blocks(text), statements(text)...) {
		if signsIn(b) {
			continue // TestReadmeSignsIn runs it
		}
		t.Run(fmt.Sprintf("%d %s", i+1, b.language), func(t *testing.T) {
			ran[b.language]++
			switch b.language {
			case "sh":
				runShell(t, b.text, server.DSN())
			case "go":
				runGo(t, b.text, server.DSN())
			case "sql":
				runSQL(t, b.text, server.DSN())
			case "":
			default:
				t.Errorf("nothing runs a block of %q", b.language)
			}
		})
	}
	if ran["sh"] < 3 || ran["go"] < 1 || ran["sql"] < 1 {
		t.Errorf("blocks were run: %v", ran)
	}
}

// ownTests is the one command that cannot run inside itself; .ci/run runs it by this spelling.
const ownTests = "go test ./...\n"

func runShell(t *testing.T, script, dsn string) {
	if script == ownTests {
		ci, err := os.ReadFile("../../.ci/run")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(ci), "\n"+ownTests) {
			t.Error(".ci/run does not call the README's test command")
		}
		return
	}
	// The one thing that is the reader's own is the connection string.
	script = regexp.MustCompile(`(?m)^export BITBUCKETSQL_DSN='bitbucket://[^']*'$`).ReplaceAllLiteralString(script, ":")
	cmd := shell(t, script)
	// The profiles are not to be those of whoever runs the test, nor is the command to be installed for them.
	bin := t.TempDir()
	cmd.Env = append(os.Environ(), "BITBUCKETSQL_DSN="+dsn, "XDG_CONFIG_HOME="+t.TempDir(), "BITBUCKETSQL_KEYRING=off",
		"GOBIN="+bin, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, out)
	} else if len(out) == 0 {
		t.Errorf("it prints nothing:\n%s", script)
	}
}

func runGo(t *testing.T, text, dsn string) {
	cmd := program(t, text)
	cmd.Env = append(os.Environ(), "BITBUCKETSQL_DSN="+dsn)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "\n") < 3 {
		t.Errorf("%v\n%s", err, out)
	}
}

// longest bounds a command of the README.
const longest = 5 * time.Minute

// shell is the command that runs a script of the README, in the directory where it is read.
func shell(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir = "../.."
	return cmd
}

// program is the command that runs a program of the README, in a module of its reader.
func program(t *testing.T, text string) *exec.Cmd {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"main.go": text,
		"go.mod": "module reader\n\ngo 1.26.0\n\nrequire github.com/seed281e34fa/bitbucketsql v0.0.0\n\nreplace github.com/seed281e34fa/bitbucketsql => " +
			root + "\n",
		"go.sum": string(sum),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "go", "run", "-mod=mod", ".")
	cmd.Dir = dir
	return cmd
}

func runSQL(t *testing.T, query, dsn string) {
	db, err := sql.Open("bitbucket", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil || n == 0 {
		t.Errorf("%d rows, %v", n, err)
	}
}
