package driver

import (
	sqldriver "database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// inputs is the number of arguments that a statement's parameters ask for: one for each name and, without names, one for
// each index up to the largest.
func inputs(params []dialect.Parameter) int {
	names := make(map[string]bool)
	largest, unnamed := 0, 0
	for _, p := range params {
		largest = max(largest, p.Index)
		if p.Name == "" {
			unnamed++
		}
		names[p.Name] = true
	}
	if unnamed == len(params) {
		return largest
	}
	if unnamed > 0 {
		return len(names) - 1 + unnamed
	}
	return len(names)
}

// bind gives each parameter its argument. An argument with a name is for the parameters of that name, one without is for
// the parameter whose index is its place among the arguments. The result has an argument for each index up to the
// largest, as the engine wants it.
func bind(params []dialect.Parameter, args []sqldriver.NamedValue) ([]sqldriver.NamedValue, error) {
	largest := 0
	for _, p := range params {
		largest = max(largest, p.Index)
	}
	bound := make([]sqldriver.NamedValue, largest)
	for i := range bound {
		bound[i].Ordinal = i + 1
	}
	used := make([]bool, len(args))
	var missing []string
	for _, p := range params {
		found := false
		for i, a := range args {
			if a.Name != "" && a.Name == p.Name || a.Name == "" && a.Ordinal == p.Index {
				bound[p.Index-1].Value, found, used[i] = a.Value, true, true
			}
		}
		if !found {
			missing = append(missing, parameterName(p))
		}
	}
	// A name that is written wrong leaves a parameter without its argument, too.
	for i, a := range args {
		if !used[i] && a.Name != "" {
			return nil, fmt.Errorf("bitbucket: the statement has no parameter named %q%s", a.Name, didYouMean(closest(a.Name, names(params))))
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("bitbucket: no argument for the parameter %s: the statement takes %d, %s given",
			strings.Join(missing, ", "), inputs(params), areGiven(len(args)))
	}
	for i, a := range args {
		if !used[i] && a.Ordinal > largest {
			return nil, fmt.Errorf("bitbucket: the statement takes %s, %s given", count(inputs(params), "argument"), areGiven(len(args)))
		}
	}
	return bound, nil
}

// areGiven begins to say how many are given: "none are", "1 is", "2 are".
func areGiven(n int) string {
	switch n {
	case 0:
		return "none are"
	case 1:
		return "1 is"
	}
	return strconv.Itoa(n) + " are"
}

func names(params []dialect.Parameter) []string {
	var list []string
	for _, p := range params {
		if p.Name != "" {
			list = append(list, p.Name)
		}
	}
	return list
}

func parameterName(p dialect.Parameter) string {
	if p.Name != "" {
		return p.Name
	}
	return fmt.Sprintf("number %d", p.Index)
}
