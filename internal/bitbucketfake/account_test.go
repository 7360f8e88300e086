package bitbucketfake

import (
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

func of(u *user) string { return "/2.0/users/" + url.PathEscape(u.uuid) }

func TestEmails(t *testing.T) {
	s := shared()
	items := paged(t, s, "/2.0/user/emails", 3)
	keyed(t, s, "/2.0/user/emails", items, func(m map[string]any) string { return url.PathEscape(m["email"].(string)) })
	scoped(t, s, "/2.0/user/emails", "email")
	if items[0]["is_primary"] != true || items[2]["is_confirmed"] != false || items[1]["email"] != "ada+builds@acme.example" {
		t.Errorf("%v", items)
	}
}

func TestSSHKeys(t *testing.T) {
	s := shared()
	items := paged(t, s, of(s.users[0])+"/ssh-keys", 12)
	keyed(t, s, of(s.users[0])+"/ssh-keys", items, byUUID)
	keyed(t, s, of(s.users[0])+"/ssh-keys", items, func(m map[string]any) string { return strings.Trim(m["uuid"].(string), "{}") })
	used, expires, seen := 0, 0, map[string]bool{}
	for _, m := range items {
		seen[m["fingerprint"].(string)] = true
		if m["last_used"] != nil {
			used++
		}
		if m["expires_on"] != nil {
			expires++
		}
		if self := dig(m, "links.self.href").(string); strings.HasSuffix(self, "}") || dig(m, "owner.uuid") != s.users[0].uuid {
			t.Errorf("%v", m)
		}
	}
	if used == 0 || used == 12 || expires != 2 || len(seen) != 12 {
		t.Errorf("%d used, %d expire, %d fingerprints", used, expires, len(seen))
	}
	none := 0
	for _, u := range s.users[1:] {
		if got, _ := all(t, s, of(u)+"/ssh-keys"); len(got) == 0 {
			none++
		}
	}
	if none == 0 || none == len(s.users)-1 {
		t.Errorf("%d users have no key", none)
	}
	refuse(t, s, of(s.bot)+"/ssh-keys", http.StatusForbidden)
	refuse(t, s, "/2.0/users/none/ssh-keys", http.StatusNotFound)
	refuse(t, s, of(s.users[0])+"/nope", http.StatusNotFound)
}

// OpenSSH itself reads the keys and counts the same fingerprints.
func TestSSHFingerprints(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("no ssh-keygen here")
	}
	s := shared()
	for _, m := range must(all(t, s, of(s.users[0])+"/ssh-keys")) {
		cmd := exec.Command(keygen, "-l", "-f", "-")
		cmd.Stdin = strings.NewReader(m["key"].(string) + "\n")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), " SHA256:"+m["fingerprint"].(string)+" ") {
			t.Errorf("%v: %v %s", m["fingerprint"], err, out)
		}
	}
}

func TestGPGKeys(t *testing.T) {
	s := shared()
	path := of(s.users[0]) + "/gpg-keys"
	items := paged(t, s, path, 3)
	keyed(t, s, path, items, func(m map[string]any) string { return m["fingerprint"].(string) })
	keyed(t, s, path, items, func(m map[string]any) string { return strings.ToUpper(m["fingerprint"].(string)) })
	for _, m := range items {
		for _, hidden := range []string{"key", "subkeys"} {
			if _, ok := m[hidden]; ok {
				t.Errorf("%s shows unasked", hidden)
			}
		}
		if fp := m["fingerprint"].(string); len(fp) != 40 || !strings.HasSuffix(fp, m["key_id"].(string)) || m["parent_fingerprint"] != nil {
			t.Errorf("%v", m)
		}
	}
	full, _ := all(t, s, path+"?fields=%2Bvalues.key,%2Bvalues.subkeys")
	for k, m := range full {
		subkeys, ok := m["subkeys"].([]any)
		if !ok || len(subkeys) != max(0, 2-k) || !strings.HasPrefix(m["key"].(string), "-----BEGIN") || m["name"] != items[k]["name"] {
			t.Errorf("%v", m)
		}
		for _, sub := range subkeys {
			if dig(sub, "parent_fingerprint") != m["fingerprint"] || dig(sub, "type") != "gpg_key" {
				t.Errorf("%v", sub)
			}
			refuse(t, s, path+"/"+dig(sub, "fingerprint").(string), http.StatusNotFound)
		}
	}
	one := get(t, s, path+"/"+full[0]["fingerprint"].(string)+"?fields=key")
	if len(one) != 1 || one["key"] != full[0]["key"] {
		t.Errorf("%v", one)
	}
	paged(t, s, of(s.users[1])+"/gpg-keys", 1)
	paged(t, s, of(s.users[2])+"/gpg-keys", 0)
}

