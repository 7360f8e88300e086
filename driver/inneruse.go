package driver

import (
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// numbered compiles a statement once more with numbers at the tables of its aggregate queries, by which BestIndex knows what the query
// that it is asked for does: SQLite says which table it asks for, not where in the statement. It returns nil where there is nothing to
// number, or where the numbers would change anything that shows.
func (r *run) numbered(plain *engine.Stmt, edits []dialect.Edit) *engine.Stmt {
	s := statementOf(r.ctx)
	if len(r.command.edits) > 0 || s.text != r.command.text {
		return nil
	}
	switch planner.Classify(r.command.text).Kind {
	case planner.Select, planner.With:
	default:
		return nil // A view keeps its text, and the numbers are those of this statement.
	}
	edits = slices.Clone(edits)
	for i, u := range s.innerUses() {
		if schema.Lookup(u.Table) == nil || u.Schema == "" && s.temporary || r.conn.views.IsSchema(u.Schema) {
			continue
		}
		text := engine.UseOf(u.Table, i+1)
		if !u.Aliased {
			text += " AS " + dialect.QuoteName(u.Table)
		}
		edits = append(edits, dialect.Edit{Offset: u.Offset, Text: text})
		for _, piece := range u.Opaque {
			edits = append(edits, dialect.Edit{Offset: piece.Before, Text: "(", After: true}, dialect.Edit{Offset: piece.Last, Text: ") IS TRUE", After: true})
		}
	}
	if len(edits) == 0 {
		return nil
	}
	slices.SortStableFunc(edits, func(a, b dialect.Edit) int { return a.Offset - b.Offset })
	rewritten, err := dialect.Rewrite(r.command.text, edits)
	if err != nil {
		return nil
	}
	s.anew()
	numbered, err := r.conn.engine.Prepare(r.ctx, explainPrefix[:r.command.prefix]+rewritten.SQL)
	switch {
	case err != nil:
	case slices.Equal(numbered.Columns(), plain.Columns()) && slices.Equal(numbered.DeclTypes(), plain.DeclTypes()):
		return numbered
	default:
		_ = numbered.Close()
	}
	s.anew()
	return nil
}

// innerUse is what the query that gives a use of a relation its number does with the columns of the relation, or nil.
func (s *statement) innerUse(r *planner.Relation, number int) *planner.InnerUse {
	if s == nil || number < 1 || number > len(s.innerUses()) {
		return nil
	}
	if u := &s.innerUses()[number-1]; strings.EqualFold(u.Table, r.Table.Name) {
		return u
	}
	return nil
}
