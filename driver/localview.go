package driver

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/userview"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// errNoViewFile says that there is no place to keep views in.
var errNoViewFile = errors.New("bitbucket: local views are kept in a file: set the property UserDefinedViews to its path, it is created if need be")

// changeView runs CREATE, ALTER and DROP LOCAL VIEW.
func (c *conn) changeView(ctx context.Context, cmd command) error {
	if c.views.Path == "" {
		return errNoViewFile
	}
	s, ts := planner.Classify(cmd.text), dialect.WordsOf(cmd.text)
	if s.Schema != "" && !c.views.IsSchema(s.Schema) {
		return &SyntaxError{Message: fmt.Sprintf("local views belong to the schema %s, not to %s", c.views.Schema, s.Schema)}
	}
	if s.Table == "" {
		return &SyntaxError{Message: "the statement is incomplete: LOCAL VIEW needs a name"}
	}
	words := func(i int, list ...string) bool {
		for j, w := range list {
			if ts.Word(i+j) != w {
				return false
			}
		}
		return true
	}
	verb := ts.Word(0)
	change := userview.Change{Verb: localViewVerbs[verb], Name: s.Table}
	first := 3 // behind CREATE LOCAL VIEW
	if verb == "CREATE" && words(1, "OR", "REPLACE") {
		change.Verb, first = userview.Replace, 5
	}
	change.Lenient = words(first, "IF", "EXISTS")
	if verb == "CREATE" {
		change.Lenient = words(first, "IF", "NOT", "EXISTS")
	}
	var err error
	if change.Query, err = c.newViewQuery(ctx, verb, cmd, s); err != nil {
		return err
	}
	return c.views.Apply(change)
}

// localViewVerbs are the words that begin such a statement.
var localViewVerbs = map[string]userview.Verb{"CREATE": userview.Create, "ALTER": userview.Alter, "DROP": userview.Drop}

// newViewQuery is the query of a view that is created or altered. It must compile, so that a slip shows at once.
func (c *conn) newViewQuery(ctx context.Context, verb string, cmd command, s planner.Statement) (string, error) {
	ts := dialect.WordsOf(cmd.text)
	switch verb {
	case "DROP":
		if last := ts[len(ts)-1]; !ts.IsName(len(ts)-1) || !strings.EqualFold(last.Value(), s.Table) {
			line, column := dialect.Position(cmd.text, last.Offset)
			return "", &SyntaxError{Message: "DROP LOCAL VIEW takes one name", Line: line, Column: column, Near: last.Text}
		}
		return "", nil
	case "CREATE", "ALTER":
		if s.Inner == "" {
			return "", &SyntaxError{Message: "the statement is incomplete: " + verb + " LOCAL VIEW needs a name, AS and a query"}
		}
	default:
		return "", &SyntaxError{Message: verb + " LOCAL VIEW is not a statement: write CREATE, ALTER or DROP LOCAL VIEW"}
	}
	if err := userview.Check(s.Inner); err != nil {
		return "", &SyntaxError{Message: err.Error(), err: err}
	}
	end := cmd.offset + len(cmd.text)
	return s.Inner, c.checkQuery(ctx, cmd.whole[:end], cmd.offset+s.Offset)
}
