package docs

import (
	"fmt"
	"os"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// fakeToken is the token of the fakes; nothing may show it.
var fakeToken = secretscan.New("token")

// TestMain runs the tests, or is the browser of TestReadmeSignsIn.
func TestMain(m *testing.M) {
	if log := os.Getenv(pressesAllow); log != "" {
		if err := browse(os.Args[1], log); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	secretscan.Main(func() { os.Exit(m.Run()) })
}
