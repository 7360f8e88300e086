package planner

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Fetch is a scan with its values: the requests to make.
type Fetch struct {
	Relation *Relation
	Endpoint *schema.Endpoint
	// Bindings are the values of path parameters: one list or object for each. With a Parent they come from its rows instead.
	Bindings []Binding
	Parent   *Fetch
	// Supply maps path parameters to columns of the parent.
	Supply map[string]int
	// Queries are the query parameters, without those of paging. Each list is read with each of them, and no row is in two.
	Queries []url.Values
	// PageLen is the page length to ask for; 0 where the endpoint takes none.
	PageLen int
	// Limit is the number of rows after which the statement needs no more; -1 means all.
	Limit int64
	// Eager says that all rows are read, so that they may be fetched ahead.
	Eager bool
	// FirstRow says that the statement takes the first row that it wants and no other, as it does of rows in the order of what it
	// asks the least or greatest value of. It changes no request of the fetch.
	FirstRow bool
	// Skip says that the rows of an OFFSET need not be read, or is nil.
	Skip *Skip
	// Count says that only the number of rows is read. Constants are the values of rows that are counted or skipped, in all columns
	// that are read of them but those that repeat a parameter, and but Group's.
	Count     bool
	Constants map[int]any
	// Merge is the place, from 1, of the column by which every list is sorted and the lists are merged; 0 means that they come one
	// after the other.
	Merge int
	// Horizon bounds a list that is assumed to fall by a column, or nil.
	Horizon *Horizon
	// Firsts are orders: of each list only the first rows by each of them are read, and a row may come by several. Nil means all rows.
	// FirstCount says that there come as many rows as the list has: those that are not read have Constants, and of the columns of
	// Firsts values that are no less and no greater than those asked for.
	Firsts     []First
	FirstCount bool
	// Group says that rows are counted by the values of one column, or nil.
	Group *Group
	// Columns are the columns to fill, in rising order.
	Columns []int
	// Without is the place, from 1, of a boolean column, one of Columns: rows in which it is true are left out. 0 means none.
	Without int
	// Detail says that a column needs the object of Table.Detail.
	Detail bool
	// Empty says that no row can be needed: nothing is requested.
	Empty bool
	// Unfiltered is the same scan without the filters, which gives more rows, or nil when it has none that can be left out.
	Unfiltered *Fetch
}

// ReadToEnd sets whether all rows of the fetch, and of those that supply it, are read.
func (f *Fetch) ReadToEnd(all bool) {
	for ; f != nil; f = f.Parent {
		f.Eager = all
		if f.Unfiltered != nil {
			f.Unfiltered.Eager = all
		}
	}
}

// Binding holds values of path parameters by name.
type Binding map[string]string

// Path fills the path of an endpoint. Values are escaped: a UUID's braces and a branch name's slashes are not syntax.
func (r *Relation) Path(e *schema.Endpoint, b Binding) string {
	var out strings.Builder
	path := e.Path
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(path[open:], '}') + open
		out.WriteString(path[:open])
		param := path[open+1 : end]
		value, ok := b[param]
		switch {
		case ok:
		case param == "workspace":
			value = r.Workspace
		case param == "repo_slug":
			value = r.Repository
		case param == "project_key":
			value = r.Project
		}
		if e.Forms[param] == schema.PathForm {
			out.WriteString(escapeFilePath(value))
		} else {
			out.WriteString(url.PathEscape(value))
		}
		path = path[end+1:]
	}
	out.WriteString(path)
	if e.TrailingSlash && !strings.HasSuffix(out.String(), "/") {
		out.WriteByte('/')
	}
	return out.String()
}

// escapeFilePath escapes the names of a path and keeps the slashes between them, as Bitbucket wants the paths of files.
func escapeFilePath(path string) string {
	names := strings.Split(strings.Trim(path, "/"), "/")
	for i := range names {
		names[i] = url.PathEscape(names[i])
	}
	return strings.Join(names, "/")
}

// isFilePath says whether the text has schema.PathForm. A name of dots would lead the request to another resource.
func isFilePath(path string) bool {
	if path == "/" {
		return true
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/") {
		if name == "" || name == "." || name == ".." {
			return false
		}
	}
	return true
}

// Inputs are the bound parameters that go into the query and not into the path.
func (f *Fetch) Inputs(b Binding) map[string]string {
	out := map[string]string{}
	for param := range f.Endpoint.Inputs {
		if value, ok := b[param]; ok {
			out[param] = value
		}
	}
	return out
}

// Key names the rows that the fetch reads: two fetches with the same key read the same.
func (f *Fetch) Key() string {
	key := struct {
		Relation, Path string
		Bindings       []Binding
		Queries        []url.Values
		Columns        []int
		Without        int
		Constants      map[int]any
		Limit          int64
		Count, Empty   bool
		Merge          int
		Firsts         []First
		FirstCount     bool
		Horizon        *Horizon
		Group          *Group
		Skip           *Skip
		Parent         string
	}{
		Relation: f.Relation.String(), Path: f.Endpoint.Path, Bindings: f.Bindings, Queries: f.Queries,
		Columns: f.Columns, Without: f.Without, Constants: f.Constants, Limit: f.Limit, Count: f.Count, Empty: f.Empty, Merge: f.Merge, Horizon: f.Horizon, Firsts: f.Firsts, FirstCount: f.FirstCount, Group: f.Group, Skip: f.Skip,
	}
	if f.Parent != nil {
		key.Parent = f.Parent.Key()
	}
	text, err := json.Marshal(key)
	if err != nil {
		return "" // A value that JSON cannot hold, such as an infinity: the fetch has no name and is not shared.
	}
	return string(text)
}
