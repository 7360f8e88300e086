package bitbucketfake

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// bucketPath is where downloads and large files are, outside the API. Its addresses are signed, and it refuses
// requests that bring an Authorization as well, as the service's storage does.
const bucketPath = "/_bucket/"

// bucketURL is the signed address of a stored object. When the server is asked by a loopback address, the storage has
// another host name, so that a client shows whether it keeps its credential to itself.
func (rq *request) bucketURL(name string) string {
	base := rq.base
	if u, err := url.Parse(base); err == nil {
		host := map[string]string{"127.0.0.1": "localhost", "::1": "localhost", "localhost": "127.0.0.1"}[u.Hostname()]
		if host != "" && u.Port() != "" {
			base = "http://" + net.JoinHostPort(host, u.Port())
		}
	}
	return base + bucketPath + escapePath(name) + "?Signature=" + signature(name) + "&Expires=1796000000"
}

func signature(name string) string { return strconv.FormatUint(salt(42, name), 36) }

func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request) {
	s.stats.begin(r)
	defer s.stats.end()
	name := strings.TrimPrefix(r.URL.Path, bucketPath)
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>" + code + "</Code></Error>"))
	}
	switch {
	case r.Header.Get("Authorization") != "":
		refuse(http.StatusBadRequest, "InvalidArgument")
		return
	case r.URL.Query().Get("Signature") != signature(name):
		refuse(http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	content, ok := s.stored(name)
	if !ok {
		content = storedContent(name)
	}
	s.stats.bytes.Add(int64(len(content)))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Etag", etag(content))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// storedContent is what an object holds: its name, over and over, as long as its name says.
func storedContent(name string) []byte {
	return bytes.Repeat([]byte(name+"\n"), int(storedSize(name))/(len(name)+1))
}

func storedSize(name string) int64 {
	return int64(1+salt(7, name)%40) * int64(len(name)+1)
}
