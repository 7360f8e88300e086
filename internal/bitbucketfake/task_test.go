package bitbucketfake

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// sameByKey reads a list in pages of ten, wants as many pages as that makes, and the same object by each one's key.
func sameByKey(t *testing.T, s *Server, path, key string, one func(id string) string) []map[string]any {
	t.Helper()
	items, pages := all(t, s, path+"?pagelen=10")
	whole := get(t, s, path+"?pagelen=100")
	if len(items) != len(values(whole)) || whole["size"] != float64(len(items)) || pages != max((len(items)+9)/10, 1) {
		t.Errorf("%s: %d items on %d pages of ten, %d of size %v on one", path, len(items), pages, len(values(whole)), whole["size"])
	}
	refuse(t, s, path+"?pagelen=101", http.StatusBadRequest)
	if key != "" && len(unique(column(items, key))) != len(items) {
		t.Errorf("%s: keys repeat", path)
	}
	for _, m := range items {
		id := fmt.Sprint(m[key])
		if n, ok := m[key].(float64); ok {
			id = fmt.Sprintf("%.0f", n)
		}
		if one == nil {
			continue
		}
		if alone := get(t, s, one(url.PathEscape(id))); !reflect.DeepEqual(alone, m) {
			t.Errorf("%s %s: in the list %v, alone %v", path, id, m, alone)
		}
	}
	return items
}

// below is the address of an item of a list.
func below(list string) func(string) string { return func(id string) string { return list + "/" + id } }

func TestPullRequestTasks(t *testing.T) {
	s := shared()
	seen, long := map[string]bool{}, 0
	for id := 1; id <= 120; id++ {
		path := fmt.Sprintf("%s/pullrequests/%d", platform, id)
		items := sameByKey(t, s, path+"/tasks", "id", below(path+"/tasks"))
		if n := get(t, s, path)["task_count"]; n != float64(len(items)) {
			t.Errorf("%s counts %v tasks, has %d", path, n, len(items))
		}
		if len(items) > 20 {
			long++
			resolved, _ := all(t, s, path+"/tasks?"+q(`state = "RESOLVED"`))
			open, _ := all(t, s, path+"/tasks?"+q(`state != "RESOLVED"`))
			if len(resolved)+len(open) != len(items) || states(resolved) != "RESOLVED" {
				t.Errorf("%d resolved, %d open of %d: %s", len(resolved), len(open), len(items), states(resolved))
			}
			down, _ := all(t, s, path+"/tasks?sort=-created_on")
			if down[0]["id"] == items[0]["id"] {
				t.Error("sort=-created_on begins with the oldest")
			}
			refuse(t, s, path+"/tasks?"+q(`content.raw ~ "a"`), http.StatusBadRequest)
		}
		for _, m := range items {
			seen[m["state"].(string)] = true
			if on, has := m["resolved_on"]; !has || (on == nil) != (m["state"] == "UNRESOLVED") || (m["resolved_by"] == nil) != (on == nil) {
				t.Errorf("%v resolved on %v by %v", m["state"], on, m["resolved_by"])
			}
			c, ok := m["comment"].(map[string]any)
			seen[fmt.Sprint("comment ", ok)] = true
			if ok && strings.Join(slices.Sorted(maps.Keys(c)), " ") != "id links" {
				t.Errorf("comment of a task: %v", c)
			}
		}
	}
	if long == 0 || !seen["RESOLVED"] || !seen["UNRESOLVED"] || !seen["comment true"] || !seen["comment false"] {
		t.Errorf("%d pull requests with many tasks, seen %v", long, seen)
	}
	refuse(t, s, platform+"/pullrequests/1/tasks/999", http.StatusNotFound)
	fields := get(t, s, platform+"/pullrequests/11/tasks?fields=values.comment.id,values.state")
	if len(fields) != 1 || fields["size"] != nil {
		t.Errorf("fields: %v", fields)
	}
}
