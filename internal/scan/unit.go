package scan

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"

	"github.com/seed281e34fa/bitbucketsql/planner"
)

// unit is one list or object to read.
type unit struct {
	binding planner.Binding
	query   url.Values
}

// unitSource gives the units of a fetch, in the order of their rows.
type unitSource interface {
	next(ctx context.Context) (unit, error)
	// ready says that next need not wait.
	ready() bool
	close()
}

func (s *Session) unitsOf(f *planner.Fetch) unitSource {
	if f.Parent == nil {
		return &fixedUnits{fetch: f}
	}
	parent := s.Open(f.Parent)
	return &parentUnits{fetch: f, parent: &run{read: parent.Next, stop: func() { parent.Close() }}, ahead: parent.eager}
}

// fixedUnits are known from the statement.
type fixedUnits struct {
	fetch *planner.Fetch
	i     int
}

func (u *fixedUnits) next(context.Context) (unit, error) {
	queries := u.fetch.Queries
	if u.i >= len(u.fetch.Bindings)*len(queries) {
		return unit{}, io.EOF
	}
	out := unit{binding: u.fetch.Bindings[u.i/len(queries)], query: queries[u.i%len(queries)]}
	u.i++
	return out, nil
}

func (u *fixedUnits) ready() bool { return true }

func (u *fixedUnits) close() {}

// parentUnits come from the rows of the parent table.
type parentUnits struct {
	fetch  *planner.Fetch
	parent *run
	// ahead says that the parent is to be read while its rows so far are being used.
	ahead    bool
	bindings []planner.Binding
	query    int
}

func (u *parentUnits) next(ctx context.Context) (unit, error) {
	if u.ahead {
		u.ahead = false
		u.parent.ahead(ctx)
	}
	for len(u.bindings) == 0 {
		p, err := u.parent.next(ctx)
		if err != nil {
			return unit{}, err
		}
		slots := map[int]int{}
		for slot, column := range p.Columns {
			slots[column] = slot
		}
		for row := range p.Rows {
			for _, chosen := range u.fetch.Bindings {
				b := maps.Clone(chosen)
				for param, column := range u.fetch.Supply {
					if b[param] = cellText(p, p.Cell(row, slots[column])); b[param] == "" {
						parent := u.fetch.Parent.Relation // An empty segment would make the path that of something else.
						return unit{}, fmt.Errorf("bitbucket: a row of %s has no %s, so that its %s cannot be asked for", parent, parent.Table.Columns[column].Name, u.fetch.Relation.Table.Name)
					}
				}
				u.bindings = append(u.bindings, b)
			}
		}
	}
	out := unit{binding: u.bindings[0], query: u.fetch.Queries[u.query]}
	if u.query++; u.query == len(u.fetch.Queries) {
		u.query, u.bindings = 0, u.bindings[1:]
	}
	return out, nil
}

func (u *parentUnits) ready() bool { return len(u.bindings) > 0 || len(u.parent.pages) > 0 }

func (u *parentUnits) close() { u.parent.close() }