func TestAccountVariablesAndProperties(t *testing.T) {
	s := shared()
	path := of(s.users[0]) + "/pipelines_config/variables"
	keyed(t, s, path, paged(t, s, path, 3), byUUID)
	paged(t, s, of(s.users[1])+"/pipelines_config/variables", 0)
	refuse(t, s, of(s.users[0])+"/pipelines_config", http.StatusNotFound)
	if m := get(t, s, of(s.users[4])+"/properties/acme-app/notes"); m["type"] != nil || len(m["_attributes"].([]any)) == 0 {
		t.Errorf("%v", m)
	}
	for _, path := range []string{"/properties/acme-app/none", "/properties/other/notes", "/properties/acme-app"} {
		refuse(t, s, of(s.users[4])+path, http.StatusNotFound)
	}
	for _, path := range []string{"/2.0/users", "/2.0/teams", "/2.0/teams/acme", "/2.0/teams/none/pipelines_config/variables", "/2.0/teams/acme/search/code/x?search_query=a"} {
		refuse(t, s, path, http.StatusNotFound)
	}
}

func TestCodeSearch(t *testing.T) {
	s := shared()
	search := func(query string) string { return acme + "/search/code?search_query=" + url.QueryEscape(query) }
	items := paged(t, s, search("package"), len(s.mustFind(t, "package")))
	if len(items) < 11 {
		t.Fatalf("%d results", len(items))
	}
	names, contents := 0, 0
	for _, m := range items {
		marked := ""
		for _, match := range m["content_matches"].([]any) {
			for _, line := range match.(map[string]any)["lines"].([]any) {
				for _, g := range line.(map[string]any)["segments"].([]any) {
					if dig(g, "match") == true {
						marked = dig(g, "text").(string)
						contents++
					}
				}
			}
		}
		if len(m["path_matches"].([]any)) > 0 {
			names++
		}
		if m["content_match_count"].(float64) > 0 != (marked != "") || marked != "" && !strings.EqualFold(marked, "package") || dig(m, "file.commit") != nil {
			t.Errorf("%v", m)
		}
		where := strings.TrimPrefix(dig(m, "file.links.self.href").(string), "https://api.bitbucket.org")
		if a := ask(s, where); a.status != http.StatusOK || !strings.Contains(strings.ToLower(string(a.body)), "package") {
			t.Errorf("%s: %d %s", where, a.status, cut(a.body))
		}
	}
	one, _ := all(t, s, search("package repo:platform ext:go path:internal"))
	if len(one) == 0 || len(one) >= len(items) {
		t.Errorf("%d results with modifiers, %d without", len(one), len(items))
	}
	for _, m := range one {
		if p := dig(m, "file.path").(string); !strings.HasPrefix(p, "internal/") || !strings.HasSuffix(p, ".go") || !strings.Contains(dig(m, "file.links.self.href").(string), "/platform/") {
			t.Errorf("%v", m["file"])
		}
	}
	if byPath, _ := all(t, s, search("makefile repo:platform")); len(byPath) != 1 || len(byPath[0]["path_matches"].([]any)) != 1 {
		t.Errorf("%v", byPath)
	}
	for _, fields := range []string{"%2Bvalues.file.commit.repository", "%2Bvalues.*.*.*.*"} {
		more, _ := all(t, s, search("package repo:platform")+"&fields="+fields)
		if dig(more[0], "file.commit.repository.full_name") != "acme/platform" {
			t.Errorf("%s: %v", fields, more[0]["file"])
		}
	}
	if a, b := get(t, s, search("package")), get(t, s, search("pack{age}")); a["query_substituted"] != false || b["query_substituted"] != true || a["size"] != b["size"] {
		t.Errorf("%v %v", a["query_substituted"], b["query_substituted"])
	}
	paged(t, s, search("nothinglikethis"), 0)
	refuse(t, s, acme+"/search/code", http.StatusBadRequest)
	for _, bad := range []string{`"open`, "repo:", "colour:red", "repo:platform"} {
		if a := ask(s, search(bad)); a.status != http.StatusBadRequest || !strings.Contains(string(a.body), `"data":{"key":"search.`) {
			t.Errorf("%s: %d %s", bad, a.status, a.body)
		}
	}
	team, _ := all(t, s, "/2.0/teams/acme/search/code?search_query=package")
	if len(team) != len(items) {
		t.Errorf("the team finds %d", len(team))
	}
	mine, _ := all(t, s, of(s.users[0])+"/search/code?search_query=package")
	if len(mine) == 0 || len(mine) >= len(items) {
		t.Errorf("the caller finds %d of %d", len(mine), len(items))
	}
	paged(t, s, of(s.users[1])+"/search/code?search_query=package", 0)
	paged(t, s, labs+"/search/code?search_query=package", 0)
	if names == len(items) || contents == 0 {
		t.Errorf("%d results match by name, %d lines match", names, contents)
	}
}

// mustFind counts by another way: the files of all main branches that hold a word or have it in their path.
func (s *Server) mustFind(t *testing.T, word string) (found []string) {
	t.Helper()
	for _, r := range s.ws[0].repos {
		r.load()
		if r.mainTip() < 0 {
			continue
		}
		for _, f := range r.tree(r.mainTip()).files {
			if !f.has("binary") && !f.has("subrepository") && strings.Contains(strings.ToLower(f.path+"\n"+r.textOf(f)), word) {
				found = append(found, r.slug+"/"+f.path)
			}
		}
	}
	return found
}
