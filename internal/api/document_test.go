package api

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestADocumentIsNoPageOfAProxy answers for documents with what stands in their place on the way, and with those that look like it.
func TestADocumentIsNoPageOfAProxy(t *testing.T) {
	const page = "<!DOCTYPE html><html><body>Sign in, zoe@example.com</body></html>"
	attached := http.Header{"Content-Type": {"text/html"}, "Content-Disposition": {`attachment; filename="index.html"`}}
	for _, test := range []struct {
		name   string
		kind   Document
		header http.Header
		body   string
		fault  string
	}{
		{"a diff", Plain, http.Header{"Content-Type": {"text/plain"}}, "diff --git a/x b/x", ""},
		{"a diff of pages", Plain, http.Header{"Content-Type": {"text/plain"}}, page, ""},
		{"a log without a type", Plain, nil, "+ make test\n<html>", ""},
		{"a sign-in for a diff", Plain, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, page, "HTML"},
		{"a sign-in without a type", Plain, nil, page, "HTML"},
		{"XHTML for a log", Plain, http.Header{"Content-Type": {"Application/XHTML+XML"}}, page, "HTML"},
		{"an attachment for a diff", Plain, attached, page, "HTML"},
		{"JSON for a diff", Plain, http.Header{"Content-Type": {"application/json"}}, "{}", "JSON"},
		{"an encoded diff", Plain, http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"br"}}, "\x0b\x02", "encoded as br"},
		{"an encoded file", Stored, http.Header{"Content-Type": {"text/html"}, "Content-Disposition": {"attachment"}, "Content-Encoding": {"zstd"}}, page, "encoded as zstd"},
		{"a file in pieces that are put together", Stored, http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"aws-chunked"}}, "x", ""},
		{"a page as a file", Stored, attached, page, ""},
		{"JSON as a file", Stored, http.Header{"Content-Type": {"application/json"}}, "{}", ""},
		{"a sign-in for a file", Stored, http.Header{"Content-Type": {"text/html"}}, page, "HTML"},
		{"a sign-in for a file, to be shown", Stored, http.Header{"Content-Type": {"text/html"}, "Content-Disposition": {"inline"}}, page, "HTML"},
		{"a sign-in for a file without a type", Stored, nil, page, "HTML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
				header := test.header.Clone()
				if header == nil {
					header = http.Header{}
				}
				return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader(test.body))}, nil
			})})
			got, err := GetRaw(t.Context(), c, Request{Path: "/document"}, test.kind)
			if test.fault == "" {
				if err != nil || string(got) != test.body {
					t.Errorf("%q: %v", got, err)
				}
				return
			}
			var content *ContentError
			if !errors.As(err, &content) || content.Path != "/document" || !strings.Contains(content.Reason, test.fault) || got != nil {
				t.Fatalf("%q: the error is %v", got, err)
			}
			if strings.Contains(err.Error(), "zoe") {
				t.Errorf("the error tells the content: %v", err)
			}
		})
	}
}

// TestAKeptPageIsStillAFile reads a page of HTML again and again: an answer 304 does not repeat how it is to be shown.
func TestAKeptPageIsStillAFile(t *testing.T) {
	unchanged := 0
	c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("If-None-Match") == `"a"` {
			unchanged++
			return reply(304, "", "Etag", `"a"`), nil
		}
		return reply(200, "<html>", "Etag", `"a"`, "Content-Type", "text/html", "Content-Disposition", "attachment"), nil
	})})
	for range 4 {
		if body, err := GetRaw(t.Context(), c, Request{Path: "/src/x/index.html"}, Stored); err != nil || string(body) != "<html>" {
			t.Errorf("%q: %v", body, err)
		}
	}
	if unchanged != 2 {
		t.Errorf("%d answers 304, want 2", unchanged)
	}
}
