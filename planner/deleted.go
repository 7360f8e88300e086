package planner

import (
	"slices"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// deletedColumn is the name of the boolean column that marks rows that were deleted and are still listed.
const deletedColumn = "Deleted"

// Deleted returns the place of the column that marks deleted rows, or -1 when the table has none.
func Deleted(t *schema.Table) int {
	return slices.IndexFunc(t.Columns, func(c schema.Column) bool {
		return c.Name == deletedColumn && c.Type == schema.Boolean && c.Path != "" && !c.Detail
	})
}

// leaveOutDeleted has deleted rows dropped when they are decoded, for which their column must be read. It is the statement's own
// scan that they are left out of: a deleted row still supplies the path parameters of other tables.
func (c *candidate) leaveOutDeleted(t *schema.Table) {
	column := Deleted(t)
	if column < 0 {
		return
	}
	c.plan.Without = column + 1
	c.plan.Columns = append(c.plan.Columns, column)
	slices.Sort(c.plan.Columns)
	c.plan.Columns = slices.Compact(c.plan.Columns)
}
