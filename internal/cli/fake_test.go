package cli

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		options fakeOptions
		want    bitbucketfake.Faults
	}{
		"none":  {fakeOptions{FailAfter: -1}, nil},
		"after": {fakeOptions{FailAfter: 3}, bitbucketfake.Faults{{Kind: bitbucketfake.FaultRateLimit, After: 3, RetryAfter: "3600"}}},
		"all": {
			fakeOptions{Fail: "cut", FailAfter: 1, FailTimes: 2, FailPath: "page=2"},
			bitbucketfake.Faults{{Kind: bitbucketfake.FaultCut, After: 1, Times: 2, Path: "page=2"}},
		},
		"kind": {fakeOptions{Fail: "unauthorized", FailAfter: -1}, bitbucketfake.Faults{{Kind: bitbucketfake.FaultUnauthorized}}},
	} {
		if got, err := test.options.faults(); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	tag, _ := reflect.TypeFor[fakeOptions]().FieldByName("Fail")
	for kind := range strings.SplitSeq(tag.Tag.Get("enum"), ",") {
		if _, ok := faultKinds[kind]; !ok && kind != "" {
			t.Errorf("no fault for %q", kind)
		}
	}
}

func TestFakeDSNOfAnyAddress(t *testing.T) {
	config := bitbucketfake.Config{Workspace: "acme", Token: "a;b"}
	server := bitbucketfake.New(config)
	if err := server.Start(":0"); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dsn, err := fakeDSN(server, config)
	if err != nil {
		t.Fatal(err)
	}
	c, err := driver.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	if c.AccessToken != "a;b" || !strings.HasPrefix(c.BaseURL, "http://127.0.0.1:") {
		t.Errorf("DSN %s", dsn)
	}
}
