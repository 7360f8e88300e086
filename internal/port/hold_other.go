//go:build !linux

package port

import (
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// hold finds a free port below those that connections are given. That another process takes it is only unlikely here: a socket that
// holds a port without listening keeps everybody from it, or nobody.
func hold() (number string, release func(), err error) {
	for range 100 {
		number = strconv.Itoa(20000 + rand.IntN(12000))
		free := true
		for _, host := range []string{"127.0.0.1", "::1"} {
			l, err := net.Listen("tcp", net.JoinHostPort(host, number))
			if err == nil {
				err = l.Close()
			}
			free = free && (err == nil || host == "::1" && noIPv6(err))
		}
		if free {
			return number, func() {}, nil
		}
	}
	return "", nil, syscall.EADDRINUSE
}
