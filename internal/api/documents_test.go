package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/valyala/fastjson"
)

// tagged serves a document with an entity tag, and counts what it is asked.
type tagged struct {
	version        int
	raw            string
	requests, same int
}

func (s *tagged) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests++
	tag := fmt.Sprintf(`"v%d-%s"`, s.version, r.Header.Get("Authorization"))
	w.Header().Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		s.same++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if s.raw != "" {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, s.raw)
		return
	}
	fmt.Fprintf(w, `{"version":%d,"who":"%s"}`, s.version, r.Header.Get("Authorization"))
}

func version(t *testing.T, ctx context.Context, c *Client, path string) int {
	t.Helper()
	n, err := Get(ctx, c, Request{Path: path}, func(root *fastjson.Value) (int, error) {
		if who := string(root.GetStringBytes("who")); c.auth != nil && who != "Bearer "+path[1:2] {
			t.Errorf("the document of %s", who)
		}
		return root.GetInt("version"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnUnchangedDocumentIsNotSentAgain(t *testing.T) {
	s := &tagged{version: 1}
	c := newClient(t, Options{Transport: serve(s)})
	b := &Budget{}
	ctx := WithBudget(t.Context(), b)
	for range 2 { // it is kept from the second time on
		if version(t, ctx, c, "/x") != 1 || s.same != 0 {
			t.Fatal("a request names a tag too early")
		}
	}
	bytes := b.Bytes()
	for i := range 3 {
		if version(t, ctx, c, "/x") != 1 || s.same != i+1 {
			t.Errorf("%d answers without a body after %d", s.same, i+1)
		}
	}
	if b.Bytes() != bytes || b.Requests() != 5 {
		t.Errorf("%d bytes after %d, %d requests: what is not sent is no bytes, but a request", b.Bytes(), bytes, b.Requests())
	}
	s.version = 2
	if version(t, ctx, c, "/x") != 2 {
		t.Error("an old document was served")
	}
	if same := s.same; version(t, ctx, c, "/x") != 2 || s.same != same+1 {
		t.Error("the new document was not kept")
	}
	if version(t, ctx, c, "/y"); s.requests != 8 {
		t.Errorf("%d requests", s.requests)
	}
}

func TestRawDocumentsAreKept(t *testing.T) {
	s := &tagged{raw: "diff --git"}
	c := newClient(t, Options{Transport: serve(s)})
	for range 4 {
		raw, err := GetRaw(t.Context(), c, Request{Path: "/x"}, Stored)
		if err != nil || string(raw) != "diff --git" {
			t.Fatal(string(raw), err)
		}
		raw[0] = 'X' // it is the caller's
	}
	if s.same != 2 {
		t.Errorf("%d answers without a body", s.same)
	}
}

func TestDocumentsStayWithTheirCredential(t *testing.T) {
	s := &tagged{version: 1}
	a := newClient(t, Options{Transport: serve(s), Auth: Bearer("a")})
	b := newClient(t, Options{Transport: serve(s), Auth: Bearer("b")})
	for range 2 {
		version(t, t.Context(), a, "/a")
	}
	for range 2 {
		version(t, t.Context(), b, "/b")
	}
	if s.same != 0 {
		t.Error("a credential knows the tag of another's document")
	}
	// Another client of the credential knows it.
	version(t, t.Context(), newClient(t, Options{Transport: serve(s), Auth: Bearer("a")}), "/a")
	if s.same != 1 {
		t.Error("a credential forgot the tag of its document")
	}
}

func TestDocumentsAreBounded(t *testing.T) {
	var d documents
	put := func(key string, size int) {
		resp := reply(200, "", "Etag", `"x"`)
		d.put(key, resp, bytes.NewBufferString(strings.Repeat("x", size)))
	}
	twice := func(key string, size int) { put(key, size); put(key, size) }
	if twice("large", keepDocument+1); d.get("large") != nil {
		t.Error("a document is kept that is too large")
	}
	if put("once", 10); d.get("once") != nil {
		t.Error("a document is kept that was asked for once")
	}
	twice("used", 10)
	for i := range 3 * keepDocuments / keepDocument {
		twice(fmt.Sprint("page", i), keepDocument-1000)
		if d.bytes > keepDocuments {
			t.Fatalf("%d bytes are kept", d.bytes)
		}
		if d.get("used") == nil {
			t.Fatal("what is used most goes first")
		}
	}
	if d.get("page0") != nil || d.get("page47") == nil {
		t.Error("what was used last goes first")
	}
	sum := 0
	for e := d.recent.Front(); e != nil; e = e.Next() {
		sum += e.Value.(*document).size()
	}
	if sum != d.bytes || len(d.byKey) != d.recent.Len() {
		t.Errorf("%d bytes are kept, %d are counted", sum, d.bytes)
	}
	if d.clear(); d.bytes != 0 || d.get("used") != nil {
		t.Error("something is left")
	}
}

func TestAnswersThatAreNotToBeKept(t *testing.T) {
	var d documents
	for _, resp := range []*http.Response{reply(200, ""), reply(203, "", "Etag", `"x"`), reply(404, "", "Etag", `"x"`), reply(206, "", "Etag", `"x"`)} {
		for range 3 {
			d.put("x", resp, new(bytes.Buffer))
		}
		if d.get("x") != nil {
			t.Errorf("a %d is kept", resp.StatusCode)
		}
	}
}

// TestABrokenDocumentIsNotKept: its tag would keep it alive.
func TestABrokenDocumentIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := true
		c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
			switch {
			case r.Header.Get("If-None-Match") != "":
				return reply(304, "", "Etag", `"x"`), nil
			case broken:
				return reply(200, `{"version":`, "Etag", `"x"`), nil
			}
			return reply(200, `{"version":1}`, "Etag", `"x"`), nil
		})})
		for range 2 {
			if err := get(t.Context(), c, "/x"); err == nil {
				t.Fatal("no error")
			}
		}
		if broken = false; version(t, t.Context(), c, "/x") != 1 {
			t.Error("not the document")
		}
	})
}
