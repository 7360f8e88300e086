package bitbucketfake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"
)

const acme, labs = "/2.0/workspaces/acme", "/2.0/workspaces/acme-labs"

func TestWorkspacePermissions(t *testing.T) {
	s := shared()
	items := paged(t, s, acme+"/permissions", 13)
	for p, want := range map[string]int{"owner": 2, "member": 9, "collaborator": 2} {
		if got, _ := all(t, s, acme+"/permissions?"+q(`permission="`+p+`"`)); len(got) != want {
			t.Errorf("%d are %s, want %d", len(got), p, want)
		}
	}
	if items[0]["type"] != "workspace_membership" || items[0]["last_accessed"] != nil || dig(items[0], "workspace.slug") != "acme" {
		t.Errorf("%v", items[0])
	}
	refuse(t, s, acme+"/permissions?"+q(`user.nickname = "ada"`), http.StatusBadRequest)
	refuse(t, s, acme+"/permissions?"+q(`permission = "king"`), http.StatusBadRequest)
	other := paged(t, s, labs+"/permissions", 2)
	if mine := get(t, s, "/2.0/user/workspaces/acme-labs/permission"); mine["permission"] != other[0]["permission"] {
		t.Errorf("%v, in the list %v", mine["permission"], other[0]["permission"])
	}
	refuse(t, s, labs+"/permissions/repositories", http.StatusForbidden)
}

func TestRepositoryPermissions(t *testing.T) {
	s := shared()
	path := acme + "/permissions/repositories"
	items := paged(t, s, path, len(grants(s.ws[0].repos, false)))
	if len(items) < 100 {
		t.Errorf("only %d rows", len(items))
	}
	count := map[string]int{}
	for _, m := range items {
		count[m["permission"].(string)]++
	}
	for query, want := range map[string]int{
		`permission = "admin"`: count["admin"], `permission > "read"`: count["admin"] + count["write"], `permission <= "write"`: count["read"] + count["write"],
		`permission >= "none"`: len(items), `permission != "read"`: count["admin"] + count["write"],
	} {
		if got, _ := all(t, s, path+"?pagelen=100&"+q(query)); len(got) != want || want == 0 {
			t.Errorf("%s: %d rows, want %d", query, len(got), want)
		}
	}
	one := paged(t, s, path+"/billing", count0(items, "repository.name", "Billing"))
	byName, _ := all(t, s, path+"?"+q(`repository.name = "Billing"`))
	if len(byName) != len(one) {
		t.Errorf("%d by name, %d by slug", len(byName), len(one))
	}
	down := column(must(all(t, s, path+"?pagelen=100&sort=-user.display_name")), "user.display_name")
	if !sort.IsSorted(sort.Reverse(sort.StringSlice(down))) || len(down) != len(items) {
		t.Errorf("not sorted: %v", down)
	}
	for _, bad := range []string{q(`user.display_name = "ada"`), q(`permission > "much"`), q(`repository.full_name = "acme/billing"`), "sort=user.uuid"} {
		refuse(t, s, path+"?"+bad, http.StatusBadRequest)
	}
	refuse(t, s, path+"/billing?"+q(`repository.name = "Billing"`), http.StatusBadRequest)
	refuse(t, s, path+"/none", http.StatusNotFound)

	mine := paged(t, s, "/2.0/user/workspaces/acme/permissions/repositories", 13)
	admin, _ := all(t, s, "/2.0/user/workspaces/acme/permissions/repositories?"+q(`permission = "admin"`)+"&sort=-repository.name")
	for _, m := range must(all(t, s, "/2.0/repositories/acme?role=admin")) {
		if !slices.Contains(column(admin, "repository.uuid"), m["uuid"].(string)) {
			t.Errorf("%v has the role admin but not the permission", m["slug"])
		}
	}
	if len(admin) == len(mine) {
		t.Error("the caller administers everything")
	}
	paged(t, s, "/2.0/user/workspaces/acme-labs/permissions/repositories", 0)
	refuse(t, s, "/2.0/user/workspaces/none/permissions/repositories", http.StatusNotFound)
}

func must(items []map[string]any, _ int) []map[string]any { return items }

func count0(items []map[string]any, path, want string) (n int) {
	for _, v := range column(items, path) {
		if v == want {
			n++
		}
	}
	return n
}

func byUUID(m map[string]any) string { return url.PathEscape(m["uuid"].(string)) }

func TestWorkspaceHooks(t *testing.T) {
	s := shared()
	items := paged(t, s, acme+"/hooks", 12)
	keyed(t, s, acme+"/hooks", items, byUUID)
	scoped(t, s, acme+"/hooks", "webhook")
	known := column(must(all(t, s, "/2.0/hook_events/workspace")), "event")
	null, most := 0, 0
	for _, m := range items {
		events := m["events"].([]any)
		most = max(most, len(events))
		for _, ev := range events {
			if !slices.Contains(known, ev.(string)) {
				t.Errorf("unknown event %v", ev)
			}
		}
		if m["description"] == nil {
			null++
		}
		if _, ok := m["secret"]; ok || dig(m, "subject.slug") != "acme" || !strings.HasSuffix(m["created_at"].(string), "Z") {
			t.Errorf("%v", m)
		}
	}
	if null != 2 || most != len(known) {
		t.Errorf("%d descriptions are null, one hook has %d events", null, most)
	}
	refuse(t, s, labs+"/hooks", http.StatusForbidden)
}

