package driver

import (
	"fmt"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// checkPseudoColumns checks the property PseudoColumns: pairs Table=Column with a semicolon or comma between them, where *
// stands for all. What it asks to be shown is shown anyway; a name that does not exist is a slip to tell of.
func checkPseudoColumns(list string) (problems []string) {
	for pair := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ';' || r == ',' }) {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		table, column, ok := strings.Cut(pair, "=")
		table, column = strings.TrimSpace(table), strings.TrimSpace(column)
		if !ok || table == "" || column == "" {
			problems = append(problems, fmt.Sprintf("%q is not of the form Table=Column", strings.TrimSpace(pair)))
			continue
		}
		if problem := checkPseudoColumn(table, column); problem != "" {
			problems = append(problems, problem)
		}
	}
	return problems
}

func checkPseudoColumn(table, column string) (problem string) {
	var tables, columns []string
	found := false
	for _, t := range schema.Tables() {
		tables = append(tables, t.Name)
		if table != "*" && !strings.EqualFold(table, t.Name) {
			continue
		}
		found = true
		if column == "*" {
			return ""
		}
		for i := range t.Columns {
			columns = append(columns, t.Columns[i].Name)
			if strings.EqualFold(column, t.Columns[i].Name) {
				return ""
			}
		}
	}
	switch {
	case !found:
		return "there is no table " + table + didYouMean(closest(table, tables))
	case table == "*":
		return "no table has a column " + column + didYouMean(closest(column, columns))
	}
	return "table " + table + " has no column " + column + didYouMean(closest(column, columns))
}
