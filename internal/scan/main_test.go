package scan

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestMain(m *testing.M) { secretscan.Main(func() { goleak.VerifyTestMain(m) }) }
