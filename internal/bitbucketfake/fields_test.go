package bitbucketfake

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func keys(v any) string {
	m, _ := v.(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(m)), " ")
}

func fieldsOf(t *testing.T, path, fields string) map[string]any {
	t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return get(t, shared(), path+sep+"fields="+url.QueryEscape(fields))
}

func TestFieldsBare(t *testing.T) {
	m := fieldsOf(t, anyState, "values.id,values.author.uuid")
	if keys(m) != "values" {
		t.Errorf("a bare list of values keeps %q", keys(m))
	}
	for _, v := range values(m) {
		if keys(v) != "author id" || (v["author"] != nil && keys(v["author"]) != "uuid") {
			t.Fatalf("got %v", v)
		}
	}
	if m = fieldsOf(t, anyState, "values.id,next,size,page"); keys(m) != "next page size values" {
		t.Errorf("envelope %q", keys(m))
	}
	if m = fieldsOf(t, anyState, "values,next"); keys(m) != "next values" || values(m)[0]["reviewers"] != nil || dig(values(m)[0], "links.self.href") == nil {
		t.Errorf("values as a whole: %q", keys(values(m)[0]))
	}
	if m = fieldsOf(t, anyState, "values.*"); keys(m) != "values" || values(m)[0]["reviewers"] == nil || values(m)[0]["id"] == nil {
		t.Errorf("* does not reveal what is hidden: %q", keys(values(m)[0]))
	}
	if m = fieldsOf(t, anyState, "size"); keys(m) != "size" || m["size"] != 120.0 {
		t.Errorf("%v", m)
	}
	if m = fieldsOf(t, anyState, "values.title.raw, values.nonsense"); keys(values(m)[0]) != "" {
		t.Errorf("a path below a string gave %v", values(m)[0])
	}
	if m = fieldsOf(t, anyState, "values.links.*.href"); keys(values(m)[0]) != "links" || keys(dig(values(m)[0], "links.self")) != "href" {
		t.Errorf("%v", values(m)[0])
	}
	if m = fieldsOf(t, anyState, "values.*,-values.links,-values.summary"); keys(values(m)[0]) == "" || dig(values(m)[0], "links") != nil {
		t.Errorf("%q", keys(values(m)[0]))
	}
}

func TestFieldsAddAndRemove(t *testing.T) {
	plain := get(t, shared(), anyState)
	for _, v := range values(plain) {
		if _, ok := v["reviewers"]; ok {
			t.Fatal("lists hide reviewers")
		}
	}
	m := fieldsOf(t, anyState, "+values.reviewers,+values.participants.role")
	if keys(m) != keys(plain) {
		t.Errorf("+ changed the envelope: %q", keys(m))
	}
	reviewed := false
	for _, v := range values(m) {
		if keys(v) != keys(values(plain)[0])[:0]+keysWith(values(plain)[0], "reviewers", "participants") {
			t.Fatalf("members %q", keys(v))
		}
		for _, u := range v["reviewers"].([]any) {
			reviewed = true
			if dig(u, "uuid") == nil || dig(u, "links.self.href") == nil {
				t.Fatalf("reviewer %v", u)
			}
		}
		for _, p := range v["participants"].([]any) {
			if keys(p) != "role" {
				t.Fatalf("participant %v", p)
			}
		}
	}
	if !reviewed {
		t.Error("nobody reviews")
	}
	// Without its escape, + is a space, and the list is bare.
	if m = get(t, shared(), anyState+"&fields=+values.reviewers"); keys(m) != "values" || keys(values(m)[0]) != "reviewers" {
		t.Errorf("%v", keys(values(m)[0]))
	}
	if m = fieldsOf(t, anyState, "values.reviewers.nickname,values.id"); keys(values(m)[0]) != "id reviewers" {
		t.Errorf("bare hidden member: %v", keys(values(m)[0]))
	}
	m = fieldsOf(t, anyState, "-values.links,-values.author.links,-size")
	if v := values(m)[1]; v["links"] != nil || dig(v, "author.links") != nil || dig(v, "author.uuid") == nil || m["size"] != nil || m["next"] == nil {
		t.Errorf("- left %q and %q", keys(v), keys(m))
	}
	m = fieldsOf(t, platform+"/pullrequests/11", "-*,+id,+links.self")
	if keys(m) != "id links" || keys(m["links"]) != "self" {
		t.Errorf("-*,+… left %v", m)
	}
	m = fieldsOf(t, platform+"/pullrequests/11", "destination.branch.*")
	if keys(dig(m, "destination.branch")) != "default_merge_strategy merge_strategies name" {
		t.Errorf("%v", m)
	}
	if m = fieldsOf(t, platform+"/pullrequests/11", "destination.branch"); keys(dig(m, "destination.branch")) != "name" {
		t.Errorf("%v", m)
	}
	if m = fieldsOf(t, "/2.0/repositories/acme", "values.links.clone.name"); len(dig(values(m)[0], "links.clone").([]any)) != 2 {
		t.Errorf("lists inside objects: %v", m)
	}
}

func keysWith(m map[string]any, more ...string) string {
	m = maps.Clone(m)
	for _, k := range more {
		m[k] = nil
	}
	return keys(m)
}

// With every selection the answer stays JSON, and what a bare list keeps equals what the full answer holds.
func TestFieldsAgreeWithFullAnswer(t *testing.T) {
	for _, path := range []string{anyState, platform + "/commits", platform + "/pipelines", platform + "/pullrequests/activity", platform + "/refs", "/2.0/repositories/acme", platform + "/deployments"} {
		full := values(get(t, shared(), path))
		for _, k := range slices.Sorted(maps.Keys(full[0])) {
			some := values(fieldsOf(t, path, "values."+k))
			for i := range full {
				a, _ := json.Marshal(full[i][k])
				b, _ := json.Marshal(some[i][k])
				if string(a) != string(b) {
					t.Errorf("%s, %s of item %d: %s alone, %s in full", path, k, i, b, a)
				}
			}
		}
	}
}

func TestMemberEmail(t *testing.T) {
	const path = "/2.0/workspaces/acme/members"
	in := q(`user.email IN ("zoe.kowalczyk@acme.example","li.na@acme.example","nobody@acme.example")`)
	if m := get(t, shared(), path+"?"+in); len(values(m)) != 2 || dig(values(m)[0], "user.email") != nil {
		t.Errorf("%v", m)
	}
	if m := fieldsOf(t, path+"?"+in, "+values.user.email"); dig(values(m)[0], "user.email") != "zoe.kowalczyk@acme.example" || dig(values(m)[0], "user.uuid") == nil {
		t.Errorf("%v", values(m)[0])
	}
	if m := fieldsOf(t, path+"?"+q(`user.email = "li.na@acme.example"`), "values.user.email"); keys(dig(values(m)[0], "user")) != "email" {
		t.Errorf("%v", values(m)[0])
	}
	if m := fieldsOf(t, path, "+values.user.email"); dig(values(m)[0], "user.email") != nil {
		t.Error("an address that nobody filtered by shows")
	}
	list := `user.email IN ("` + strings.Repeat(`x","`, 3) + `y")`
	get(t, shared(), path+"?"+q(list))
	var long []string
	for i := range 91 {
		long = append(long, `"`+strings.Repeat("a", i+1)+`@x"`)
	}
	refuse(t, shared(), path+"?"+q("user.email IN ("+strings.Join(long, ",")+")"), 400)
}
