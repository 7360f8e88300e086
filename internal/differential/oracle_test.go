package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// object is a JSON object.
type object = map[string]any

// oracle is a SQLite with plain tables that hold what the fake has. A table is loaded when a statement first names it.
type oracle struct {
	t      testing.TB
	server *bitbucketfake.Server
	conn   *engine.Conn
	// schemas are those whose tables can be loaded.
	schemas []string
	// rows are those of each relation, read once.
	rows   map[string][][]any
	loaded map[string]bool
}

// project is the project whose schema is loaded.
const project = "PLAT"

// fewRepositories are those that the plain tables of the schema Workspace hold of children of commits, whose statements must
// say so: one of them costs a request for each commit.
var fewRepositories = []string{"cli-tools", "docs-site-fork"}

func newOracle(t testing.TB, server *bitbucketfake.Server, repositories ...string) *oracle {
	conn, err := engine.Open(engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &oracle{
		t: t, server: server, conn: conn, rows: map[string][][]any{}, loaded: map[string]bool{},
		schemas: append(repositories, schema.Information, project, schema.Workspace),
	}
}

// relations are the tables that are shown in a schema and can be read whole.
func relations(in string) []*planner.Relation {
	return slices.DeleteFunc(planner.Relations("acme", in), func(r *planner.Relation) bool {
		scope := schema.RepositoryScope
		if in == project {
			scope = schema.ProjectScope
		}
		return needsValue(r.Table) || in != schema.Information && in != schema.Workspace && r.Table.Scope != scope
	})
}

// needsValue says whether a table cannot be read without a condition.
func needsValue(t *schema.Table) bool {
	e := &t.Endpoints[0]
	if len(e.Required) > 0 {
		return true
	}
	for param, column := range e.Binds {
		if t.Parent != nil && t.Parent.Columns[column] != "" {
			if needsValue(schema.Lookup(t.Parent.Table)) {
				return true
			}
			continue
		}
		if e.Defaults[param] == nil && param != "repo_slug" && param != "project_key" {
			return true
		}
	}
	return false
}

// ofCommits says whether reading the table whole costs a request for each commit.
func ofCommits(t *schema.Table) bool {
	for t.Parent != nil {
		t = schema.Lookup(t.Parent.Table)
		if t == &schema.Commits {
			return true
		}
	}
	return false
}

var words = regexp.MustCompile(`[A-Za-z]+`)

// ensure loads the tables that a statement may name.
func (o *oracle) ensure(text string) {
	named := map[string]bool{}
	for _, word := range words.FindAllString(strings.ToLower(text), -1) {
		named[word] = true
	}
	for _, in := range o.schemas {
		if in == schema.Workspace && !named["workspace"] {
			continue
		}
		for _, r := range relations(in) {
			if key := r.String(); named[strings.ToLower(r.Table.Name)] && !o.loaded[key] {
				o.loaded[key] = true
				o.load(in, r.Table)
			}
		}
	}
}

func (o *oracle) load(in string, table *schema.Table) {
	columns := make([]engine.Column, len(table.Columns))
	for i, c := range table.Columns {
		columns[i] = engine.Column{Name: c.Name, Type: c.Type.String()}
		switch c.Type {
		case schema.Timestamp:
			columns[i].Type, columns[i].Collation = "TIMESTAMP_TEXT", "TIMESTAMP"
		case schema.JSON:
			columns[i].Type = "JSON_TEXT"
		}
	}
	if err := o.conn.Load(in, table.Name, columns, slices.Values(o.tableRows(in, table))); err != nil {
		o.t.Fatal(err)
	}
}

// tableRows reads a table. Those of the schema Workspace are made of those of all repositories or projects.
func (o *oracle) tableRows(in string, table *schema.Table) [][]any {
	key := in + "." + table.Name
	if rows, ok := o.rows[key]; ok {
		return rows
	}
	var rows [][]any
	switch {
	case in == schema.Workspace:
		of, column := &schema.Repositories, "Slug"
		if table.Scope == schema.ProjectScope {
			of, column = &schema.Projects, "Key"
		}
		for _, parent := range o.tableRows(schema.Information, of) {
			name := parent[of.Column(column)].(string)
			if ofCommits(schema.Lookup(table.Name)) && !slices.Contains(fewRepositories, name) {
				continue
			}
			for _, row := range o.tableRows(name, schema.Lookup(table.Name)) {
				rows = append(rows, append([]any{name}, row...))
			}
		}
	case table.Parent != nil:
		parent := schema.Lookup(table.Parent.Table)
		from := in
		if parent.Scope == schema.InformationScope {
			from = schema.Information
		}
		for _, row := range o.tableRows(from, parent) {
			binding := own(in)
			for column, of := range table.Parent.Columns {
				for param, bound := range table.Endpoints[0].Binds {
					if bound == column {
						binding[param] = fmt.Sprint(row[parent.Column(of)])
					}
				}
			}
			rows = append(rows, o.lists(table, binding)...)
		}
	default:
		rows = o.lists(table, own(in))
	}
	o.rows[key] = rows
	return rows
}

// own are the path parameters of a schema.
func own(in string) planner.Binding {
	return planner.Binding{"repo_slug": in, "project_key": in}
}

// lists reads the list of a table for each of the defaults of its path.
func (o *oracle) lists(table *schema.Table, binding planner.Binding) [][]any {
	bindings := []planner.Binding{binding}
	for param, values := range table.Endpoints[0].Defaults {
		var next []planner.Binding
		for _, b := range bindings {
			for _, value := range values {
				b = maps.Clone(b)
				b[param] = value
				next = append(next, b)
			}
		}
		bindings = next
	}
	var rows [][]any
	for _, b := range bindings {
		rows = append(rows, o.list(table, b)...)
	}
	return rows
}

// list reads the rows of one list of a table, page after page by the next links.
func (o *oracle) list(table *schema.Table, binding planner.Binding) [][]any {
	e := &table.Endpoints[0]
	relation := &planner.Relation{Table: table, Workspace: "acme"}
	query := url.Values{}
	for _, p := range e.Unfiltered {
		query.Add(p.Name, p.Value)
	}
	var asked []string
	for _, member := range e.Hidden {
		if member != "user.email" {
			asked = append(asked, "+values."+member)
		}
	}
	if asked != nil {
		query.Set("fields", strings.Join(asked, ","))
	}
	if e.MaxPage > 0 {
		query.Set("pagelen", fmt.Sprint(e.MaxPage))
	}
	if e.Paging == schema.Raw {
		body, ok := o.body(o.server.URL() + "/2.0" + relation.Path(e, binding))
		if !ok {
			return nil
		}
		row := make([]any, len(table.Columns))
		for i, c := range table.Columns {
			switch {
			case c.Param != "":
				row[i] = o.value(&c, nil, nil, binding)
			case c.Type == schema.Blob:
				row[i] = body
			case c.Type == schema.Integer:
				row[i] = int64(len(body))
			default:
				row[i] = strings.ToValidUTF8(string(body), "\uFFFD")
			}
		}
		return [][]any{row}
	}
	if e.Paging == schema.One {
		var v object
		if !o.get(o.server.URL()+"/2.0"+relation.Path(e, binding), &v) {
			return nil
		}
		return o.objectRows(table, e, v, binding)
	}
	var rows [][]any
	next := o.server.URL() + "/2.0" + relation.Path(e, binding) + "?" + query.Encode()
	for next != "" {
		var page struct {
			Next   string
			Values []object
		}
		if !o.get(next, &page) {
			return rows // 404: switched off
		}
		for _, v := range page.Values {
			rows = append(rows, o.objectRows(table, e, v, binding)...)
		}
		next = page.Next
	}
	return rows
}

func (o *oracle) objectRows(table *schema.Table, e *schema.Endpoint, v object, binding planner.Binding) [][]any {
	elements := []object{v}
	if e.Each != nil {
		elements = nil
		list, _ := member(v, e.Each.Member).([]any)
		for _, element := range list {
			if v := element.(object); e.Each.Where == "" || fmt.Sprint(member(v, e.Each.Where)) == e.Each.Equals {
				elements = append(elements, v)
			}
		}
	}
	var rows [][]any
	for _, element := range elements {
		row := make([]any, len(table.Columns))
		for i := range table.Columns {
			row[i] = o.value(&table.Columns[i], element, v, binding)
		}
		if table.Detail != nil {
			b := planner.Binding{}
			for param, column := range table.Detail.Binds {
				b[param] = fmt.Sprint(row[table.Column(column)])
			}
			for k, v := range binding {
				b[k] = v
			}
			var detail object
			o.get(o.server.URL()+"/2.0"+(&planner.Relation{Table: table, Workspace: "acme"}).Path(table.Detail, b), &detail)
			for i := range table.Columns {
				if table.Columns[i].Detail {
					row[i] = o.value(&table.Columns[i], detail, detail, b)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (o *oracle) value(c *schema.Column, element, around object, binding planner.Binding) any {
	if c.Param != "" {
		if _, bound := binding[c.Param]; !bound {
			return nil
		}
		if c.Type == schema.Integer {
			n, err := json.Number(binding[c.Param]).Int64()
			if err != nil {
				o.t.Fatal(err)
			}
			return n
		}
		return binding[c.Param]
	}
	for _, path := range c.Variant {
		if member(element, path) != nil {
			first, _, _ := strings.Cut(path, ".")
			return first
		}
	}
	for _, path := range strings.Split(c.Path, "|") {
		from := element
		if rest, ok := strings.CutPrefix(path, "^."); ok {
			from, path = around, rest
		}
		if v := member(from, path); v != nil {
			return o.typed(c, v)
		}
	}
	return nil
}

func (o *oracle) typed(c *schema.Column, v any) any {
	switch c.Type {
	case schema.JSON:
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			o.t.Fatal(err)
		}
		return strings.TrimSpace(b.String())
	case schema.Timestamp:
		at, err := time.Parse(time.RFC3339Nano, v.(string))
		if err != nil {
			o.t.Fatalf("%s: %v", c.Name, err)
		}
		return timestamp.Format(at)
	}
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			o.t.Fatal(err)
		}
		return f
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case string:
		return v
	}
	o.t.Fatalf("column %s: unexpected value %v (%T)", c.Name, v, v)
	return nil
}

// member returns the value at a dotted path, or nil.
func member(o object, path string) any {
	var v any = o
	if path == "." {
		return v
	}
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(object)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// get reads a JSON document; false for a 404.
func (o *oracle) get(address string, into any) bool {
	body, ok := o.body(address)
	if !ok {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		o.t.Fatalf("GET %s: %v", address, err)
	}
	return true
}

// body reads a document; false for a 404.
func (o *oracle) body(address string) ([]byte, bool) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+fakeToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotFound:
		return nil, false
	case http.StatusAccepted: // Bitbucket is preparing it
		return o.body(address)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		o.t.Fatalf("GET %s: %d %v %.300s", address, resp.StatusCode, err, body)
	}
	return body, true
}
