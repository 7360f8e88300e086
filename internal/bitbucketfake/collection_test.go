package bitbucketfake

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// with adds a query to a path that may have one.
func with(path, query string) string {
	if strings.Contains(path, "?") {
		return path + "&" + query
	}
	return path + "?" + query
}

// paged wants n items, with their size on the first page, and the same ones from pages of three.
func paged(t *testing.T, s *Server, path string, n int) []map[string]any {
	t.Helper()
	first := get(t, s, path)
	if size, ok := first["size"].(float64); !ok || int(size) != n || first["page"] != 1.0 {
		t.Errorf("%s: size %v, page %v, want %d", path, first["size"], first["page"], n)
	}
	items, pages := all(t, s, path)
	if len(items) != n {
		t.Fatalf("%s: %d items, want %d", path, len(items), n)
	}
	if pagelen := int(first["pagelen"].(float64)); pages != max(1, (n+pagelen-1)/pagelen) {
		t.Errorf("%s: %d pages of %d", path, pages, pagelen)
	}
	small, pages := all(t, s, with(path, "pagelen=3"))
	if !reflect.DeepEqual(small, items) || pages != max(1, (n+2)/3) {
		t.Errorf("%s: pages of three have other items, or are %d", path, pages)
	}
	if a := ask(s, path); a.header.Get("Etag") == "" {
		t.Errorf("%s: no ETag", path)
	} else if b := ask(s, path, "If-None-Match", a.header.Get("Etag")); b.status != http.StatusNotModified || len(b.body) > 0 {
		t.Errorf("%s: %d to its own tag", path, b.status)
	}
	refuse(t, s, with(path, "pagelen=501"), http.StatusBadRequest)
	refuse(t, s, with(path, "page=77"), http.StatusNotFound)
	return items
}

// keyed wants every item of a list at the address that key makes, as the list has it, and 404 for another key.
func keyed(t *testing.T, s *Server, path string, items []map[string]any, key func(m map[string]any) string) {
	t.Helper()
	for _, m := range items {
		if one := get(t, s, path+"/"+key(m)); !reflect.DeepEqual(one, m) {
			t.Errorf("%s/%s differs from the list:\n%v\n%v", path, key(m), one, m)
		}
	}
	refuse(t, s, path+"/none", http.StatusNotFound)
	refuse(t, s, path+"/none/more/and/more", http.StatusNotFound)
}

// scoped wants the scope that an answer names.
func scoped(t *testing.T, s *Server, path, scope string) {
	t.Helper()
	if got := ask(s, path).header.Get("X-Accepted-Oauth-Scopes"); got != scope {
		t.Errorf("%s: scope %q, want %q", path, got, scope)
	}
}
