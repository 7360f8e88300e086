package planner

import (
	"maps"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// boundParam is a parameter that a column fills.
type boundParam struct {
	name, column string
	// optional says that the request can do without.
	optional bool
}

// boundParams are the parameters of the path and the inputs that columns fill.
func boundParams(e *schema.Endpoint) []boundParam {
	var out []boundParam
	for _, name := range pathParams(e.Path) {
		if column, ok := e.Binds[name]; ok {
			out = append(out, boundParam{name, column, e.Defaults[name] != nil})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Inputs)) {
		out = append(out, boundParam{name, e.Inputs[name], !slices.Contains(e.Required, name)})
	}
	return out
}

// pathParams are the parameters of a path, without braces.
func pathParams(path string) []string {
	var out []string
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return out
		}
		end := strings.IndexByte(path[open:], '}') + open
		out = append(out, path[open+1:end])
		path = path[end+1:]
	}
}
