package thirdparty

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// generic are the parameters that Atlassian documents for all lists or all operations, outside of their declarations
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/: pagination, filtering, partial response).
var generic = []string{"page", "pagelen", "fields", "ctx"}

// filterable are the lists that take q and sort although neither their declaration nor their description says so.
var filterable = map[string]string{
	"/repositories/{workspace}/{repo_slug}/issues":                                  "the introduction's examples of filtering are of this list",
	"/workspaces/{workspace}/projects":                                              "used in production by PostHog's importer (api-facts.md, section 2)",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments": "used in production by PostHog's importer (api-facts.md, section 2)",
}

// repeatable are the parameters that may come more than once.
var repeatable = map[string]string{
	"/repositories/{workspace}/{repo_slug}/pullrequests state":   "its description says so",
	"/workspaces/{workspace}/pullrequests/{selected_user} state": "its description says so",
	"/repositories/{workspace}/{repo_slug}/pipelines status":     "seen in live answers of October 2026 (api-facts.md, section 2)",
}

// Every request that the driver makes, for statements over all tables, is one that the document allows; and together the
// statements use every endpoint, every filter and every order that the tables declare.
func TestRequestsAreDocumented(t *testing.T) {
	d := openDocument(t)
	config := small
	config.Repositories, config.Issues = 0, true // all those that examples name, and the tracker that is gone
	fake := startFake(t, config)
	db, recorded := openRecorded(t, fake.DSN())
	used := newUsage()
	told := make(map[string]bool)
	list := awkward(t, db)
	for _, table := range schema.Tables() {
		list = append(list, statements(t, db, table)...)
	}
	for _, s := range list {
		recorded.take()
		if _, err := collect(t.Context(), db, s.text, s.args...); err != nil {
			t.Errorf("%s %v: %v", s.text, s.args, err)
		}
		exchanges := recorded.take()
		for i := range exchanges {
			for _, problem := range d.judge(&exchanges[i]) {
				_, path, _, _ := d.find(strings.TrimPrefix(exchanges[i].url.EscapedPath(), "/2.0/"))
				if !told[path+problem] {
					told[path+problem] = true
					t.Errorf("%s %v:\n\t%s %s: %s", s.text, s.args, exchanges[i].method, exchanges[i].url.RequestURI(), problem)
				}
			}
			used.note(d, &exchanges[i])
		}
	}
	t.Logf("%d statements", len(list))
	used.check(t)
}

// judge tells what the document does not allow in a request.
func (d *document) judge(x *exchange) (problems []string) {
	if x.led || young(x) != "" {
		return nil // not of the driver's making, or not in the document yet
	}
	below, ok := strings.CutPrefix(x.url.EscapedPath(), "/2.0/")
	if !ok {
		return []string{"is not below the base"}
	}
	d, path, params, problem := d.find(below)
	if problem != "" {
		return []string{problem}
	}
	item := d.Paths.Value(path)
	operation := item.GetOperation(x.method)
	if operation == nil {
		return []string{"the document has no " + x.method + " " + path}
	}
	query, err := url.ParseQuery(x.url.RawQuery)
	if err != nil {
		return []string{err.Error()}
	}
	for name, values := range query {
		declared := slices.ContainsFunc(parameters(operation, item), func(p *openapi3.Parameter) bool {
			return p.In == openapi3.ParameterInQuery && p.Name == name
		})
		switch {
		case declared || slices.Contains(generic, name):
		case shows(operation, name):
		case (name == "q" || name == "sort") && (filterable[path] != "" || strings.Contains(operation.Description, "filtering")):
		default:
			problems = append(problems, "the parameter "+name+" is not declared")
		}
		if len(values) > 1 && repeatable[path+" "+name] == "" {
			problems = append(problems, "the parameter "+name+" is repeated")
		}
		if slices.Contains(values, "") {
			problems = append(problems, "the parameter "+name+" is empty")
		}
	}
	for _, one := range alternatives(query) {
		if err := d.validate(x, path, item, operation, params, one); err != nil {
			problems = append(problems, err.Error())
		}
	}
	return append(problems, d.judgeFields(path, operation, query.Get("fields"))...)
}

