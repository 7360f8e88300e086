package network

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// target splits host and port for a SOCKS request.
func target(addr string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseUint(text, 10, 16)
	switch {
	case err != nil || n == 0:
		return "", 0, errors.New("the port of " + addr + " is not a number")
	case host == "" || len(host) > 255:
		return "", 0, errors.New("the host of " + addr + " is empty or longer than 255 bytes")
	}
	return host, uint16(n), nil
}

// connectSOCKS4 asks for a connection by SOCKS 4, or 4a for a name (https://www.openssh.com/txt/socks4a.protocol).
func connectSOCKS4(conn net.Conn, addr, user string, e *ProxyError) error {
	host, port, err := target(addr)
	if err != nil {
		return err
	}
	request := binary.BigEndian.AppendUint16([]byte{4, 1}, port)
	switch ip := net.ParseIP(host); {
	case ip == nil:
		request = append(request, 0, 0, 0, 1) // an address that cannot be: a name follows
		request = append(request, user...)
		request = append(request, 0)
		request = append(request, host...)
	case ip.To4() != nil:
		request = append(request, ip.To4()...)
		request = append(request, user...)
	default:
		e.Reason, e.Detail = Refused, "SOCKS4 has no IPv6 addresses, SOCKS5 does"
		return e
	}
	if _, err := conn.Write(append(request, 0)); err != nil {
		return err
	}
	var answer [8]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != 0 {
		return noSOCKS(e, "SOCKS4")
	}
	e.Detail = fmt.Sprintf("SOCKS4 code %d", answer[1])
	switch answer[1] {
	case 90:
		return nil
	case 91: // "rejected or failed", without saying which
		e.Reason = NoTarget
	case 92, 93: // about the user
		e.Reason = Authentication
	default:
		return noSOCKS(e, "SOCKS4")
	}
	return e
}

// The methods of SOCKS 5.
const (
	socksNoAuth       = 0
	socksUserPassword = 2
)

// connectSOCKS5 asks for a connection by SOCKS 5 (RFC 1928), with a user and password if there is a user (RFC 1929).
func connectSOCKS5(conn net.Conn, addr, user, password string, e *ProxyError) error {
	host, port, err := target(addr)
	if err != nil {
		return err
	}
	if err := signInSOCKS5(conn, user, password, e); err != nil {
		return err
	}
	request := []byte{5, 1, 0}
	switch ip := net.ParseIP(host); {
	case ip == nil:
		request = append(append(request, 3, byte(len(host))), host...)
	case ip.To4() != nil:
		request = append(append(request, 1), ip.To4()...)
	default:
		request = append(append(request, 4), ip...)
	}
	if _, err := conn.Write(binary.BigEndian.AppendUint16(request, port)); err != nil {
		return err
	}
	var answer [4]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != 5 {
		return noSOCKS(e, "SOCKS5")
	}
	if err := socks5Reply(answer[1], e); err != nil {
		return err
	}
	return skipBound(conn, answer[3], e)
}

// signInSOCKS5 agrees on a method and signs in.
func signInSOCKS5(conn net.Conn, user, password string, e *ProxyError) error {
	methods := []byte{5, 1, socksNoAuth}
	if user != "" {
		methods = []byte{5, 2, socksNoAuth, socksUserPassword}
	}
	if _, err := conn.Write(methods); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	switch {
	case answer[0] != 5:
		return noSOCKS(e, "SOCKS5")
	case answer[1] == socksNoAuth:
		return nil
	case answer[1] == 0xff && user == "":
		e.Reason, e.Detail = Authentication, "it does not serve without"
		return e
	case answer[1] == 0xff:
		e.Reason, e.Detail = Refused, "it takes neither a user with a password nor none"
		return e
	case answer[1] != socksUserPassword || user == "":
		return noSOCKS(e, "SOCKS5")
	}
	request := append([]byte{1, byte(len(user))}, user...)
	request = append(append(request, byte(len(password))), password...)
	if _, err := conn.Write(request); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != 1 && answer[0] != 5 { // 5 is what some servers answer
		return noSOCKS(e, "SOCKS5")
	}
	if answer[1] != 0 {
		e.Reason, e.Detail = Authentication, fmt.Sprintf("SOCKS5 status %d", answer[1])
		return e
	}
	return nil
}

// socks5Reply reads the code of an answer (RFC 1928, 6).
func socks5Reply(code byte, e *ProxyError) error {
	meanings := []string{
		"", "general failure", "not allowed by its rules", "network unreachable", "host unreachable",
		"connection refused", "time to live expired", "command not supported", "address type not supported",
	}
	switch {
	case code == 0:
		return nil
	case int(code) >= len(meanings):
		e.Reason, e.Detail = NoTarget, fmt.Sprintf("SOCKS5 code %d", code)
		return e
	}
	e.Reason, e.Detail = NoTarget, meanings[code]
	if code == 2 || code >= 7 {
		e.Reason = Refused
	}
	return e
}

// skipBound reads over the address at the firewall's end, so that the next byte is the target's.
func skipBound(conn net.Conn, kind byte, e *ProxyError) error {
	var size int64
	switch kind {
	case 1:
		size = net.IPv4len
	case 3:
		var length [1]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return err
		}
		size = int64(length[0])
	case 4:
		size = net.IPv6len
	default:
		return noSOCKS(e, "SOCKS5")
	}
	_, err := io.CopyN(io.Discard, conn, size+2) // and the port
	return err
}

func noSOCKS(e *ProxyError, protocol string) error {
	e.Reason, e.Detail = Protocol, "its answer is not "+protocol
	return e
}
