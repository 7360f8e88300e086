package driver

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// fakeToken is the token of the fakes of this package's tests.
var fakeToken = secretscan.New("token")

// plantSecrets says that what a fake handed out must not show.
func plantSecrets(t testing.TB, fake *bitbucketfake.Server) {
	t.Cleanup(func() {
		for _, secret := range fake.Secrets() {
			secretscan.Plant("of the fake", secret)
		}
	})
}
