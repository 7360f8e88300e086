package network

import (
	"io"
	"log"
	"testing"

	"go.uber.org/goleak"
)

// quiet is the log of servers whose handshakes fail on purpose.
var quiet = log.New(io.Discard, "", 0)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
