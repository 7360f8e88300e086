package api

import (
	"net/url"
	"strings"
)

// pagingFields returns the query with the fields that paging needs: a bare list of values.… leaves out next and size, and
// the walk would end after page 1; and nothing would tell an empty page from an answer that is none. Source: developer.atlassian.com/cloud/bitbucket/rest/intro, "Partial responses".
func pagingFields(query url.Values, paging Paging) url.Values {
	fields := query.Get("fields")
	if fields == "" {
		return query
	}
	for f := range strings.SplitSeq(fields, ",") {
		if f == "*" || strings.HasPrefix(f, "+") || strings.HasPrefix(f, "-") {
			return query
		}
	}
	need := []string{"next", "size"}
	if paging == Chained {
		need[1] = "pagelen"
	}
	have := "," + fields + ","
	for _, f := range need {
		if !strings.Contains(have, ","+f+",") {
			fields += "," + f
		}
	}
	out := make(url.Values, len(query))
	for name, values := range query {
		out[name] = values
	}
	out.Set("fields", fields)
	return out
}
