package userview

import (
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// Check says what keeps a text from being the query of a view, by its words.
func Check(query string) error {
	all, err := dialect.Lex(query)
	if err != nil {
		return err
	}
	list := dialect.Statements(all)
	if len(list) != 1 {
		return fmt.Errorf("a view is one query, and this is %d statements", len(list))
	}
	switch kind := planner.Classify(query).Kind; kind {
	case planner.Select, planner.With, planner.Values:
	default:
		return fmt.Errorf("a view is a SELECT, and this is %s", kind)
	}
	for _, t := range list[0] {
		if t.Kind == dialect.Param {
			return fmt.Errorf("a view cannot have a parameter, and %s is one: put the condition on the view when it is read", t.Text)
		}
	}
	return nil
}
