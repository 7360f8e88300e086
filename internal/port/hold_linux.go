package port

import (
	"errors"
	"os"
	"strconv"
	"syscall"
)

// hold binds sockets to a port and does not listen. Linux then gives the port to nobody who asks for any port or connects from one,
// and still lets one program listen on it that asks for just this one, as Go's listeners do with SO_REUSEADDR.
func hold() (number string, release func(), err error) {
	for range 100 {
		four, port, err := bind(syscall.AF_INET, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
		if err != nil {
			return "", nil, err
		}
		six, _, err := bind(syscall.AF_INET6, &syscall.SockaddrInet6{Port: port, Addr: [16]byte{15: 1}})
		switch {
		case errors.Is(err, syscall.EADDRINUSE): // by a program that listens there by IPv6 alone
			_ = syscall.Close(four)
			continue
		case noIPv6(err):
			return strconv.Itoa(port), func() { _ = syscall.Close(four) }, nil
		case err != nil:
			_ = syscall.Close(four)
			return "", nil, err
		}
		return strconv.Itoa(port), func() { _, _ = syscall.Close(four), syscall.Close(six) }, nil
	}
	return "", nil, syscall.EADDRINUSE
}

// bind makes a socket of an address, and returns the port that it got.
func bind(family int, address syscall.Sockaddr) (socket, port int, err error) {
	socket, err = syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, os.NewSyscallError("socket", err)
	}
	port, err = bindTo(socket, address)
	if err != nil {
		_ = syscall.Close(socket)
		return 0, 0, err
	}
	return socket, port, nil
}

func bindTo(socket int, address syscall.Sockaddr) (port int, err error) {
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return 0, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(socket, address); err != nil {
		return 0, os.NewSyscallError("bind", err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		return 0, os.NewSyscallError("getsockname", err)
	}
	switch name := name.(type) {
	case *syscall.SockaddrInet4:
		port = name.Port
	case *syscall.SockaddrInet6:
		port = name.Port
	}
	return port, nil
}
