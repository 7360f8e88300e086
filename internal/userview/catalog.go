// Package userview holds user-defined views: the file that they are kept in, the temporary SQLite views that stand for them on a
// connection, and the places in a statement that name them.
package userview

import (
	"context"
	"errors"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// View is a user-defined view. A statement that names it gets a temporary SQLite view under a name of our own: of SQLite's views
// only those can reach into several schemas, and a name of our own hides no table from anyone.
type View struct{ Name, Query string }

// Host is the connection that statements run on.
type Host interface {
	// Compile says what keeps a query from compiling, with places in it.
	Compile(ctx context.Context, query string) error
	// CreateView creates a temporary view and DropView drops one.
	CreateView(name, query string) error
	DropView(name string) error
	// IsTaken says whether an unqualified name means a table, or something created on the connection, before it means a view.
	IsTaken(ctx context.Context, name string) bool
	// UnknownView is the error of a name that none of the views has.
	UnknownView(name string) error
}

// Catalog is what a connection knows of user-defined views. It is for one statement at a time; its zero value has none.
type Catalog struct {
	Host Host
	// Path is that of the file, empty for no views, and Schema the name of the schema that they are in.
	Path, Schema string

	file *viewFile
	// generation counts the states of the file that were seen.
	generation int
	// made are the temporary views that stand for user-defined ones, by name in lower case; while one is being made it is "".
	made map[string]string
}

// List are the views as of the last [Catalog.Refresh].
func (c *Catalog) List() []View {
	if c.file == nil {
		return nil
	}
	return c.file.views()
}

// Err says why the file cannot be used, and nothing is in it therefore.
func (c *Catalog) Err() error {
	if c.file == nil {
		return nil
	}
	return c.file.err
}

// Generation changes with the file: statements that were compiled with another one may mean other views.
func (c *Catalog) Generation() int { return c.generation }

// IsSchema says whether a name is that of the schema of the views.
func (c *Catalog) IsSchema(name string) bool {
	return c.Path != "" && strings.EqualFold(name, c.Schema)
}

// Qualified is the name of a view as users write it, with its schema.
func (c *Catalog) Qualified(name string) string { return c.Schema + "." + name }

// Fault says why there is no view of a name that the file may well have: the file cannot be read, or the entry is no view. It is
// nil where there is no such name.
func (c *Catalog) Fault(name string) error {
	if err := c.Err(); err != nil || c.file == nil {
		return err
	}
	if e, ok := c.file.find(name); ok {
		return c.Broken(e.name, e.err)
	}
	return nil
}

// Broken says which view an error is about.
func (c *Catalog) Broken(name string, err error) error {
	return &Error{View: c.Qualified(name), err: err}
}

// find finds a view.
func (c *Catalog) find(name string) (View, bool) {
	if name == "" {
		return View{}, false
	}
	for _, v := range c.List() {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return View{}, false
}

// Refresh reads the file if it has changed.
func (c *Catalog) Refresh() {
	if c.Path == "" || c.file.current(c.Path) {
		return
	}
	c.file = readFile(c.Path)
	c.generation++
	for _, made := range c.made {
		// A view stays while it cannot be dropped; the next statement that needs it tries again.
		if made != "" {
			_ = c.Host.DropView(made)
		}
	}
	c.made = nil
}

// Remake makes the temporary view again that something created on the connection was built on, if that is what is missing:
// all of them are dropped when the file changes. It says whether it did.
func (c *Catalog) Remake(ctx context.Context, in, name string) (bool, error) {
	if c.file == nil || !strings.EqualFold(in, "temp."+c.Schema) {
		return false, nil
	}
	v, ok := c.find(name)
	if _, made := c.made[strings.ToLower(name)]; !ok || made {
		return false, nil
	}
	_, err := c.make(ctx, v)
	return err == nil, err
}

// make makes the temporary view that stands for a user-defined one, and returns its name.
func (c *Catalog) make(ctx context.Context, v View) (string, error) {
	key := strings.ToLower(v.Name)
	if made, ok := c.made[key]; ok {
		if made == "" {
			return "", c.Broken(v.Name, errors.New("it is defined by itself"))
		}
		return made, nil
	}
	if c.made == nil {
		c.made = map[string]string{}
	}
	c.made[key] = ""
	made := c.Qualified(v.Name)
	err := c.define(ctx, made, v)
	if err != nil {
		delete(c.made, key)
		return "", err
	}
	c.made[key] = made
	return made, nil
}

// define makes a temporary view of a name.
func (c *Catalog) define(ctx context.Context, made string, v View) error {
	if err := Check(v.Query); err != nil {
		return c.Broken(v.Name, err)
	}
	edits, _, err := c.Edits(ctx, v.Query)
	if err != nil {
		return err
	}
	rewritten, err := dialect.Rewrite(v.Query, edits)
	if err != nil {
		return c.Broken(v.Name, err)
	}
	if err := c.Host.CreateView(made, rewritten.SQL); err != nil {
		// It is one that could not be dropped when the file changed, or its query does not parse.
		if c.Host.DropView(made) == nil {
			err = c.Host.CreateView(made, rewritten.SQL)
		}
		if err != nil {
			if found := c.Host.Compile(ctx, v.Query); found != nil {
				err = found // which tells the place in the query
			}
			return c.Broken(v.Name, err)
		}
	}
	return nil
}
