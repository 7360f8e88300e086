package scan

import (
	"os"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(leak.Main(m)) }) }
