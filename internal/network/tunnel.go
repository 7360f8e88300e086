package network

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds a proxy's answer to CONNECT, in bytes.
const maxAnswer = 64 << 10

// connectTunnel asks an HTTP proxy for a tunnel to addr (RFC 9110, 9.3.6).
func connectTunnel(conn net.Conn, addr string, user *url.Userinfo, e *ProxyError) error {
	var request strings.Builder
	request.WriteString("CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n")
	if user != nil {
		password, _ := user.Password()
		request.WriteString("Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n")
	}
	request.WriteString("\r\n")
	if _, err := io.WriteString(conn, request.String()); err != nil {
		return err
	}
	reader := bufio.NewReader(io.LimitReader(conn, maxAnswer))
	answer, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		e.Reason, e.Detail = Protocol, "its answer is not HTTP" // the error would quote the answer
		return e
	}
	if err := connectAnswer(e, answer); err != nil {
		return err
	}
	if reader.Buffered() > 0 { // bytes that the connection's next reader would miss; a client of HTTP and TLS speaks first
		e.Reason, e.Detail = Protocol, "it sends data that nobody asked for"
		return e
	}
	return nil
}
