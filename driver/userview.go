package driver

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// userView is a view of the file UserDefinedViews. A statement that names it gets a temporary SQLite view under a name of our
// own: of SQLite's views only those can reach into several schemas, and a name of our own hides no table from anyone.
type userView struct{ name, query string }

// userViewCatalog is what a connection knows of user-defined views.
type userViewCatalog struct {
	file *userViewFile
	// generation counts the states of the file that were seen; statements compiled with an older one are compiled anew.
	generation int
	// made are the temporary views that stand for user-defined ones, by name in lower case; while one is being made it is "".
	made map[string]string
}

// userViews are the user-defined views as of the beginning of the statement. It does not use the engine.
func (c *conn) userViews() []userView {
	if c.views.file == nil {
		return nil
	}
	return c.views.file.views()
}

// userView finds a user-defined view.
func (c *conn) userView(name string) (userView, bool) {
	if name == "" {
		return userView{}, false
	}
	for _, v := range c.userViews() {
		if strings.EqualFold(v.name, name) {
			return v, true
		}
	}
	return userView{}, false
}

// refreshViews reads the file of user-defined views if it has changed.
func (c *conn) refreshViews() {
	path := c.config().UserDefinedViews
	if path == "" || c.views.file.current(path) {
		return
	}
	c.views.file = readUserViews(path)
	c.views.generation++
	for _, made := range c.views.made {
		// A view stays while it cannot be dropped; the next statement that needs it tries again.
		if made != "" {
			_ = c.dropView(made)
		}
	}
	c.views.made = nil
}

// userViewName is the qualified name as users write it.
func (c *conn) userViewName(name string) string { return c.config().UserViewsSchemaName + "." + name }

// unknownView is the error of a name in the schema of user-defined views that none has.
func (c *conn) unknownView(name string) error {
	if err := c.views.file.err; err != nil {
		return err
	}
	if v, ok := c.views.file.find(name); ok {
		return c.brokenView(v.name, v.err)
	}
	var names []string
	for _, v := range c.userViews() {
		names = append(names, v.name)
	}
	suggestions := closest(name, names)
	for i := range suggestions {
		suggestions[i] = c.userViewName(suggestions[i])
	}
	return &UnknownTableError{Schema: c.config().UserViewsSchemaName, Name: name, Suggestions: suggestions}
}

// brokenView says which view an error is about.
func (c *conn) brokenView(name string, err error) error {
	return &ViewError{View: c.userViewName(name), err: err}
}

// remakeView makes the temporary view again that something created on the connection was built on, if that is what is missing:
// all of them are dropped when the file changes. It says whether it did.
func (c *conn) remakeView(ctx context.Context, in, name string) (bool, error) {
	if c.views.file == nil || !strings.EqualFold(in, "temp."+c.config().UserViewsSchemaName) {
		return false, nil
	}
	v, ok := c.userView(name)
	if _, made := c.views.made[strings.ToLower(name)]; !ok || made {
		return false, nil
	}
	_, err := c.makeView(ctx, v)
	return err == nil, err
}

// dropView drops a temporary view.
func (c *conn) dropView(name string) error {
	s, err := c.engine.Prepare(context.Background(), "DROP VIEW temp."+dialect.QuoteName(name))
	if err != nil {
		return err
	}
	_, err = s.Exec(context.Background(), nil)
	return errors.Join(err, s.Close())
}

// makeView makes the temporary view that stands for a user-defined one, and returns its name.
func (c *conn) makeView(ctx context.Context, v userView) (string, error) {
	key := strings.ToLower(v.name)
	if made, ok := c.views.made[key]; ok {
		if made == "" {
			return "", c.brokenView(v.name, errors.New("it is defined by itself"))
		}
		return made, nil
	}
	if c.views.made == nil {
		c.views.made = map[string]string{}
	}
	c.views.made[key] = ""
	made := c.userViewName(v.name)
	err := c.defineView(ctx, made, v)
	if err != nil {
		delete(c.views.made, key)
		return "", err
	}
	c.views.made[key] = made
	return made, nil
}

func (c *conn) defineView(ctx context.Context, made string, v userView) error {
	if err := checkViewQuery(v.query); err != nil {
		return c.brokenView(v.name, err)
	}
	edits, _, err := c.viewEdits(ctx, v.query)
	if err != nil {
		return err
	}
	rewritten, err := dialect.Rewrite(v.query, edits)
	if err != nil {
		return c.brokenView(v.name, err)
	}
	if err := c.engine.Attach("temp", nil, map[string]string{made: rewritten.SQL}); err != nil {
		// It is one that could not be dropped when the file changed, or its query does not parse.
		if c.dropView(made) == nil {
			err = c.engine.Attach("temp", nil, map[string]string{made: rewritten.SQL})
		}
		if err != nil {
			if found := c.checkQuery(ctx, v.query, 0); found != nil {
				err = found // which tells the place in the query
			}
			return c.brokenView(v.name, err)
		}
	}
	return nil
}

// checkQuery compiles the query of a view, which is whole from the byte at offset on.
func (c *conn) checkQuery(ctx context.Context, whole string, offset int) error {
	cmd := command{whole: whole, offset: offset, text: whole[offset:]}
	var err error
	if cmd.sql, err = dialect.ToSQLite(cmd.text); err != nil {
		return cmd.compileError(ctx, c, err)
	}
	compiled, err := (&run{conn: c, command: cmd, ctx: ctx}).compile()
	if err != nil {
		return err
	}
	return compiled.stmt.Close()
}

// checkViewQuery says what keeps a text from being the query of a view, by its words.
func checkViewQuery(query string) error {
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