// shows tells whether an example in the operation's description has the parameter.
func shows(operation *openapi3.Operation, parameter string) bool {
	return strings.Contains(operation.Description, "?"+parameter+"=") || strings.Contains(operation.Description, "&"+parameter+"=")
}

// alternatives are queries with one value of each parameter, for declarations that do not say that one may be repeated.
func alternatives(query url.Values) []url.Values {
	longest := 1
	for _, values := range query {
		longest = max(longest, len(values))
	}
	list := make([]url.Values, longest)
	for i := range list {
		list[i] = url.Values{}
		for name, values := range query {
			value := values[min(i, len(values)-1)]
			if name == "sort" {
				value = strings.TrimPrefix(value, "-") // which the introduction allows everywhere and no declaration has
			}
			list[i].Set(name, value)
		}
	}
	return list
}

// validate lets kin-openapi judge types, enumerations and required parameters.
func (d *document) validate(
	x *exchange, path string, item *openapi3.PathItem, operation *openapi3.Operation, params map[string]string, query url.Values,
) error {
	u := *x.url
	u.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(context.Background(), x.method, u.String(), http.NoBody)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, QueryParams: query,
		Route:   &routers.Route{Spec: d.T, Path: path, PathItem: item, Method: x.method, Operation: operation},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

// judgeFields tells which members of a partial response the document does not declare for the answer. Members that columns
// read although they are not declared have their proof in undocumented.
func (d *document) judgeFields(path string, operation *openapi3.Operation, fields string) (problems []string) {
	answered := answer(operation)
	if fields == "" || answered == nil {
		return nil
	}
	for field := range strings.SplitSeq(fields, ",") {
		field = strings.TrimPrefix(field, "+")
		if field == "type" || field == "values.type" {
			continue // which most objects have: it is asked for when no member is read
		}
		if _, missing := d.resolve([]*openapi3.SchemaRef{answered}, field); missing != "" && !proven(path, missing) {
			problems = append(problems, "the field "+field+" is not declared")
		}
	}
	return problems
}

// proven tells whether a column with an exception reads the member.
func proven(path, field string) bool {
	field = strings.TrimPrefix(field, "values.")
	found := false
	endpoints(func(table *schema.Table, e *schema.Endpoint, _ bool) {
		if e.Path != path {
			return
		}
		for _, column := range table.Columns {
			if _, ok := undocumented[table.Name+"."+column.Name]; ok {
				for p := range strings.SplitSeq(column.Path, "|") {
					found = found || p == field || strings.HasPrefix(p, field+".")
				}
			}
		}
	})
	return found
}

// statement is one of the statements that are to exercise a table.
type statement struct {
	text string
	args []any
}

// statements exercise a table: each column, the count, each filter with each of its operators, each order, each key, and the
// table as it appears in the schema Workspace.
func statements(t *testing.T, db *sql.DB, table *schema.Table) []statement {
	t.Helper()
	in := schemaOf(table)
	name := in + "." + table.Name
	var list []statement
	add := func(text string, args ...any) { list = append(list, statement{text, args}) }
	for _, example := range table.Examples {
		add(example.SQL)
	}
	if needed := needs(table); len(needed) > 0 {
		if len(table.Examples) == 0 {
			t.Errorf("%s needs values for %q and has no example that gives them", table.Name, needed)
		}
		return list
	}
	add("SELECT * FROM " + name + " LIMIT 20")
	add("SELECT count(*) FROM " + name)
	for _, column := range table.Columns {
		add("SELECT " + column.Name + " FROM " + name + " LIMIT 2")
	}
	for i := range table.Endpoints {
		e := &table.Endpoints[i]
		where, values := "", []any(nil)
		columns := bound(e)
		if len(columns) > 0 {
			if values = sample(t, db, name, columns...); values != nil {
				where = equalities(columns)
			}
		}
		for _, s := range e.Sorts {
			from := name
			if where != "" { // one list sorts, and several do not
				from += " WHERE " + where
			}
			add("SELECT "+s.Column+" FROM "+from+" ORDER BY "+s.Column+" LIMIT 3", values...)
			add("SELECT "+s.Column+" FROM "+from+" ORDER BY "+s.Column+" DESC LIMIT 3", values...)
		}
		for j := range e.Filters {
			for _, s := range comparisons(t, db, name, table, &e.Filters[j]) {
				if i > 0 && where != "" { // or the first endpoint is the one that filters
					s.text, s.args = where+" AND "+s.text, slices.Concat(values, s.args)
				}
				add("SELECT "+strings.Join(table.Key, ", ")+" FROM "+name+" WHERE "+s.text+" LIMIT 10", s.args...)
			}
		}
		if where != "" {
			add("SELECT * FROM "+name+" WHERE "+where+" LIMIT 10", values...)
		}
	}
	if where, values := keyOf(t, db, name, table); where != "" {
		add("SELECT * FROM "+name+" WHERE "+where, values...)
	}
	if table.Parent != nil {
		on := parentCondition(table)
		add("SELECT p.*, c.* FROM " + in + "." + table.Parent.Table + " p JOIN " + name + " c ON " + on + " LIMIT 10")
		add("SELECT count(*) FROM " + in + "." + table.Parent.Table + " p WHERE EXISTS (SELECT 1 FROM " + name + " c WHERE " + on + ")")
	}
	all := schema.Workspace + "." + table.Name
	switch {
	case table.InWorkspace() == nil:
	case table.Scope == schema.ProjectScope:
		add("SELECT ProjectKey, " + strings.Join(table.Key, ", ") + " FROM " + all + " LIMIT 30")
		add("SELECT p.Name, x.* FROM Information.Projects p JOIN " + all + " x ON x.ProjectKey = p.Key WHERE p.Key IN ('PLAT', 'WEB')")
	default:
		add("SELECT RepositorySlug, " + strings.Join(table.Key, ", ") + " FROM " + all + " LIMIT 30")
		add("SELECT * FROM " + all + " WHERE RepositorySlug IN ('platform', 'web-app') LIMIT 30")
		add("SELECT r.Slug, count(*) FROM Information.Repositories r JOIN " + all + " x ON x.RepositorySlug = r.Slug WHERE r.Language = 'go' GROUP BY 1")
	}
	return list
}

// awkward are statements whose values need quoting in BBQL, in a query or in a path, or that need several requests.
func awkward(t *testing.T, db *sql.DB) []statement {
	t.Helper()
	text := `a "quoted" \ & + # ? % ; é 🚀 = 'x' (AND) id>1`
	many := make([]any, 120)
	for i := range many {
		many[i] = i + 1
	}
	branch := run(t, db, "SELECT Name FROM platform.Branches WHERE Name LIKE '%/%' LIMIT 1")[0][0]
	return []statement{
		{"SELECT Id FROM platform.PullRequests WHERE Title = ?", []any{text}},
		{"SELECT Id FROM platform.PullRequests WHERE Title LIKE '%\"q\" & ?%'", nil},
		{"SELECT Id FROM platform.PullRequests WHERE SourceBranchName IN (?, ?) AND State <> 'OPEN' AND Draft = 0", []any{text, branch}},
		{"SELECT Id FROM platform.PullRequests WHERE (State = 'OPEN' OR Title = ?) " +
			"AND CreatedOn BETWEEN '2020-01-01' AND '2030-01-01T00:00:00.5+02:00'", []any{text}},
		{"SELECT Id FROM platform.PullRequests WHERE Id IN (?" + strings.Repeat(", ?", len(many)-1) + ")", many},
		{"SELECT * FROM platform.Branches WHERE Name = ?", []any{branch}},
		{"SELECT Name FROM platform.Branches WHERE Name LIKE '%/%' ORDER BY TargetDate DESC LIMIT 3 OFFSET 2", nil},
		{"SELECT Slug FROM Repositories WHERE Description LIKE '%`docs/`%' OR Language = ?", []any{text}},
		{"SELECT UUID FROM Users WHERE Nickname = ? AND AccountId = ?", []any{text, text}},
	}
}

// schemaOf is the schema that has the table, of those that the fake has.
func schemaOf(table *schema.Table) string {
	switch table.Scope {
	case schema.RepositoryScope:
		return "platform"
	case schema.ProjectScope:
		return "PLAT"
	}
	return schema.Information
}

// needs are the columns without whose values the table cannot be read.
func needs(table *schema.Table) (columns []string) {
	e := &table.Endpoints[0]
	for param, column := range e.Binds {
		if table.Parent != nil && table.Parent.Columns[column] != "" || e.Defaults[param] != nil {
			continue
		}
		columns = append(columns, column)
	}
	for _, param := range e.Required {
		columns = append(columns, e.Inputs[param])
	}
	slices.Sort(columns)
	return columns
}

// keyOf is a condition for one row of the table, with its values, or empty for a table without rows.
func keyOf(t *testing.T, db *sql.DB, name string, table *schema.Table) (condition string, values []any) {
	t.Helper()
	rows := run(t, db, "SELECT "+strings.Join(table.Key, ", ")+" FROM "+name+" LIMIT 1")
	if len(rows) == 0 {
		return "", nil
	}
	var terms []string
	for i, column := range table.Key {
		if rows[0][i] == nil {
			terms = append(terms, column+" IS NULL")
			continue
		}
		terms, values = append(terms, column+" = ?"), append(values, rows[0][i])
	}
	return strings.Join(terms, " AND "), values
}

// bound are the columns of the row that fill the path.
func bound(e *schema.Endpoint) []string {
	var columns []string
	for _, m := range pathParameter.FindAllStringSubmatch(e.Path, -1) {
		if column := e.Binds[m[1]]; column != "" {
			columns = append(columns, column)
		}
	}
	return columns
}

func equalities(columns []string) string { return strings.Join(columns, " = ? AND ") + " = ?" }

func parentCondition(table *schema.Table) string {
	var terms []string
	for column, from := range table.Parent.Columns {
		terms = append(terms, "c."+column+" = p."+from)
	}
	return strings.Join(terms, " AND ")
}

// sample is a row's values, of one that has them all, or nil. What no row has, such as the inputs of a table, is for its
// examples to use.
func sample(t *testing.T, db *sql.DB, name string, columns ...string) []any {
	t.Helper()
	rows := run(t, db, "SELECT "+strings.Join(columns, ", ")+" FROM "+name+" WHERE "+strings.Join(columns, " IS NOT NULL AND ")+" IS NOT NULL LIMIT 1")
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// made are values for columns that have none in the fake.
var made = map[schema.Type][]any{
	schema.Text: {"made up"}, schema.Integer: {7}, schema.Real: {7.5}, schema.Boolean: {true}, schema.Timestamp: {"2024-02-29 12:00:00"},
}

// comparisons are the conditions that a filter takes, with values of the table.
func comparisons(t *testing.T, db *sql.DB, name string, table *schema.Table, f *schema.Filter) []statement {
	t.Helper()
	var values []any
	switch {
	case f.Needed:
		values = []any{"ada@acme.example"}
	case len(f.Spelling) > 0:
		for value := range f.Spelling {
			values = append(values, value)
		}
	case len(f.Values) > 0:
		for _, value := range f.Values {
			values = append(values, value)
		}
	default:
		if values = sample(t, db, name, f.Column); values == nil {
			values = made[table.Columns[table.Column(f.Column)].Type]
		}
	}
	var list []statement
	for _, o := range []struct {
		op   schema.Ops
		text string
	}{
		{schema.EQ, " = ?"},
		{schema.NE, " <> ?"},
		{schema.LT, " < ?"},
		{schema.LE, " <= ?"},
		{schema.GT, " > ?"},
		{schema.GE, " >= ?"},
	} {
		if f.Ops.Has(o.op) {
			for _, v := range values {
				list = append(list, statement{f.Column + o.text, []any{v}})
			}
		}
	}
	if f.Ops.Has(schema.IN) {
		list = append(list, statement{f.Column + " IN (?, ?)", []any{values[0], values[len(values)-1]}})
	}
	if f.Ops.Has(schema.LIKE) {
		text := fmt.Sprint(values[0])
		list = append(list, statement{f.Column + " LIKE '%" + strings.ReplaceAll(text[:min(len(text), 6)], "'", "''") + "%'", nil})
	}
	if f.Ops.Has(schema.ISNULL) {
		list = append(list, statement{f.Column + " IS NULL", nil})
	}
	if f.Ops.Has(schema.NOTNULL) {
		list = append(list, statement{f.Column + " IS NOT NULL", nil})
	}
	return list
}
