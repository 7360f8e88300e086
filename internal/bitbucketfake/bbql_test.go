package bitbucketfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// row is what the evaluator's tests filter.
type row struct {
	name *string
	n    int
	flag bool
	at   time.Time
	tags []string
}

func rowFields(rows []row) fieldSet {
	return fieldSet{
		"name": {get: func(i int) value {
			if rows[i].name == nil {
				return value{}
			}
			return text(*rows[i].name)
		}},
		"n":    {kind: numberField, get: func(i int) value { return number(rows[i].n) }},
		"flag": {kind: boolField, get: func(i int) value { return truth(rows[i].flag) }},
		"at":   {kind: timeField, get: func(i int) value { return instant(rows[i].at) }},
		"tag.name": {all: func(i int) (vs []value) {
			for _, x := range rows[i].tags {
				vs = append(vs, text(x))
			}
			return vs
		}},
		"sorted": {sortOnly: true, get: func(int) value { return value{} }},
	}
}

func sampleRows() []row {
	p := func(s string) *string { return &s }
	day := func(d int) time.Time { return time.Date(2025, 1, d, 12, 0, 0, 0, time.UTC) }
	return []row{
		{p("Fix"), 1, true, day(1), []string{"a", "b"}},
		{p("fix \"it\""), 2, false, day(2), nil},
		{p(`C:\temp`), 3, true, day(3), []string{"b"}},
		{nil, -4, false, time.Time{}, []string{"c"}},
		{p(""), 5, true, day(5), []string{"a"}},
		{p("100%_ÄÖ"), 6, false, day(6), nil},
	}
}

