package differential

import (
	"os"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// fakeToken is the token of the fakes; nothing that a statement logs or fails with may show it.
var fakeToken = secretscan.New("token")

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(m.Run()) }) }
