package scan

import "github.com/seed281e34fa/bitbucketsql/internal/page"

// appendRow copies a row of a page to the end of another one with the same columns.
func appendRow(to, from *page.Page, row int) {
	columns := len(from.Columns)
	for _, c := range from.Cells[row*columns : (row+1)*columns] {
		if c.Kind == page.Text || c.Kind == page.Blob {
			text := from.TextOf(c)
			c.V = int64(len(to.Text))
			to.Text = append(to.Text, text...)
		}
		to.Cells = append(to.Cells, c)
	}
	if len(from.RowIDs) > 0 {
		to.RowIDs = append(to.RowIDs, from.RowIDs[row])
	}
	to.Rows++
}