func TestBBQL(t *testing.T) {
	rows := sampleRows()
	fs := rowFields(rows)
	for query, want := range map[string]string{
		`name = "Fix"`:                         "0",
		`name = "fix"`:                         "",
		`name ~ "FIX"`:                         "01",
		`name !~ "fix"`:                        "245",
		`name != "Fix"`:                        "1245",
		`name = null`:                          "3",
		`name != null`:                         "01245",
		`name = ""`:                            "4",
		`name = "fix \"it\""`:                  "1",
		`name = "C:\\temp"`:                    "2",
		`name ~ "\\"`:                          "2",
		`name ~ "%_"`:                          "5",
		`name ~ "äö"`:                          "5",
		`n > 2`:                                "245",
		`n >= 2 and n<=5`:                      "124",
		`n < -3`:                               "3",
		`n = 1 OR n = 2 AND flag = true`:       "0",
		`(n = 1 OR n = 2) AND flag=true`:       "0",
		`(n = 1 or n = 2) aNd flag=FALSE`:      "1",
		`n IN (1, 3,5)`:                        "024",
		`n not in (1,3,5)`:                     "135",
		`name IN ("Fix", null)`:                "03",
		`name NOT IN ("Fix")`:                  "1245",
		`flag = true`:                          "024",
		`flag != true`:                         "135",
		`at > 2025-01-02`:                      "1245",
		`at > 2025-01-02T12:00`:                "245",
		`at >= 2025-01-02T12:00:00.000Z`:       "1245",
		`at < 2025-01-02T13:00:00+02:00`:       "0",
		`at = "2025-01-03T12:00:00"`:           "2",
		`at = null`:                            "3",
		`at != 2025-01-03T12:00:00+00:00`:      "0145",
		`tag.name = "a"`:                       "04",
		`tag.name != "a"`:                      "023",
		`tag.name = null`:                      "15",
		`tag.name IN ("b","c")`:                "023",
		`n=1 OR (n=2 OR (n=3 AND n=4)) OR n=5`: "014",
	} {
		x, err := parseBBQL(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		keep, err := fs.compile(x)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		var got strings.Builder
		for i := range rows {
			if keep(i) {
				fmt.Fprint(&got, i)
			}
		}
		if got.String() != want {
			t.Errorf("%s: rows %s, want %s", query, got.String(), want)
		}
	}
}

func TestBBQLRefuses(t *testing.T) {
	fs := rowFields(sampleRows())
	for _, query := range []string{
		``, `name`, `name =`, `name = Fix`, `name = 'Fix'`, `= 1`, `name = "x`, `name = "x\`, `name = "x" and`, `(name = "x"`, `name = "x")`,
		`name = "a" "b"`, `not (n = 1)`, `n between 1 and 2`, `name like "x"`, `n ! 1`, `n in ()`, `n in 1`, `n in (1`, `n not 1`, `name == "x"`,
		`n = "abc"`, `n = true`, `flag = "true"`, `flag > true`, `name = 5`, `n ~ "1"`, `name ~ null`, `n > null`, `at > "soon"`, `at = true`,
		`missing = 1`, `sorted = "x"`, `name.raw = "x"`, strings.Repeat("(", 200) + "n=1" + strings.Repeat(")", 200), "n = 1 \x00",
	} {
		x, err := parseBBQL(query)
		if err == nil {
			_, err = fs.compile(x)
		}
		if err == nil {
			t.Errorf("%q was accepted", query)
		}
	}
	x, _ := parseBBQL(`summary.raw ~ "x"`)
	if _, err := fs.compile(x); err == nil || err.Error() != `Field ".summary.raw" does not support filtering` {
		t.Errorf("%v", err)
	}
}

func FuzzBBQL(f *testing.F) {
	for _, seed := range []string{`name = "Fix" AND (n IN (1,2) OR at > 2025-01-01T00:00:00+00:00)`, `name ~ "\"`, `((`, `n not in (null)`} {
		f.Add(seed)
	}
	rows := sampleRows()
	fs := rowFields(rows)
	f.Fuzz(func(_ *testing.T, query string) {
		x, err := parseBBQL(query)
		if err != nil {
			return
		}
		keep, err := fs.compile(x)
		if err != nil {
			return
		}
		for i := range rows {
			keep(i)
		}
	})
}

// Which fields each endpoint filters by, and that any other is refused.
func TestFilterableFields(t *testing.T) {
	s := shared()
	for _, c := range []struct{ path, good, bad string }{
		{platform + "/pullrequests", `title ~ "fix"`, `summary.raw ~ "x"`},
		{platform + "/pullrequests", `id > 3`, `participants.user.uuid = "x"`},
		{platform + "/pullrequests", `author.nickname = "ada"`, `author.display_name = "Ada"`},
		{platform + "/pullrequests", `reviewers.uuid = "x"`, `description ~ "x"`},
		{platform + "/pullrequests", `source.repository.full_name = "acme/platform"`, `values.id = 1`},
		{"/2.0/repositories/acme", `project.key = "PLAT"`, `slug = "platform"`},
		{"/2.0/repositories/acme", `updated_on > "2024-01-01T00:00:00"`, `size > 1`},
		{platform + "/refs/branches", `name ~ "feature"`, `type = "branch"`},
		{platform + "/refs/tags", `target.date > 2024-01-01`, `message = "x"`},
		{platform + "/pullrequests/11/comments", `updated_on > 2024-01-01`, `id = 1`},
		{"/2.0/workspaces/acme/members", `user.nickname = "ada"`, `user.display_name ~ "ada"`},
		{"/2.0/workspaces/acme/projects", `key = "PLAT"`, `description ~ "x"`},
		{"/2.0/user/workspaces", `slug = "acme"`, `administrator = true`},
	} {
		get(t, s, c.path+"?"+q(c.good))
		if msg := refuse(t, s, c.path+"?"+q(c.bad), http.StatusBadRequest); !strings.Contains(msg, "does not support filtering") {
			t.Errorf("%s: %q", c.path, msg)
		}
		refuse(t, s, c.path+"?"+q("(("), http.StatusBadRequest)
	}
	for _, path := range []string{platform + "/commits", platform + "/pipelines", platform + "/pullrequests/activity", platform + "/environments/"} {
		plain, filtered := get(t, s, path), get(t, s, path+"?"+q(`(("`))
		if len(values(plain)) == 0 || len(values(plain)) != len(values(filtered)) {
			t.Errorf("%s does not ignore q", path)
		}
	}
}

func TestSort(t *testing.T) {
	s := shared()
	items, _ := all(t, s, anyState+"&sort=updated_on&pagelen=50")
	up := column(items, "updated_on")
	if !slices.IsSortedFunc(up, compareInstants) || len(up) != 120 {
		t.Error("sort=updated_on is not ascending")
	}
	items, _ = all(t, s, anyState+"&sort=-title&pagelen=50")
	down := column(items, "title")
	slices.Reverse(down)
	if !slices.IsSorted(down) {
		t.Error("sort=-title is not descending")
	}
	for _, bad := range []string{"nonsense", "-participants", "title,id", "reviewers.uuid"} {
		refuse(t, s, anyState+"&sort="+bad, http.StatusBadRequest)
	}
	tags, _ := all(t, s, platform+"/refs/tags?sort=name&pagelen=100")
	names := column(tags, "name")
	if i, k := slices.Index(names, "v0.9.0"), slices.Index(names, "v0.10.0"); i < 0 || k < i {
		t.Errorf("natural order: v0.9.0 at %d, v0.10.0 at %d", i, k)
	}
	plain, _ := all(t, s, platform+"/refs/tags?pagelen=100")
	if names := column(plain, "name"); !slices.IsSorted(names) {
		t.Error("the default order is not lexical")
	}
}

func compareInstants(a, b string) int {
	x, _ := parseInstant(a)
	y, _ := parseInstant(b)
	return x.Compare(y)
}
