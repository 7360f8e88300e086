package driver

import (
	"strings"
	"testing"
)

func TestMisname(t *testing.T) {
	db := openThings(t, nil)
	const hyphen, workspace = "; a name with a hyphen stands in brackets: ", "; a table is written without its workspace: "
	for text, want := range map[string]string{
		"SELECT * FROM web-app.Branches":            `near "-"` + hyphen + "[web-app]",
		"SELECT *\nFROM my-repo-2.Branches":         `near "-"` + hyphen + "[my-repo-2]",
		"SELECT * FROM a, web-app":                  `near "-"` + hyphen + "[web-app]",
		"EXPLAIN SELECT * FROM web-app.Branches":    `near "-"` + hyphen + "[web-app]",
		"SELECT * FROM acme.platform.Branches":      `near "."` + workspace + "platform.Branches",
		"SELECT * FROM [acme].[web-app].Branches b": `near "."` + workspace + "[web-app].Branches",
		"SELECT * FROM x - y":                       `near "-"`,
		"SELECT * FROM 'x'-":                        `near "-"`,
		"SELECT * FROM x.":                          `the statement is incomplete`,
		"SELECT a.b.c.d FROM Things":                `near "."`,
	} {
		err := queryAll(t, db, text)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
