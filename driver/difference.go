package driver

import (
	"strings"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// timestampNames are the names, in lower case, that columns of timestamps have and no others.
var timestampNames = sync.OnceValue(func() map[string]bool {
	names, others := map[string]bool{}, map[string]bool{}
	for _, t := range schema.Tables() {
		for i := range t.Columns {
			to := others
			if t.Columns[i].Type == schema.Timestamp {
				to = names
			}
			to[strings.ToLower(t.Columns[i].Name)] = true
		}
	}
	for name := range others {
		delete(names, name)
	}
	return names
})

// differences guards a - b where both look like timestamps. PostgreSQL has an interval there, and SQLite would subtract the years,
// which nobody means. Whether they are timestamps is known when the statement runs: SUBTRAHEND(b, a) is b unless they are.
func differences(text string) []dialect.Edit {
	if !strings.Contains(text, "-") {
		return nil
	}
	ts := dialect.WordsOf(text)
	var edits []dialect.Edit
	for i := range ts {
		if !ts.Op(i, "-") {
			continue
		}
		first, end := timestampBefore(ts, i), timestampAt(ts, i+1)
		if first < 0 || end < 0 || bindsTighter(ts, first-1) || bindsTighter(ts, end) || isExtracted(ts, first-1) {
			continue
		}
		last := ts[i-1]
		minuend := text[ts[first].Offset : last.Offset+len(last.Text)]
		edits = append(edits,
			dialect.Edit{Offset: ts[i+1].Offset, Text: "SUBTRAHEND(" + ts[i+1].Text},
			dialect.Edit{Offset: ts[end-1].Offset, Text: ", " + minuend + ")", After: true})
		if end == i+2 { // one token cannot be replaced and kept
			edits = edits[:len(edits)-1]
			edits[len(edits)-1].Text += ", " + minuend + ")"
		}
	}
	return edits
}

// timestampAt is the index after what looks like a timestamp at i: the name of such a column, one in MIN, MAX or DATE, or the time now;
// -1 if there is none.
func timestampAt(ts dialect.Words, i int) int {
	switch ts.Word(i) {
	case "MIN", "MAX", "DATE", "DATETIME":
		if ts.Op(i+1, "(") {
			if end := timestampAt(ts, i+2); end > 0 && ts.Op(end, ")") {
				return end + 1
			}
			return -1
		}
	case "NOW", "GETDATE", "GETUTCDATE":
		if ts.Op(i+1, "(") && ts.Op(i+2, ")") {
			return i + 3
		}
	case "CURRENT_TIMESTAMP", "CURRENT_DATE":
		if ts.Op(i+1, "(") && ts.Op(i+2, ")") {
			return i + 3
		}
		return i + 1
	}
	for ts.IsName(i) && ts.Op(i+1, ".") && ts.IsName(i+2) {
		i += 2
	}
	if ts.IsName(i) && timestampNames()[strings.ToLower(ts.Name(i))] && !ts.Op(i+1, "(") && !ts.Op(i+1, "::") {
		return i + 1
	}
	return -1
}

// timestampBefore is the index of what looks like a timestamp and ends before i, -1 if there is none.
func timestampBefore(ts dialect.Words, i int) int {
	for first := i - 1; first >= 0 && i-first <= 8; first-- {
		if timestampAt(ts, first) == i && !ts.Op(first-1, ".") && !(ts.Op(first-1, "(") && timestampAt(ts, first-2) > 0) {
			return first
		}
	}
	return -1
}

// bindsTighter says whether the token at i is an operator that would take a part of a difference beside it.
func bindsTighter(ts dialect.Words, i int) bool {
	if i < 0 || i >= len(ts) {
		return false
	}
	switch word := ts.Word(i); word {
	case "COLLATE", "OVER", "FILTER", "INTERVAL":
		return true
	}
	if ts[i].Kind != dialect.Op {
		return false
	}
	switch ts[i].Text {
	case "*", "/", "%", "||", "->", "->>", "+", "-", "~", "::", ".":
		return true
	}
	return false
}

// isExtracted says whether the words up to i begin EXTRACT(part FROM …, which knows differences.
func isExtracted(ts dialect.Words, i int) bool {
	if ts.Op(i, "(") {
		i--
	}
	return ts.Word(i) == "FROM" && ts.Op(i-2, "(") && ts.Word(i-3) == "EXTRACT"
}
