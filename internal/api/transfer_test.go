package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestBrokenTransfers has a server say half of what it has to say, in each of the ways that HTTP knows. That is never a page, nor
// a document, and the error names what was asked for.
func TestBrokenTransfers(t *testing.T) {
	const body = `{"size":1,"page":1,"pagelen":10,"values":[{"id":1,"title":"a long enough title"}]}`
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	gz := packed.String()
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, answer := range map[string]string{
		"gzip, cut":                        head + fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n%s", gz[:40]),
		"gzip, cut, in whole chunks":       head + fmt.Sprintf("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n%s\r\n0\r\n\r\n", gz[:40]),
		"gzip, another sum":                head + "Content-Encoding: gzip\r\n\r\n" + gz[:len(gz)-8] + "\x01\x02\x03\x04" + gz[len(gz)-4:],
		"gzip, with more":                  head + "Content-Encoding: gzip\r\n\r\n" + gz + "more",
		"gzip in name only":                head + "Content-Encoding: gzip\r\n\r\n" + body,
		"longer than it is":                head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body)+1, body),
		"shorter than it is":               head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body)-1, body),
		"of two lengths":                   head + fmt.Sprintf("Content-Length: %d\r\nContent-Length: 3\r\n\r\n%s", len(body), body),
		"chunk cut in a text":              head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(body), body[:60]),
		"chunks without the last":          head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body),
		"chunk of no length":               head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body,
		"cut where the connection closes":  head + "\r\n" + body[:60],
		"closed behind the header":         head + "Content-Length: 9\r\n\r\n",
		"closed at once":                   "",
		"something else than HTTP":         "220 mail.example.com ESMTP\r\n",
		"header without end":               head + "X: " + strings.Repeat("x", 11<<20) + "\r\n\r\n" + body,
		"part of what was asked for":       "HTTP/1.1 206 Partial Content\r\nContent-Type: application/json\r\nContent-Range: bytes 0-84/900\r\n\r\n" + body,
		"not modified, without a question": "HTTP/1.1 304 Not Modified\r\n\r\n",
		"another protocol":                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(conn, answer)
				_ = conn.Close()
			}))
			defer server.Close()
			c := newClient(t, Options{BaseURL: server.URL + "/2.0", MaxRetries: -1, Timeout: time.Minute})
			rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10}, ids))
			if err == nil || len(rows) > 0 || !strings.HasPrefix(err.Error(), "bitbucket: GET /x: ") {
				t.Errorf("rows %v, and the error is %v", rows, err)
			}
			if strings.HasPrefix(name, "gzip") || name == "shorter than it is" || name == "cut where the connection closes" {
				return // no document could tell, or it is not about the length
			}
			if raw, err := GetRaw(t.Context(), c, Request{Path: "/raw"}, Stored); err == nil {
				t.Errorf("a document of %d bytes", len(raw))
			}
		})
	}
}

// TestABrokenConnectionIsTriedAgain has the server break off the first answers, over both versions of HTTP: a reset connection, a
// reset stream, and a connection that the server wants no more of.
func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	for _, two := range []bool{false, true} {
		for name, fault := range map[string]func(http.ResponseWriter){
			"before the header": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
			"in the body": func(w http.ResponseWriter) {
				_, _ = io.WriteString(w, `{"size":1,"values":[{"id":`)
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			},
			"reset": func(w http.ResponseWriter) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					panic(http.ErrAbortHandler) // HTTP/2 has streams
				}
				if tcp, ok := conn.(*net.TCPConn); ok {
					_ = tcp.SetLinger(0)
				}
				_ = conn.Close()
			},
			"last of its connection": func(w http.ResponseWriter) {
				w.Header().Set("Connection", "close") // GOAWAY in HTTP/2
				w.WriteHeader(http.StatusServiceUnavailable)
			},
		} {
			t.Run(fmt.Sprintf("%s/%v", name, two), func(t *testing.T) {
				t.Parallel()
				var broken, version atomic.Int32
				l := &listing{size: 95}
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					version.Store(int32(r.ProtoMajor))
					if n := broken.Add(1); n == 1 || n == 4 {
						fault(w)
						return
					}
					l.ServeHTTP(w, r)
				}))
				server.EnableHTTP2 = two
				if two {
					server.StartTLS()
				} else {
					server.Start()
				}
				defer server.Close()
				c := newClient(t, Options{BaseURL: server.URL, Transport: server.Client().Transport})
				rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10}, ids))
				if err != nil {
					t.Fatal(err)
				}
				wantRows(t, rows, 95)
				if (version.Load() == 2) != two || broken.Load() != 12 {
					t.Errorf("HTTP/%d, %d requests", version.Load(), broken.Load())
				}
			})
		}
	}
}

// TestASilentServerEndsWithTheTimeout has the server never answer, or never end an answer.
func TestASilentServerEndsWithTheTimeout(t *testing.T) {
	for name, begin := range map[string]string{"nothing": "", "a beginning": `{"size":`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if begin != "" {
					_, _ = io.WriteString(w, begin)
					_ = http.NewResponseController(w).Flush()
				}
				<-r.Context().Done()
			}))
			defer server.Close()
			c := newClient(t, Options{BaseURL: server.URL, Timeout: 50 * time.Millisecond})
			_, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}}, ids))
			var timeout *TimeoutError
			if !errors.As(err, &timeout) || timeout.Path != "/x" {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
