package driver

import (
	"context"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// consumption is how much of its scans a statement reads, as far as its text tells. A wrong guess costs time or requests, never
// rows.
type consumption struct {
	// whole says that nothing in the statement ends a scan early.
	whole bool
	// sorted says that it has a LIMIT, but only behind a sorter or an aggregate, which reads all there is, unless the rows come in
	// the order that is asked for.
	sorted bool
	// alone says that the statement makes one scan.
	alone bool
	// repeated says that scans are repeated for all the rows of others: EXISTS ends only its own, and a LIMIT, which limited tells,
	// is that of the whole statement, behind a sorter or an aggregate.
	repeated, limited bool
	// inOrder says that a scan has begun whose rows come in the order that was asked for.
	inOrder bool
}

// consumption looks at a statement.
func (c *conn) consumption(ctx context.Context, ts dialect.Words) consumption {
	out := consumption{whole: !dialect.HasLimit(ts)}
	if len(c.viewTexts(ctx)) > 0 {
		return out // What a name stands for is another statement.
	}
	selects, tables, sorts, exists := 0, 0, false, false
	depth, limits, inner, outermost := 0, 0, false, false
	places := ts.Clauses()
	for i := range ts {
		if places[i] == dialect.TablePlace {
			tables++
		}
		switch {
		case ts.Op(i, "("):
			depth++
		case ts.Op(i, ")"):
			depth--
		}
		switch ts.Word(i) {
		case "SELECT", "VALUES":
			selects++
		case "EXISTS":
			exists = true
		case "GROUP", "ORDER":
			sorts = sorts || ts.Word(i+1) == "BY"
			outermost = outermost || depth == 0 && ts.Word(i+1) == "BY"
		case "COUNT", "SUM", "TOTAL", "AVG":
			sorts = sorts || ts.Op(i+1, "(")
			outermost = outermost || depth == 0 && ts.Op(i+1, "(")
		case "LIMIT", "TOP", "FETCH":
			limits++
			inner = inner || depth > 0
		}
	}
	out.repeated, out.limited = limits == 0 || outermost && !inner, limits > 0
	out.alone = selects == 1 && tables == 1
	out.sorted = selects == 1 && !exists && sorts && !out.whole
	return out
}

// readsAll says whether a scan that now begins is read to its end.
func (c *consumption) readsAll(p *planner.Plan) bool {
	c.inOrder = c.inOrder || p.InOrder()
	return c.whole || c.sorted && !c.inOrder
}

// repeatsAll says whether a scan is repeated for all the rows that bring it.
func (c *consumption) repeatsAll() bool { return c.repeated && !(c.limited && c.inOrder) }

// use is what the statement does with the columns of a relation, or nil.
func (s *statement) use(r *planner.Relation) *planner.TableUse {
	if s == nil {
		return nil
	}
	if u := s.tableUse(); u != nil && strings.EqualFold(u.Table, r.Table.Name) && s.means(u.Schema, r) {
		return u
	}
	return nil
}

// means says whether the schema that a statement names before a table's name, or that it does not name, is that of a relation.
func (s *statement) means(named string, r *planner.Relation) bool {
	return named == "" && !s.temporary || strings.EqualFold(named, r.Schema)
}