func TestHookEvents(t *testing.T) {
	s := shared()
	m := get(t, s, "/2.0/hook_events")
	if dig(m, "repository.links.events.href") != "https://api.bitbucket.org/2.0/hook_events/repository" || len(m) != 2 {
		t.Errorf("%v", m)
	}
	paged(t, s, "/2.0/hook_events/repository", 25)
	items := paged(t, s, "/2.0/hook_events/workspace", 29)
	if items[0]["event"] != "repo:push" || len(items[0]) != 4 {
		t.Errorf("%v", items[0])
	}
	if first := get(t, s, "/2.0/hook_events/workspace"); first["pagelen"] != 30.0 {
		t.Errorf("pagelen %v", first["pagelen"])
	}
	refuse(t, s, "/2.0/hook_events/team", http.StatusNotFound)
}

func TestSharedPipelineConfig(t *testing.T) {
	s := shared()
	path := acme + "/pipelines-config"
	items := paged(t, s, path+"/variables", 14)
	keyed(t, s, path+"/variables", items, byUUID)
	secured := 0
	for _, m := range items {
		_, has := m["value"]
		if has == m["secured"].(bool) {
			t.Errorf("%v", m)
		}
		if !has {
			secured++
		}
	}
	if secured == 0 || secured == len(items) {
		t.Errorf("%d of %d are secured", secured, len(items))
	}
	paged(t, s, labs+"/pipelines-config/variables", 0)
	if team := paged(t, s, "/2.0/teams/acme/pipelines_config/variables", 14); team[3]["uuid"] != items[3]["uuid"] {
		t.Error("the team has other variables than the workspace")
	}
	keyed(t, s, "/2.0/teams/acme/pipelines_config/variables", items, byUUID)

	runners := paged(t, s, path+"/runners", 11)
	keyed(t, s, path+"/runners", runners, byUUID)
	scoped(t, s, path+"/runners", "runner")
	for _, m := range runners {
		if dig(m, "oauth_client.id") == nil || dig(m, "oauth_client.secret") != nil || (dig(m, "state.version.version") == nil) != (dig(m, "state.status") == "UNREGISTERED") {
			t.Errorf("%v", m)
		}
	}
	refuse(t, s, path, http.StatusNotFound)
	refuse(t, s, path+"/nope", http.StatusNotFound)
}

func TestIdentityDocuments(t *testing.T) {
	s := shared()
	path := acme + "/pipelines-config/identity/oidc"
	m := get(t, s, path+"/.well-known/openid-configuration")
	if m["issuer"].(string)+"/keys.json" != m["jwks_uri"] || m["type"] != nil {
		t.Errorf("%v", m)
	}
	keys := get(t, s, path+"/keys.json")["keys"].([]any)
	if len(keys) != 2 || dig(keys[0], "kty") != "RSA" || dig(keys[0], "kid") == dig(keys[1], "kid") {
		t.Errorf("%v", keys)
	}
	refuse(t, s, path, http.StatusNotFound)
	a := ask(s, acme+"/settings/gpg/public-key")
	if a.status != http.StatusOK || json.Valid(a.body) || !strings.HasPrefix(string(a.body), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n") {
		t.Errorf("%d %s", a.status, cut(a.body))
	}
}

func TestPullsOfAnAuthor(t *testing.T) {
	s := shared()
	path := func(id, state string) string {
		return acme + "/pullrequests/" + url.PathEscape(id) + "?pagelen=50&" + state
	}
	const every = "state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED"
	u := s.users[1]
	items, pages := all(t, s, path(u.uuid, every))
	want := 0
	for _, r := range s.ws[0].repos {
		r.load()
		for _, pr := range r.pulls {
			if pr.author == u {
				want++
			}
		}
	}
	repos := map[string]bool{}
	for i, m := range items {
		repos[dig(m, "destination.repository.full_name").(string)] = true
		if dig(m, "author.uuid") != u.uuid || i > 0 && m["created_on"].(string) > items[i-1]["created_on"].(string) {
			t.Errorf("%v", m)
		}
	}
	if len(items) != want || want < 20 || len(repos) < 3 {
		t.Errorf("%d pull requests on %d pages in %d repositories, want %d", len(items), pages, len(repos), want)
	}
	open, _ := all(t, s, path(u.accountID, ""))
	filtered, _ := all(t, s, path(u.accountID, "state=MERGED&"+q(`state = "OPEN"`)))
	if len(open) == 0 || len(open) != len(filtered) || len(open) >= len(items) {
		t.Errorf("%d open, %d by q, %d in all", len(open), len(filtered), len(items))
	}
	refuse(t, s, acme+"/pullrequests/"+url.PathEscape(u.uuid)+"?pagelen=51", http.StatusBadRequest)
	refuse(t, s, acme+"/pullrequests/none", http.StatusNotFound)
	refuse(t, s, path(u.uuid, q(`summary.raw ~ "x"`)), http.StatusBadRequest)
	paged(t, s, labs+"/pullrequests/"+url.PathEscape(u.uuid), 0)
	scoped(t, s, labs+"/pullrequests/"+url.PathEscape(u.uuid), "pullrequest")
}
