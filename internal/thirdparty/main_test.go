package thirdparty

import (
	"os"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// fakeToken is the token of the fakes; nothing may show it.
var fakeToken = secretscan.New("token")

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(m.Run()) }) }
