package proxyfake

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
)

var errProtocol = errors.New("proxyfake: not this protocol")

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		if !p.track(conn) {
			return
		}
		p.serving.Go(func() {
			defer p.drop(conn)
			reader := bufio.NewReader(conn)
			serve := p.serveSOCKS5
			if p.config.Kind == SOCKS4 {
				serve = p.serveSOCKS4
			}
			if target, err := serve(conn, reader); err == nil {
				p.join(conn, reader, target)
			}
		})
	}
}

// connect connects with the target of a request; refused tells that Resolve does not want it.
func (p *Proxy) connect(host string, port uint16) (conn net.Conn, refused bool, err error) {
	target := net.JoinHostPort(host, strconv.Itoa(int(port)))
	to := p.resolve(target)
	if to == "" {
		return nil, true, nil
	}
	p.allow(string(p.config.Kind) + " " + target)
	conn, err = net.Dial("tcp", to)
	return conn, false, err
}

func (p *Proxy) serveSOCKS4(conn net.Conn, r *bufio.Reader) (net.Conn, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	if head[0] != 4 || head[1] != 1 {
		return nil, errProtocol
	}
	user, err := r.ReadString(0)
	if err != nil {
		return nil, err
	}
	host := net.IP(head[4:]).String()
	if strings.HasPrefix(host, "0.0.0.") {
		if host, err = r.ReadString(0); err != nil {
			return nil, err
		}
		host = strings.TrimSuffix(host, "\x00")
	}
	answer := func(code byte) error {
		_, err := conn.Write([]byte{0, code, 0, 0, 0, 0, 0, 0})
		return err
	}
	if strings.TrimSuffix(user, "\x00") != p.config.User {
		p.refuse()
		return nil, errors.Join(errProtocol, answer(93))
	}
	target, refused, err := p.connect(host, binary.BigEndian.Uint16(head[2:]))
	if refused || err != nil {
		return nil, errors.Join(errProtocol, answer(91))
	}
	return target, answer(90)
}

func (p *Proxy) serveSOCKS5(conn net.Conn, r *bufio.Reader) (net.Conn, error) {
	if err := p.signInSOCKS5(conn, r); err != nil {
		return nil, err
	}
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := map[byte]int{1: net.IPv4len, 4: net.IPv6len}[head[3]]
	if head[3] == 3 {
		n, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		size = int(n)
	}
	rest := make([]byte, size+2)
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, err
	}
	host := string(rest[:size])
	if head[3] != 3 {
		host = net.IP(rest[:size]).String()
	}
	answer := func(code byte) error { // a name as the bound address: the client must read over any kind
		_, err := conn.Write(append([]byte{5, code, 0, 3, 5}, "proxy\x00\x00"...))
		return err
	}
	target, refused, err := p.connect(host, binary.BigEndian.Uint16(rest[size:]))
	switch {
	case refused:
		return nil, errors.Join(errProtocol, answer(2))
	case err != nil:
		return nil, errors.Join(errProtocol, answer(5))
	}
	return target, answer(0)
}

func (p *Proxy) signInSOCKS5(conn net.Conn, r *bufio.Reader) error {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(r, methods); err != nil {
		return err
	}
	want := byte(0)
	if p.config.User != "" {
		want = 2
	}
	if head[0] != 5 || !strings.ContainsRune(string(methods), rune(want)) {
		p.refuse()
		_, err := conn.Write([]byte{5, 0xff})
		return errors.Join(errProtocol, err)
	}
	if _, err := conn.Write([]byte{5, want}); err != nil || want == 0 {
		return err
	}
	if version, err := r.ReadByte(); err != nil || version != 1 {
		return errors.Join(errProtocol, err)
	}
	var got [2]string
	for i := range got {
		n, err := r.ReadByte()
		if err != nil {
			return err
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(r, text); err != nil {
			return err
		}
		got[i] = string(text)
	}
	if got != [2]string{p.config.User, p.config.Password} {
		p.refuse()
		_, err := conn.Write([]byte{1, 1})
		return errors.Join(errProtocol, err)
	}
	_, err := conn.Write([]byte{1, 0})
	return err
}
