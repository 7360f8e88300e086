package planner

import (
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// fields writes the parameter that keeps answers to the members that are read, which is where most of a scan's bytes and
// time go: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response. A list must name the members that
// paging needs, too.
func fields(t *schema.Table, e *schema.Endpoint, columns []int) string {
	if e.Paging == schema.Raw || slices.ContainsFunc(columns, func(i int) bool { return t.Columns[i].Path == "." }) {
		return "" // the whole answer
	}
	var paths []string
	prefix := ""
	if e.Paging != schema.One {
		prefix = "values."
	}
	add := func(path string) {
		for alternative := range strings.SplitSeq(path, "|") {
			if e.Each != nil {
				if around, ok := strings.CutPrefix(alternative, "^."); ok {
					alternative = around
				} else {
					alternative = e.Each.Member + "." + alternative
				}
			}
			paths = append(paths, prefix+alternative)
		}
	}
	for _, i := range columns {
		c := &t.Columns[i]
		if c.Detail && !readsDetail(t, e) {
			// Paths of the columns that fill the detail request's path are in the row.
			for _, from := range t.Detail.Binds {
				add(t.Columns[t.Column(from)].Path)
			}
			continue
		}
		if c.Path != "" {
			add(c.Path)
		}
		for _, path := range c.Variant {
			add(path)
		}
	}
	if e.Each != nil && e.Each.Where != "" {
		add(e.Each.Where)
	}
	if len(paths) == 0 {
		// Columns that all repeat path parameters: something must tell the rows apart.
		add("type")
	}
	if e.Each != nil && e.Paging == schema.One {
		paths = append(paths, "type") // An object without the member shows by it that it is the object.
	}
	paths = covering(paths)
	switch e.Paging { // The length of the pages, or of the list, shows that an answer without rows is a page.
	case schema.Numbered:
		paths = append(paths, "next", "page", "pagelen", "size")
	case schema.Chained:
		paths = append(paths, "next", "pagelen")
	case schema.Single:
		paths = append(paths, "next", "pagelen", "size")
	}
	return strings.Join(paths, ",")
}

// readsDetail says whether the endpoint's objects hold the members of detail columns: a GET of one object does where it is
// the same operation.
func readsDetail(t *schema.Table, e *schema.Endpoint) bool {
	return t.Detail != nil && e.Path == t.Detail.Path
}

// needsDetail says whether one of the columns is read from the detail object.
func needsDetail(t *schema.Table, e *schema.Endpoint, columns []int) bool {
	return !readsDetail(t, e) && slices.ContainsFunc(columns, func(i int) bool { return t.Columns[i].Detail })
}

// DetailFields is the fields parameter of the detail request.
func DetailFields(t *schema.Table, columns []int) string {
	paths := []string{"type"} // An object without the members shows by it that it is the object.
	for _, i := range columns {
		if c := &t.Columns[i]; c.Detail {
			paths = append(paths, strings.Split(c.Path, "|")...)
		}
	}
	return strings.Join(covering(paths), ",")
}

// covering sorts paths and leaves out those that another one contains.
func covering(paths []string) []string {
	slices.Sort(paths)
	paths = slices.Compact(paths)
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		return slices.ContainsFunc(paths, func(other string) bool { return strings.HasPrefix(path, other+".") })
	})
}
