package bitbucketfake

import (
	"hash/crc32"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// request is one request being answered: handlers write the body into enc, or fail.
type request struct {
	s      *Server
	r      *http.Request
	query  url.Values
	path   string // as it came, escaped
	base   string // scheme and host of next links
	scope  string // what the endpoint accepts
	caller caller
	enc    encoder
	status int
	header http.Header
	plain  bool // no ETag
}

var requests = sync.Pool{New: func() any { return new(request) }}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, bucketPath) {
		s.serveBucket(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/_") {
		s.serveStats(w, r)
		return
	}
	s.stats.begin(r)
	end := sync.OnceFunc(s.stats.end)
	defer end()
	fault, delay := s.faults.due(r)
	if !s.pause(r, delay+time.Duration(s.latency.Load())) {
		return
	}
	if fault != nil && fault.Kind == FaultHang {
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	}
	rq, _ := requests.Get().(*request)
	defer requests.Put(rq)
	rq.begin(s, w, r)
	if fault == nil || !fault.instead(rq) {
		if fault != nil && fault.Kind == FaultNext {
			rq.base = fault.Host
		}
		rq.answer()
	}
	if fault != nil {
		fault.setHeader(rq.header)
	} else {
		end() // the client may have the whole answer, and ask again, before this goroutine knows that it is sent
	}
	rq.send(w, fault)
}

// pause waits, unless the client leaves or the server closes first.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

func (rq *request) begin(s *Server, w http.ResponseWriter, r *http.Request) {
	buf, stack := rq.enc.b, rq.enc.stack
	*rq = request{s: s, r: r, path: r.URL.EscapedPath(), base: "http://" + r.Host, status: http.StatusOK, header: w.Header()}
	rq.enc.b, rq.enc.stack = buf, stack
	rq.enc.reset(everything)
	rq.header.Set("Content-Type", "application/json; charset=utf-8")
	if skew := s.skew.Load(); skew != 0 {
		rq.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	}
}

// answer checks method and credential, then lets the router find the handler.
func (rq *request) answer() {
	if strings.HasPrefix(rq.path, oauthPath) {
		rq.answerOAuth()
		return
	}
	if rq.r.Method != http.MethodGet && rq.r.Method != http.MethodHead {
		rq.fail(http.StatusMethodNotAllowed, "Method not allowed")
		return
	}
	who, refusal := rq.s.caller(rq.r)
	if refusal != "" {
		rq.unauthorized(refusal)
		return
	}
	rq.caller = who
	if who.anonymous && !rq.spendAnonymous() || !who.anonymous && !rq.spendHourly() {
		return
	}
	query, err := url.ParseQuery(rq.r.URL.RawQuery)
	if err != nil {
		rq.fail(http.StatusBadRequest, "Bad request")
		return
	}
	rq.query = query
	rq.enc.reset(parseFields(query.Get("fields")))
	rq.scope = "repository"
	rq.route()
	rq.demandScope()
	if who.anonymous {
		return
	}
	rq.header.Set("X-Credential-Type", who.kind)
	rq.header.Set("X-Oauth-Scopes", strings.Join(who.scopes, ", "))
	rq.header.Set("X-Accepted-Oauth-Scopes", rq.scope)
}

// fail answers with the service's error envelope. It returns false, for handlers that pass it on.
func (rq *request) fail(status int, message string) bool {
	return rq.failDetail(status, message, "")
}

func (rq *request) failDetail(status int, message, detail string) bool {
	rq.status, rq.plain = status, true
	e := &rq.enc
	e.reset(everything)
	e.begin()
	e.str("type", "error")
	if e.open("error") {
		e.str("message", message)
		if detail != "" {
			e.str("detail", detail)
		}
		e.close()
	}
	e.end()
	return false
}

// gone2770 is the answer of the cross-workspace endpoints since April 2026.
func (rq *request) gone2770() {
	const data = `"data":{"announcement_url":"https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}`
	rq.status, rq.plain = http.StatusGone, true
	rq.enc.b = append(rq.enc.b[:0], `{"type":"error","error":{"message":"CHANGE-2770 - Functionality has been deprecated",`+
		`"detail":"Please read the changelog entry for more details.",`+data+`},`+data+`}`...)
}

// commitNotFound is the 404 of a revision; it repeats its data outside the error.
func (rq *request) commitNotFound(rev string) {
	data := append(appendString([]byte(`"data":{"shas":[`), rev), "]}"...)
	rq.status, rq.plain = http.StatusNotFound, true
	b := append(rq.enc.b[:0], `{"type":"error","error":{"message":"Commit not found",`...)
	b = append(append(append(b, data...), "},"...), data...)
	rq.enc.b = append(b, '}')
}

func (rq *request) html(status int, title string, size int) {
	rq.status, rq.plain = status, true
	rq.enc.b = append(rq.enc.b[:0], htmlPage(title, size)...)
	rq.header.Set("Content-Type", "text/html; charset=utf-8")
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// etag names a body by two checksums, which processors compute faster than the body is written.
func etag(body []byte) string {
	x := uint64(crc32.ChecksumIEEE(body))<<32 | uint64(crc32.Checksum(body, castagnoli))
	return `"` + strconv.FormatUint(x, 16) + "-" + strconv.Itoa(len(body)) + `"`
}

func (rq *request) send(w http.ResponseWriter, fault *Fault) {
	body := rq.enc.b
	if !rq.plain {
		tag := etag(body)
		rq.header.Set("Etag", tag)
		if match := rq.r.Header.Get("If-None-Match"); match == "*" || match != "" && strings.Contains(match, tag) {
			rq.header.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	rq.s.stats.bytes.Add(int64(len(body)))
	if fault != nil {
		fault.spoil(rq, w, body)
		return
	}
	if rq.status != http.StatusNoContent && rq.status != http.StatusNotModified {
		rq.header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(rq.status)
	_, _ = w.Write(body)
}
