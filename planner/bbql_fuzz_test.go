package planner

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// FuzzBBQL renders comparisons with any text and has the fake's parser, which was written by another hand from Atlassian's
// grammar, read them: what is rendered is well-formed, and a text is read back as itself.
func FuzzBBQL(f *testing.F) {
	for _, s := range []string{"", "fix", `a "quoted" word`, `C:\temp\`, `\"`, `" OR id > 0 OR title = "`, "größe 修复 🚀", "50%", "a_b%c", "\x00", "\xff", "' --", "null", "2026-01-02"} {
		f.Add(s)
	}
	server := bitbucketfake.New(bitbucketfake.Config{PullRequests: 3})
	handler := server.Handler()
	status := func(q string) int {
		r := httptest.NewRequest(http.MethodGet, "/2.0/repositories/acme/platform/pullrequests?"+url.Values{"q": {q}, "fields": {"size"}}.Encode(), nil)
		r.Header.Set("Authorization", "Bearer demo")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	column := &schema.Column{Name: "Title", Type: schema.Text}
	filter := &schema.Filter{Field: "title", Ops: schema.EQ | schema.IN | schema.LIKE}
	f.Fuzz(func(t *testing.T, s string) {
		for _, op := range []Op{schema.EQ, schema.LIKE} {
			r, ok := render(column, filter, op, s)
			if !ok {
				continue
			}
			if code := status(r.text); code != http.StatusOK {
				t.Errorf("%d for q=%s", code, r.text)
			}
		}
		if r, ok := renderList(column, filter, []any{s, "x"}); ok {
			if code := status(r.text + " AND id > 0"); code != http.StatusOK {
				t.Errorf("%d for q=%s", code, r.text)
			}
		}
		if literal, ok := quote(s); ok && unquote(literal) != s {
			t.Errorf("%q is rendered as %s", s, literal)
		}
	})
}

// unquote reads a string literal of BBQL; a quote before its end would end it early.
func unquote(literal string) string {
	var b strings.Builder
	body := strings.TrimSuffix(strings.TrimPrefix(literal, `"`), `"`)
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '\\':
			if i++; i == len(body) {
				return "a backslash at the end"
			}
		case '"':
			return "a bare quote"
		}
		b.WriteByte(body[i])
	}
	return b.String()
}
