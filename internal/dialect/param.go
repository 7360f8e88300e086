package dialect

import (
	"slices"
	"strconv"
)

// number gives every parameter its index as SQLite counts (https://sqlite.org/lang_expr.html#varparam): ?N is N, ? is one
// more than the largest so far, and so is a name at its first use. $1 becomes PostgreSQL's ?1.
func number(head *node) []Parameter {
	var params []Parameter
	byName := map[string]int{}
	largest := 0
	for n := head.next; n.Kind != edge; n = n.next {
		if n.Kind != Param {
			continue
		}
		if n.Text[0] == '$' {
			if _, err := strconv.Atoi(n.Text[1:]); err == nil {
				n.Text = "?" + n.Text[1:]
			}
		}
		if n.index, largest = index(n.Text, largest, byName); n.index > 0 {
			name := ""
			if n.Text[0] != '?' {
				name = n.Value()
			}
			params = append(params, Parameter{Index: n.index, Name: name})
		}
	}
	slices.SortStableFunc(params, func(a, b Parameter) int {
		if a.Index != b.Index {
			return a.Index - b.Index
		}
		return len(b.Name) - len(a.Name) // a named use tells more than ?N
	})
	return slices.CompactFunc(params, func(a, b Parameter) bool { return a.Index == b.Index })
}

// index is the index of the parameter text after others up to largest; 0 when SQLite refuses it.
func index(text string, largest int, byName map[string]int) (i, newLargest int) {
	switch {
	case text == "?":
		return largest + 1, largest + 1
	case text[0] == '?':
		i, err := strconv.Atoi(text[1:])
		if err != nil || i < 1 {
			return 0, largest
		}
		return i, max(i, largest)
	}
	if i = byName[text]; i == 0 {
		i = largest + 1
		byName[text] = i
	}
	return i, max(i, largest)
}

// indexes are those of the parameters from first to last.
func indexes(first, last *node) (list []int) {
	for n := first; ; n = n.next {
		if n.Kind == Param {
			list = append(list, n.index)
		}
		if n == last {
			return list
		}
	}
}

// reindex gives the parameters from first to last that were written anew the indexes of those that they stand for, again and again.
// Counted where they stand now, they would be other ones.
func reindex(first, last *node, indexes []int) {
	used := 0
	for n := first; ; n = n.next {
		if n.Kind == Param && n.index == 0 && len(indexes) > 0 {
			n.index = indexes[used%len(indexes)]
			used++
		}
		if n == last {
			return
		}
	}
}

// renumber spells every parameter ?N when respelling has moved them so that SQLite would count otherwise.
func renumber(head *node) {
	byName := map[string]int{}
	largest, moved := 0, false
	for n := head.next; n.Kind != edge; n = n.next {
		if n.Kind == Param {
			i := 0
			i, largest = index(n.Text, largest, byName)
			moved = moved || i != n.index
		}
	}
	if !moved {
		return
	}
	for n := head.next; n.Kind != edge; n = n.next {
		if n.Kind == Param && n.index > 0 {
			n.Text = "?" + strconv.Itoa(n.index)
		}
	}
}
