package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/outline"
)

// maxGiven bounds the rows of a temporary table that are looked at for the values that a join will ask for.
const maxGiven = 5000

// given are the rows that a statement has without a request: those that its words spell out, and those of temporary tables that it names,
// which are read now. The other tables are looked for among the views, which the connection keeps beside them.
func (c *conn) given(ctx context.Context, words dialect.Words, views map[string]string, args []sqldriver.NamedValue) func() [][][]any {
	var temporary [][][]any
	if c.catalog.temporary && words.Word(0) != "DROP" {
		for name, text := range views {
			if definition := dialect.WordsOf(text); definition.Word(0) == "CREATE" && definition.Word(1) == "TABLE" && mentions(words, name) {
				if rows := c.temporaryRows(ctx, name, maxGiven); len(rows) > 0 {
					temporary = append(temporary, rows)
				}
			}
		}
	}
	return func() [][][]any {
		return append(outline.Constants(words, views, func(i int) any {
			if i >= len(args) {
				return nil
			}
			return args[i].Value
		}), temporary...)
	}
}

// mentions says whether a word of a statement is a name.
func mentions(words dialect.Words, name string) bool {
	for i := range words {
		if strings.EqualFold(words.Name(i), name) {
			return true
		}
	}
	return false
}

// temporaryRows are the first rows of a temporary table; none if it cannot be read.
func (c *conn) temporaryRows(ctx context.Context, name string, most int) [][]any {
	s, err := c.engine.Prepare(ctx, "SELECT * FROM temp."+dialect.QuoteName(name))
	if err != nil {
		return nil
	}
	defer s.Close()
	rows, err := s.Query(ctx, nil)
	if err != nil {
		return nil
	}
	defer rows.Close()
	var out [][]any
	row := make([]sqldriver.Value, len(rows.Columns()))
	for len(out) < most && rows.Next(row) == nil {
		values := make([]any, len(row))
		for i, value := range row {
			switch v := value.(type) {
			case int64, float64, string:
				values[i] = v
			}
		}
		out = append(out, values)
	}
	return out
}
