package scan

import (
	"context"
	"io"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// countedRows is the length of the pages of a count whose rows have columns.
const countedRows = 4096

// count reads the number of rows of a list, and makes that many rows of the constants.
func (s *Session) count(u unit, f *planner.Fetch, req api.Request) *run {
	var rows *counted
	return &run{stop: func() {}, read: func(ctx context.Context) (*page.Page, error) {
		if rows == nil {
			n, err := api.Count(ctx, s.config.Client, req)
			if err != nil {
				return nil, err
			}
			rows = newCounted(f, u)
			rows.add(n, nil)
		}
		return rows.next()
	}}
}

// counted makes the rows that were counted and not read.
type counted struct {
	columns []int
	limit   int64 // of rows; -1 for none
	// row has the cells of a row; that of group, if there is one, changes.
	row    []any
	params map[int]param
	group  int // its slot, or -1
	runs   []repeated
}

// repeated is a number of rows with a value in the group's column.
type repeated struct {
	n     int64
	value any
}

// param is the value of a path parameter that a column repeats.
type param struct {
	kind  schema.Type
	value string
}

func newCounted(f *planner.Fetch, u unit) *counted {
	c := &counted{limit: f.Limit, group: -1, params: map[int]param{}}
	table := f.Relation.Table
	for i := range table.Columns {
		column := &table.Columns[i]
		value, constant := f.Constants[i]
		switch {
		case f.Group != nil && f.Group.Column == i:
			c.group = len(c.columns)
		case constant:
		case column.Param != "" && slices.Contains(f.Columns, i):
			if text, ok := u.binding[column.Param]; ok {
				c.params[len(c.columns)] = param{column.Type, text}
			}
		default:
			continue
		}
		c.columns, c.row = append(c.columns, i), append(c.row, value)
	}
	return c
}

// add puts rows at the end.
func (c *counted) add(n int64, value any) {
	if c.limit >= 0 {
		n = min(n, c.limit)
		c.limit -= n
	}
	if n > 0 {
		c.runs = append(c.runs, repeated{n, value})
	}
}

// next returns the next page, and io.EOF at the end.
func (c *counted) next() (*page.Page, error) {
	if len(c.runs) == 0 {
		return nil, io.EOF
	}
	r := &c.runs[0]
	p := &page.Page{Columns: c.columns, Rows: int(r.n)}
	if len(c.columns) > 0 {
		p.Rows = int(min(r.n, countedRows))
		for slot, value := range c.row {
			switch echo, ok := c.params[slot]; {
			case ok:
				appendParam(p, echo.kind, echo.value)
			case slot == c.group:
				appendValue(p, r.value)
			default:
				appendValue(p, value)
			}
		}
		// Text is shared: all rows of a page are the same.
		row := p.Cells
		p.Cells = make([]page.Cell, 0, p.Rows*len(row))
		for range p.Rows {
			p.Cells = append(p.Cells, row...)
		}
	}
	if r.n -= int64(p.Rows); r.n == 0 {
		c.runs = c.runs[1:]
	}
	return p, nil
}
