package bitbucketfake

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const octets = "application/octet-stream"

// bytes answers with what is no JSON, whole or the one range that was asked for (RFC 9110, section 14).
func (rq *request) bytes(body []byte, contentType string) {
	rq.plain = true
	tag := etag(body)
	rq.header.Set("Etag", tag)
	rq.header.Set("Accept-Ranges", "bytes")
	rq.header.Set("Content-Type", contentType)
	if match := rq.r.Header.Get("If-None-Match"); match == "*" || match != "" && strings.Contains(match, tag) {
		rq.status, rq.enc.b = http.StatusNotModified, rq.enc.b[:0]
		rq.header.Del("Content-Type")
		return
	}
	asked := rq.r.Header.Get("Range")
	if ifRange := rq.r.Header.Get("If-Range"); ifRange != "" && ifRange != tag {
		asked = ""
	}
	from, to, kind := byteRange(asked, len(body))
	switch kind {
	case http.StatusRequestedRangeNotSatisfiable:
		rq.fail(kind, "Requested range not satisfiable")
		rq.header.Set("Content-Type", "application/json; charset=utf-8")
		rq.header.Set("Content-Range", "bytes */"+strconv.Itoa(len(body)))
		return
	case http.StatusPartialContent:
		rq.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body)))
		rq.status = kind
	}
	rq.enc.b = append(rq.enc.b[:0], body[from:to]...)
}

// byteRange reads a Range header for a body of n bytes. A header that is no single range of bytes counts for nothing.
func byteRange(header string, n int) (from, to, status int) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	if !ok || !dash {
		return 0, n, http.StatusOK
	}
	if first == "" {
		k, err := strconv.Atoi(last)
		switch {
		case err != nil || k < 0:
			return 0, n, http.StatusOK
		case k == 0 || n == 0:
			return 0, 0, http.StatusRequestedRangeNotSatisfiable
		}
		return max(n-k, 0), n, http.StatusPartialContent
	}
	from, err := strconv.Atoi(first)
	if err != nil || from < 0 {
		return 0, n, http.StatusOK
	}
	to = n
	if last != "" {
		k, err := strconv.Atoi(last)
		if err != nil || k < from {
			return 0, n, http.StatusOK
		}
		to = min(k+1, n)
	}
	if from >= n {
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	}
	return from, to, http.StatusPartialContent
}
