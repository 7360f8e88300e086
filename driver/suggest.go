package driver

import (
	"slices"
	"strings"
)

// closest returns up to three of the candidates that a misspelt name may have meant, best first: those within a third of
// its length in edits, those that it is a shortening of, and those that are a part of it. Case does not count.
func closest(name string, candidates []string) []string {
	type match struct {
		name string
		cost int
	}
	var matches []match
	given := strings.ToLower(name)
	for _, candidate := range candidates {
		known := strings.ToLower(candidate)
		distance := editDistance(given, known)
		switch {
		case isShortened(given, known):
			matches = append(matches, match{candidate, min(distance, (len(known)-len(given))/3)})
		case len(known) >= 3 && strings.Contains(given, known) || 2*len(known) > len(given) && isShortened(known, given):
			matches = append(matches, match{candidate, min(distance, (len(given)-len(known))/2)})
		case distance <= max(1, min(len(given), len(known))/3):
			matches = append(matches, match{candidate, distance})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return a.cost - b.cost })
	var names []string
	for _, m := range matches {
		if len(names) < 3 && !slices.Contains(names, m.name) {
			names = append(names, m.name)
		}
	}
	return names
}

// isShortened tells whether a name is the other with letters left out, of more than one place only if enough are left: the letters
// of a short name are found in any long one.
func isShortened(short, long string) bool {
	if len(short) < 3 {
		return false
	}
	if len(short) == 3 || len(long) > 2*len(short) {
		return strings.Contains(long, short)
	}
	i := 0
	for j := 0; j < len(long) && i < len(short); j++ {
		if short[i] == long[j] {
			i++
		}
	}
	return i == len(short)
}

// editDistance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string
// alignment). It counts bytes, since the names it is for are ASCII.
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// didYouMean ends a message with the suggestions: `; did you mean "a" or "b"?`, or nothing.
func didYouMean(suggestions []string) string {
	if len(suggestions) == 0 {
		return ""
	}
	quoted := make([]string, len(suggestions))
	for i, s := range suggestions {
		quoted[i] = `"` + s + `"`
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}
