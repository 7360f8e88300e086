package thirdparty

import (
	"net/url"
	"strings"
	"testing"

	"github.com/xo/dburl"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
)

// registerBitbucket teaches dburl, and so usql and xo's other programs, the URLs that the driver reads.
func registerBitbucket() {
	dburl.Register(dburl.Scheme{
		Name:      "bitbucket",
		Aliases:   []string{"bb"},
		Generator: dburl.GenSchemeHost("bitbucket"), // the host is the workspace
		Desc:      "Bitbucket Cloud",
	})
}

func TestDburl(t *testing.T) {
	registerBitbucket()
	t.Cleanup(func() { dburl.Unregister("bitbucket") })
	fake := startFake(t, small)
	base := url.QueryEscape(fake.URL() + "/2.0")
	for _, address := range []string{
		"bitbucket://:" + fakeToken + "@acme/platform?BaseURL=" + base,
		"bb://:" + fakeToken + "@acme/platform?BaseURL=" + base,
		"bitbucket://ada%40acme.example:" + fakeToken + "@acme/platform?MaxRows=5&BaseURL=" + base,
	} {
		db, err := dburl.Open(address)
		if err != nil {
			t.Fatal(err)
		}
		var count int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM PullRequests").Scan(&count); err != nil || count != small.PullRequests {
			t.Errorf("%s: %d pull requests, %v; want %d", address, count, err, small.PullRequests)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	u, err := dburl.Parse("bitbucket://me%40example.com:secret@acme/web%2Dapp?MaxRows=1")
	if err != nil {
		t.Fatal(err)
	}
	if u.Driver != "bitbucket" || !strings.HasPrefix(u.DSN, "bitbucket://me%40example.com:secret@acme/web") {
		t.Errorf("driver %q, DSN %q", u.Driver, u.DSN)
	}
}
