package network

import (
	"io"
	"log"
	"os"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// quiet is the log of servers whose handshakes fail on purpose.
var quiet = log.New(io.Discard, "", 0)

func TestMain(m *testing.M) {
	secretscan.Main(func() {
		secretscan.Plant("of the proxy", hush)
		os.Exit(leak.Main(m))
	})
}
