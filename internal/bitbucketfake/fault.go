package bitbucketfake

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind int

// The kinds of faults. Those from FaultCut on spoil the answer that the request would have had.
const (
	FaultStatus       FaultKind = iota // answer Status (default 500) with Body, JSON or HTML by its first character
	FaultRateLimit                     // 429 with RetryAfter when set; Body, or JSON in the service's words
	FaultUnauthorized                  // 401, the token was revoked
	FaultScope                         // 403, the credential lacks the scope in Body (default "repository")
	FaultGone                          // 410 CHANGE-2770
	FaultPipelinesOff                  // 404, as from a repository without Pipelines
	FaultHTML                          // Body, or a page of HTML, with status 200
	FaultHang                          // no answer until the client leaves or the server closes
	FaultLatency                       // Delay, then the right answer
	FaultCut                           // the connection breaks in the middle of the body
	FaultTruncate                      // half of the JSON, framed as if it were all
	FaultDrip                          // the body in 16 pieces, Delay apart
	FaultHeader                        // the right answer, with the headers of Header
	FaultNext                          // next leads to Host ("http://other:1234")
)

// Fault is one thing to go wrong, for the requests whose path and query contain Path (all, when empty): the first After
// of them are spared, then Times are hit (0: all that follow).
type Fault struct {
	Path       string
	After      int
	Times      int
	Kind       FaultKind
	Status     int
	RetryAfter string
	Header     map[string]string // set on whatever the answer is
	Body       string
	Delay      time.Duration
	Host       string
}

// Faults are tried in order; the first that is due for a request happens, and delays of FaultLatency before it.
type Faults []Fault

type faults struct {
	mu   sync.Mutex
	list Faults
	seen []int
}

// SetFaults replaces the faults and their counts; nil ends them.
func (s *Server) SetFaults(f Faults) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(Faults(nil), f...)
	s.faults.seen = make([]int, len(f))
}

// due finds what happens to a request.
func (f *faults) due(r *http.Request) (hit *Fault, delay time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return nil, 0
	}
	where := r.URL.EscapedPath() + "?" + r.URL.RawQuery
	for i := range f.list {
		x := &f.list[i]
		if x.Path != "" && !strings.Contains(where, x.Path) {
			continue
		}
		if hit != nil && x.Kind != FaultLatency {
			continue
		}
		f.seen[i]++
		if n := f.seen[i] - x.After; n <= 0 || (x.Times > 0 && n > x.Times) {
			continue
		}
		if x.Kind == FaultLatency {
			delay += x.Delay
			continue
		}
		c := *x
		hit = &c
	}
	return hit, delay
}

func (f *Fault) setHeader(h http.Header) {
	for k, v := range f.Header {
		h.Set(k, v)
	}
	if f.RetryAfter != "" {
		h.Set("Retry-After", f.RetryAfter)
	}
}

// instead answers for a fault that replaces the answer, and says whether it did.
func (f *Fault) instead(rq *request) bool {
	switch f.Kind {
	case FaultStatus:
		rq.status = f.Status
		if rq.status == 0 {
			rq.status = http.StatusInternalServerError
		}
		rq.faultBody(f.Body, `{"type":"error","error":{"message":"Something went wrong"}}`)
	case FaultRateLimit:
		rq.status = http.StatusTooManyRequests
		rq.faultBody(f.Body, `{"type":"error","error":{"message":"Rate limit for this resource has been exceeded"}}`)
	case FaultUnauthorized:
		rq.unauthorized(badToken)
	case FaultScope:
		scope := f.Body
		if scope == "" {
			scope = "repository"
		}
		rq.missingScope(scope)
	case FaultGone:
		rq.gone2770()
	case FaultPipelinesOff:
		rq.pipelinesOff()
	case FaultHTML:
		rq.status = http.StatusOK
		rq.faultBody(f.Body, htmlPage("Bitbucket", 2000))
	default:
		return false
	}
	return true
}

// faultBody writes text and calls it what it looks like: JSON, HTML or plain text.
func (rq *request) faultBody(text, otherwise string) {
	if text == "" {
		text = otherwise
	}
	rq.enc.b = append(rq.enc.b[:0], text...)
	rq.plain = true
	kind := "text/plain; charset=utf-8"
	switch text[0] {
	case '{', '[':
		kind = "application/json; charset=utf-8"
	case '<':
		kind = "text/html; charset=utf-8"
	}
	rq.header.Set("Content-Type", kind)
}

// spoil sends the right body in the wrong way.
func (f *Fault) spoil(rq *request, w http.ResponseWriter, body []byte) {
	switch f.Kind {
	case FaultCut:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rq.status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case FaultTruncate:
		body = body[:len(body)/2]
	case FaultDrip:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rq.status)
		for piece := len(body)/16 + 1; len(body) > 0; {
			n := min(piece, len(body))
			if _, err := w.Write(body[:n]); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			if body = body[n:]; len(body) > 0 && !rq.s.pause(rq.r, f.Delay) {
				return
			}
		}
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(rq.status)
	_, _ = w.Write(body)
}

// htmlPage is an error page of at least size bytes that, like the service's, holds the caller's profile.
func htmlPage(title string, size int) string {
	var b strings.Builder
	_, _ = io.WriteString(&b, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>"+title+"</title></head><body data-current-user='{\"displayName\": \"Ada Lindqvist\"}'>\n")
	for b.Len() < size {
		b.WriteString("<div class=\"aui-page-panel\"><p>" + title + "</p></div>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}
