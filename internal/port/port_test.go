package port

import (
	"errors"
	"net"
	"runtime"
	"testing"
)

// A reserved port can be listened on, again and again, by one at a time.
func TestReserve(t *testing.T) {
	number := Reserve(t)
	for _, host := range []string{"127.0.0.1", "::1"} {
		for range 3 {
			l, err := net.Listen("tcp", net.JoinHostPort(host, number))
			if host == "::1" && noIPv6(err) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if other, err := net.Listen("tcp", l.Addr().String()); err == nil {
				_ = other.Close()
				t.Errorf("two listen on %s", l.Addr())
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// No port is given twice, neither to tests nor to whoever listens on any port or connects from any.
func TestNobodyElseIsGivenIt(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux holds a port that nobody listens on yet")
	}
	given := map[string]bool{}
	for range 300 {
		number := Reserve(t)
		if given[number] {
			t.Fatalf("%s is given twice", number)
		}
		given[number] = true
	}
	// There are some 28,000 ports to give: of so many attempts dozens would hit those that are free.
	for range 1500 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range []net.Addr{l.Addr(), c.LocalAddr()} {
			if _, number, _ := net.SplitHostPort(a.String()); given[number] {
				t.Errorf("%s is given to another, too", number)
			}
		}
		if err := errors.Join(c.Close(), l.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
