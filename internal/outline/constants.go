package outline

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Constants are the rows that the words of a statement, or of a view that it uses, spell out: those of a VALUES, of SELECTs of constants
// that UNION puts together, and of JSON arrays. Each table of them has rows of one length. A value is nil, an int64, a float64 or a
// string; nil is also what is no constant. A join by them asks for their values one after the other. argument is the i-th argument of the
// statement, from 0, and nil if there is none.
func Constants(ts dialect.Words, views map[string]string, argument func(i int) any) [][][]any {
	out := constants(ts, argument)
	anyView(ts, views, func(view dialect.Words) bool {
		out = append(out, constants(view, func(int) any { return nil })...)
		return false
	})
	return out
}

func constants(ts dialect.Words, argument func(i int) any) [][][]any {
	c := constantReader{words: ts, argument: argument, marks: make([]int, len(ts)+1)}
	for i := range ts {
		c.marks[i+1] = c.marks[i]
		if ts[i].Kind == dialect.Param {
			c.marks[i+1]++
		}
	}
	var out [][][]any
	for i := 0; i < len(ts); {
		rows, end := c.rows(i)
		if len(rows) > 1 {
			out = append(out, rows)
		}
		if text, ok := c.value(i, i+1).(string); ok {
			if rows := array(text); len(rows) > 1 {
				out = append(out, rows)
			}
		}
		i = max(i+1, end)
	}
	return out
}

// constantReader reads rows of constants.
type constantReader struct {
	words    dialect.Words
	argument func(i int) any
	// marks are the numbers of parameters before each word.
	marks []int
}

// rows reads the rows that begin at a VALUES or SELECT, and returns where they end: i where none do.
func (c *constantReader) rows(i int) ([][]any, int) {
	ts := c.words
	var rows [][]any
	switch ts.Word(i) {
	case "VALUES":
		end := i + 1
		for ts.Op(end, "(") && (len(rows) == 0 || ts.Op(end-1, ",")) {
			close := ts.Skip(end)
			row := c.list(end+1, close-1)
			if len(rows) > 0 && len(row) != len(rows[0]) {
				break
			}
			rows = append(rows, row)
			if end = close; ts.Op(end, ",") {
				end++
			}
		}
		return rows, end
	case "SELECT":
		for ts.Word(i) == "SELECT" {
			end := i + 1
			for end < len(ts) && !ts.EndsList(end) && !ts.Op(end, ")") && !ts.Op(end, ";") {
				if end++; ts.Op(end, "(") || ts.Word(end) == "SELECT" {
					return rows, i // more than constants
				}
			}
			row := c.list(i+1, end)
			if ts.Word(end) == "FROM" || ts.Word(end) == "WHERE" || len(rows) > 0 && len(row) != len(rows[0]) {
				return rows, i
			}
			rows = append(rows, row)
			if ts.Word(end) != "UNION" {
				return rows, end
			}
			if i = end + 1; ts.Word(i) == "ALL" {
				i++
			}
		}
	}
	return rows, i
}

// list are the values of the expressions between two places.
func (c *constantReader) list(from, to int) []any {
	ts := c.words[:max(from, min(to, len(c.words)))]
	var row []any
	for start := from; ; {
		end := start
		for end < len(ts) && !ts.Op(end, ",") {
			end = ts.Skip(end)
		}
		last := end
		switch { // without the name that it is given
		case last-start > 2 && ts.Word(last-2) == "AS":
			last -= 2
		case last-start > 1 && ts.IsName(last-1):
			last--
		}
		row = append(row, c.value(start, last))
		if end >= len(ts) {
			return row
		}
		start = end + 1
	}
}

// value is the constant between two places, or nil.
func (c *constantReader) value(from, to int) any {
	ts := c.words
	sign := ""
	if to-from == 2 && ts.Op(from, "-") {
		sign = "-"
		from++
	}
	if from >= len(ts) || to-from != 1 {
		return nil
	}
	switch t := ts[from]; {
	case t.Kind == dialect.Number:
		text := sign + strings.ReplaceAll(t.Text, "_", "")
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	case sign != "":
	case t.Kind == dialect.String:
		return t.Value()
	case t.Kind == dialect.Param && t.Text == "?":
		return argument(c.argument(c.marks[from]))
	case t.Kind == dialect.Param && (t.Text[0] == '?' || t.Text[0] == '$'):
		if n, err := strconv.Atoi(t.Text[1:]); err == nil && n > 0 {
			return argument(c.argument(n - 1))
		}
	}
	return nil
}

// argument is a value of an argument as a constant has it, or nil.
func argument(value any) any {
	switch v := value.(type) {
	case int64, float64, string:
		return v
	case []byte:
		return string(v)
	}
	return nil
}

// array are the elements of a JSON array as rows, none where the text is none.
func array(text string) [][]any {
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var elements []any
	if d.Decode(&elements) != nil {
		return nil
	}
	var rows [][]any
	for _, e := range elements {
		var value any
		switch e := e.(type) {
		case json.Number:
			if n, err := e.Int64(); err == nil {
				value = n
			}
		case string:
			value = e
		}
		rows = append(rows, []any{value})
	}
	return rows
}
