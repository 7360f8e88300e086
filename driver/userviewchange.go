package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// ErrViewExists is returned by CREATE LOCAL VIEW for a name that a view has.
var ErrViewExists = errors.New("the view exists already, change it with ALTER LOCAL VIEW")

// errNoViewFile says that there is no place to keep views in.
var errNoViewFile = errors.New("bitbucket: local views are kept in a file: set the property UserDefinedViews to its path, it is created if need be")

// changeView runs CREATE, ALTER and DROP LOCAL VIEW.
func (c *conn) changeView(ctx context.Context, cmd command) error {
	path := c.config().UserDefinedViews
	if path == "" {
		return errNoViewFile
	}
	s, ts := planner.Classify(cmd.text), dialect.WordsOf(cmd.text)
	if s.Schema != "" && !strings.EqualFold(s.Schema, c.config().UserViewsSchemaName) {
		return &SyntaxError{Message: fmt.Sprintf("local views belong to the schema %s, not to %s", c.config().UserViewsSchemaName, s.Schema)}
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
	replace := words(0, "CREATE", "OR", "REPLACE")
	first := 3 // behind CREATE LOCAL VIEW
	if replace {
		first = 5
	}
	unlessThere, ifThere := words(first, "IF", "NOT", "EXISTS"), words(first, "IF", "EXISTS")
	query, err := c.newViewQuery(ctx, verb, cmd, s)
	if err != nil {
		return err
	}
	return changeUserViews(path, func(f *userViewFile) error {
		i := f.place(s.Table)
		switch {
		case i < 0 && verb == "CREATE":
			f.entries = append(f.entries, userViewEntry{name: s.Table})
			i = len(f.entries) - 1
		case i < 0 && ifThere:
			return nil
		case i < 0:
			return c.unknownView(s.Table)
		case verb == "CREATE" && unlessThere:
			return nil
		case verb == "CREATE" && !replace:
			return fmt.Errorf("bitbucket: %s: %w", c.userViewName(f.entries[i].name), ErrViewExists)
		case verb == "DROP":
			f.entries = append(f.entries[:i], f.entries[i+1:]...)
			return nil
		}
		return f.entries[i].set(query)
	})
}

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
	if err := checkViewQuery(s.Inner); err != nil {
		return "", &SyntaxError{Message: err.Error(), err: err}
	}
	end := cmd.offset + len(cmd.text)
	return s.Inner, c.checkQuery(ctx, cmd.whole[:end], cmd.offset+s.Offset)
}

// set gives the entry a query and leaves its other members as they are.
func (e *userViewEntry) set(query string) error {
	members := map[string]json.RawMessage{}
	if len(e.members) > 0 && e.err == nil {
		if err := json.Unmarshal(e.members, &members); err != nil {
			return err
		}
	}
	key := "query"
	for name := range members {
		if strings.EqualFold(name, key) {
			key = name
		}
	}
	text, err := encodeJSON(query)
	if err != nil {
		return err
	}
	members[key] = text
	e.query, e.err = query, nil
	e.members, err = encodeJSON(members)
	return err
}
