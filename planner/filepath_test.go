package planner

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Slashes between the names of a path stay slashes, all else is escaped, and nothing climbs out of the tree.
func TestFilePaths(t *testing.T) {
	r := &Relation{Workspace: "acme", Repository: "platform"}
	listing := &schema.Endpoint{
		Path: "/repositories/{workspace}/{repo_slug}/src/{commit}/{path}", TrailingSlash: true,
		Forms: map[string]schema.Form{"path": schema.PathForm},
	}
	contents := *listing
	contents.TrailingSlash = false
	for _, test := range []struct {
		endpoint *schema.Endpoint
		path     string
		want     string
	}{
		{listing, "/", "/repositories/acme/platform/src/a%2Fb/"},
		{listing, "docs", "/repositories/acme/platform/src/a%2Fb/docs/"},
		{listing, "/docs/a b/", "/repositories/acme/platform/src/a%2Fb/docs/a%20b/"},
		{&contents, "docs/100% & more/#1?.txt", "/repositories/acme/platform/src/a%2Fb/docs/100%25%20&%20more/%231%3F.txt"},
		{&contents, "ü.md", "/repositories/acme/platform/src/a%2Fb/%C3%BC.md"},
	} {
		if got := r.Path(test.endpoint, Binding{"commit": "a/b", "path": test.path}); got != test.want {
			t.Errorf("%q is requested as %s, not %s", test.path, got, test.want)
		}
	}
	for path, want := range map[string]bool{
		"/": true, "a": true, "/a/b/": true, "..a/b..": true, "...": true,
		"": false, "//": false, "..": false, ".": false, "a/../b": false, "a//b": false, "/../": false, "a/./b": false, "a//": false,
	} {
		if got := hasForm(schema.PathForm, path); got != want {
			t.Errorf("%q has the form of a path: %t", path, got)
		}
	}
}
