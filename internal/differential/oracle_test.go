package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
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

// oracle is a SQLite with plain tables that hold everything the fake has.
type oracle struct {
	t      testing.TB
	server *bitbucketfake.Server
	conn   *engine.Conn
	// rows are those of each relation, read once.
	rows map[string][][]any
}

// newOracle loads the schemas Information and Workspace and those of the repositories, the first of which is the default.
func newOracle(t testing.TB, server *bitbucketfake.Server, repositories ...string) *oracle {
	conn, err := engine.Open(engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	o := &oracle{t: t, server: server, conn: conn, rows: map[string][][]any{}}
	for _, name := range append(repositories, schema.Information, schema.Workspace) {
		for _, r := range planner.Relations("acme", name) {
			o.load(name, r.Table)
		}
	}
	return o
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

// tableRows reads a table. Those of the schema Workspace are made of those of all repositories.
func (o *oracle) tableRows(in string, table *schema.Table) [][]any {
	key := in + "." + table.Name
	if rows, ok := o.rows[key]; ok {
		return rows
	}
	var rows [][]any
	switch {
	case in == schema.Workspace:
		for _, repository := range o.tableRows(schema.Information, &schema.Repositories) {
			slug := repository[schema.Repositories.Column("Slug")].(string)
			for _, row := range o.tableRows(slug, schema.Lookup(table.Name)) {
				rows = append(rows, append([]any{slug}, row...))
			}
		}
	case table.Parent != nil:
		parent := schema.Lookup(table.Parent.Table)
		for _, from := range o.tableRows(in, parent) {
			binding := planner.Binding{"repo_slug": in}
			for column, of := range table.Parent.Columns {
				for param, bound := range table.Endpoints[0].Binds {
					if bound == column {
						binding[param] = fmt.Sprint(from[parent.Column(of)])
					}
				}
			}
			rows = append(rows, o.list(table, binding)...)
		}
	default:
		rows = o.list(table, planner.Binding{"repo_slug": in})
	}
	o.rows[key] = rows
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
			if e := element.(object); fmt.Sprint(member(e, table.Endpoints[0].Each.Where)) == table.Endpoints[0].Each.Equals {
				elements = append(elements, e)
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
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer demo")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		o.t.Fatalf("GET %s: %d %v %.300s", address, resp.StatusCode, err, body)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		o.t.Fatalf("GET %s: %v", address, err)
	}
	return true
}
