package bitbucketfake

import (
	"context"
	"net"
	"sync"
)

// ports are those that servers of this process have had.
var ports = struct {
	sync.Mutex
	had map[int]bool
}{had: map[int]bool{}}

// listen listens on addr. Port 0 takes a free one that no server of this process has had, as long as there are some: clients remember
// for an hour what an address told them, such as a limit, and two servers of a test program would be one to them.
func listen(addr string) (net.Listener, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil || port != "0" {
		return (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	}
	ports.Lock()
	defer ports.Unlock()
	for tries := 100; ; tries-- {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
		if err != nil {
			return nil, err
		}
		if p := l.Addr().(*net.TCPAddr).Port; !ports.had[p] || tries == 0 {
			ports.had[p] = true
			return l, nil
		}
		defer l.Close() // held until then, so that it does not come again
	}
}
