package thirdparty

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// usage notes what of the tables' declarations requests have used.
type usage struct {
	paths map[string]bool     // paths of the document
	text  map[string][]string // what q, sort and other parameters held, by "path parameter"
}

func newUsage() *usage { return &usage{make(map[string]bool), make(map[string][]string)} }

func (u *usage) note(d *document, x *exchange) {
	_, path, _, problem := d.find(strings.TrimPrefix(x.url.EscapedPath(), "/2.0/"))
	if problem != "" {
		path = young(x)
	}
	u.paths[path] = true
	for name, values := range x.url.Query() {
		u.text[path+" "+name] = append(u.text[path+" "+name], values...)
	}
}

// check reports declarations that no request used: they are either wrong or not proven by this test.
func (u *usage) check(t *testing.T) {
	t.Helper()
	says := func(path, parameter, word string) bool {
		for _, text := range u.text[path+" "+parameter] {
			if text == word || parameter == "q" && mentions(text, word) {
				return true
			}
		}
		return false
	}
	endpoints(func(table *schema.Table, e *schema.Endpoint, _ bool) {
		if !u.paths[e.Path] {
			t.Errorf("%s: no statement has used GET %s", table.Name, e.Path)
			return
		}
		for _, f := range e.Filters {
			if f.Field != "" && !says(e.Path, e.Query, f.Field) {
				t.Errorf("%s: no statement has sent a condition on %s as %s", table.Name, f.Column, f.Field)
			}
			if f.Param != "" && len(u.text[e.Path+" "+f.Param]) == 0 {
				t.Errorf("%s: no statement has sent a condition on %s as %s", table.Name, f.Column, f.Param)
			}
		}
		for _, s := range e.Sorts {
			if !says(e.Path, "sort", s.Field) || !says(e.Path, "sort", "-"+s.Field) {
				t.Errorf("%s: no statement has sent ORDER BY %s as sort=%s and sort=-%s", table.Name, s.Column, s.Field, s.Field)
			}
		}
	})
}

// mentions tells whether BBQL compares the field: it stands at the beginning of a term.
func mentions(bbql, field string) bool {
	for i := 0; ; {
		at := strings.Index(bbql[i:], field+" ")
		if at < 0 {
			return false
		}
		if at += i; at == 0 || strings.ContainsRune(" (", rune(bbql[at-1])) {
			return true
		}
		i = at + 1
	}
}
