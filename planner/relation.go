// Package planner turns a scan that SQLite asks for (columns, constraints, order, limit) into the fewest requests that hold
// every row it can need. It is pure: it knows neither the network nor SQLite, and the same question always has the same
// answer. The work is in two steps. Best runs while a statement is prepared, when values may be unknown: it chooses an
// endpoint and what to push, as a Plan. Bind runs when the scan starts, with values: it makes the requests of a Fetch.
//
// The rule that both keep: what is pushed only ever removes rows that the statement cannot need.
package planner

import (
	"strings"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Relation is a table as it stands in a schema.
type Relation struct {
	// Schema is Information, Workspace, the slug of a repository or the key of a project.
	Schema string
	Table  *schema.Table
	// Workspace is the slug of the workspace.
	Workspace string
	// Repository and Project are the slug of the repository and the key of the project whose schema it may be; empty in
	// Information and Workspace.
	Repository, Project string
}

// NewRelation returns the table of that name in a schema, or nil. Any schema that is neither Information nor Workspace is
// that of a repository and of a project: their tables have different names, slugs are in lower case and keys in capitals, so
// that one schema can show both without asking which there is.
func NewRelation(workspace, schemaName, table string) *Relation {
	for _, r := range Relations(workspace, schemaName) {
		if equalFold(r.Table.Name, table) {
			return r
		}
	}
	return nil
}

// Relations returns the tables of a schema.
func Relations(workspace, schemaName string) []*Relation {
	var out []*Relation
	switch {
	case equalFold(schemaName, schema.Information):
		for _, t := range schema.Tables() {
			if t.Scope == schema.InformationScope {
				out = append(out, &Relation{Schema: schema.Information, Table: t, Workspace: workspace})
			}
		}
	case equalFold(schemaName, schema.Workspace):
		for _, t := range workspaceTables() {
			out = append(out, &Relation{Schema: schema.Workspace, Table: t, Workspace: workspace})
		}
	default:
		for _, t := range schema.Tables() {
			if t.Scope != schema.InformationScope {
				out = append(out, &Relation{
					Schema: schemaName, Table: t, Workspace: workspace,
					Repository: strings.ToLower(schemaName), Project: strings.ToUpper(schemaName),
				})
			}
		}
	}
	return out
}

// workspaceTables are the tables of the schema Workspace, made once: relations are compared by their table's address.
var workspaceTables = sync.OnceValue(func() []*schema.Table {
	var out []*schema.Table
	for _, t := range schema.Tables() {
		if w := t.InWorkspace(); w != nil {
			out = append(out, w)
		}
	}
	return out
})

// parent returns the relation that supplies path parameters, or nil.
func (r *Relation) parent() *Relation {
	if r.Table.Parent == nil {
		return nil
	}
	in := r.Schema
	if schema.Lookup(r.Table.Parent.Table).Scope == schema.InformationScope {
		in = schema.Information
	}
	return NewRelation(r.Workspace, in, r.Table.Parent.Table)
}

// String returns the qualified name.
func (r *Relation) String() string { return r.Schema + "." + r.Table.Name }
