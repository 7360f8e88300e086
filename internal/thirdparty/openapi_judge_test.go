package thirdparty

import (
	"net/url"
	"strings"
	"testing"
)

// The judges of this package find what is wrong, or their silence would prove nothing.
func TestJudgesFindFaults(t *testing.T) {
	d := openDocument(t)
	for request, want := range map[string]string{
		"/2.0/repositories/acme/platform/pullrequests?state=OPEN&state=MERGED&q=id%3D1&sort=-id&fields=values.id%2Cnext": "",
		"/2.0/repositories/acme/platform/pullrequest":                                                                    "is no GET of the document",
		"/2.0/repositories/acme//commits":                                                                                "has no value for {repo_slug}",
		"/1.0/repositories/acme":                                                                                         "is not below the base",
		"/2.0/repositories/acme/platform/pullrequests?state=CLOSED":                                                      "is not one of the allowed values",
		"/2.0/repositories/acme/platform/pullrequests?status=OPEN":                                                       "the parameter status is not declared",
		"/2.0/repositories/acme/platform/pullrequests?pagelen=10&pagelen=20":                                             "the parameter pagelen is repeated",
		"/2.0/repositories/acme/platform/pullrequests?fields=values.author.surname":                                      "the field values.author.surname is not declared",
		"/2.0/repositories/acme/platform/pipelines/?sort=-created_on":                                                    "",
		"/2.0/repositories/acme/platform/pipelines/?sort=duration":                                                       "is not one of the allowed values",
		"/2.0/repositories/acme/platform/commits?q=hash%3D%22a%22":                                                       "the parameter q is not declared",
		"/2.0/repositories/acme/platform/pullrequests/seven":                                                             "invalid",
		"/2.0/repositories/acme/platform/refs/branches/feature%2Fone?fields=target.hash":                                 "",
		"/2.0/repositories/acme/platform/refs/branches/feature/one?fields=target.hash":                                   "is no GET of the document",
		"/2.0/workspaces/acme/members?q=user.nickname%3D%22a%22&fields=values.user.email":                                "",
	} {
		u, err := url.Parse("http://fake.test" + request)
		if err != nil {
			t.Fatal(err)
		}
		problems := strings.Join(d.judge(&exchange{method: "GET", url: u}), "; ")
		if want == "" && problems != "" || !strings.Contains(problems, want) {
			t.Errorf("GET %s: %q, want %q", request, problems, want)
		}
	}
	good := map[string]any{"type": "pullrequest", "id": 7.0, "state": "OPEN", "author": map[string]any{"type": "user", "uuid": "{1}"}}
	if found := d.faults(good); len(found) > 0 {
		t.Errorf("a good object has faults: %q", found)
	}
	for _, c := range []struct {
		change func(map[string]any)
		want   string
	}{
		{func(o map[string]any) { o["id"] = "7" }, "pullrequest: id: "},
		{func(o map[string]any) { o["state"] = "CLOSED" }, "pullrequest: state: "},
		{func(o map[string]any) { o["created_on"] = "yesterday" }, "pullrequest: created_on: is no date-time"},
		{func(o map[string]any) { o["author"] = map[string]any{"type": "user", "uuid": 1.0} }, "user: uuid: "},
		{func(o map[string]any) { o["type"] = "pull_request" }, `the type "pull_request" is not defined`},
	} {
		bad := map[string]any{"type": "pullrequest", "id": 7.0, "state": "OPEN"}
		c.change(bad)
		if found := strings.Join(d.faults(bad), "; "); !strings.Contains(found, c.want) {
			t.Errorf("%v: %q, want %q", bad, found, c.want)
		}
	}
}
