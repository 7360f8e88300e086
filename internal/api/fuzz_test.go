package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
)

// FuzzPage answers with arbitrary bodies: a page is a value or an error, and never a panic or a walk without end.
func FuzzPage(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `[]`, `null`, `{"values":[{"id":1}],"next":"https://api.bitbucket.org/2.0/x?page=2"}`,
		`{"size":9223372036854775807,"pagelen":9223372036854775807,"values":[1]}`, `{"size":-1,"page":-1,"pagelen":-1,"values":[]}`,
		`{"size":1e300,"values":[{}],"next":"?"}`, `{"values":{}}`, `{"next":1}`, `{"values":[`, "{\"values\":[\"\\ud800\xff\"]}",
		`{"type":"error","error":{"message":"m","detail":{"required":[1,"a"],"granted":null},"fields":{"a":[{}]}}}`,
		`{"size":5,"pagelen":0,"values":[],"next":"/2.0/x"}`, `<html>`,
	} {
		for _, status := range []int{200, 400, 429, 503} {
			f.Add([]byte(body), status, uint8(0), true)
		}
		f.Add([]byte(body), 200, uint8(1), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int, paging uint8, eager bool) {
		if status < 200 || status > 999 {
			status = 200
		}
		c, err := New(Options{MaxRetries: -1, MaxInFlight: 2, Transport: wire(func(*http.Request) (*http.Response, error) {
			return reply(status, string(body)), nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		defer discard(c)
		ctx := WithBudget(context.Background(), &Budget{Max: 20})
		p := List(c, ListRequest{Request: Request{Path: "/x"}, Paging: Paging(paging % 3), PageLen: 100, Eager: eager, MaxRows: 1000}, ids)
		defer p.Close()
		for range 50 { // pages without a row
			page, err := p.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				var caught *panics.Error
				if errors.As(err, &caught) {
					t.Errorf("%v\n%s", err, caught.Stack)
				}
				if err.Error() == "" || page != nil {
					t.Errorf("page %v with error %q", page, err)
				}
				return
			}
			if page == nil {
				t.Error("no page and no error")
			}
		}
		t.Error("the walk does not end")
	})
}
