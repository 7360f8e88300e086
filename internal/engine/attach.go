//go:build cgo

package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// vtable is a table that SQLite can reach under an id.
type vtable struct {
	Table
	schema  string
	columns []Column
}

// moduleName is the name of our module in CREATE VIRTUAL TABLE, which only the engine itself may run.
const moduleName = "bitbucketsql"

// hiddenPrefix starts the name of the virtual table behind a view. The tilde keeps it out of the way of real names.
const hiddenPrefix = "~"

// QuoteName returns a name as a quoted SQL identifier.
func QuoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Attach attaches a fresh in-memory database as schema and creates tables and views there; "main" and "temp" exist
// already, there it only creates. Behind each table is a hidden virtual table, whose name starts with ~, and a view with
// the table's name over it, because SQLite hands more conditions down through a view. A view cannot have hidden columns,
// so that a table with such columns is a virtual table under its own name. views are views by name, with the text of
// their SELECT; they may use the tables. On an error nothing is left behind. SQLite attaches 10 databases at the most.
func (c *Conn) Attach(schema string, tables []Table, views map[string]string) (err error) {
	if !builtinSchema(schema) {
		if err := c.exec("ATTACH ':memory:' AS " + QuoteName(schema)); err != nil {
			return fmt.Errorf("cannot attach schema %s: %w", schema, err)
		}
		c.schemas = append(c.schemas, schema)
		defer func() {
			if err != nil {
				err = errors.Join(err, c.Detach(schema))
			}
		}()
	}
	if err := c.exec("SAVEPOINT bb_attach"); err != nil {
		return err
	}
	first := c.lastID + 1
	if err := c.create(schema, tables, views); err != nil {
		for id := first; id <= c.lastID; id++ {
			delete(c.tables, id)
		}
		return errors.Join(err, c.exec("ROLLBACK TO bb_attach"), c.exec("RELEASE bb_attach"))
	}
	return c.exec("RELEASE bb_attach")
}

func (c *Conn) create(schema string, tables []Table, views map[string]string) error {
	for _, t := range tables {
		if err := c.createTable(schema, t); err != nil {
			return fmt.Errorf("cannot create table %s.%s: %w", schema, t.Name(), err)
		}
	}
	names := make([]string, 0, len(views))
	for name := range views {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := c.exec("CREATE VIEW " + QuoteName(schema) + "." + QuoteName(name) + " AS " + views[name]); err != nil {
			return fmt.Errorf("cannot create view %s.%s: %w", schema, name, err)
		}
	}
	return nil
}

func (c *Conn) createTable(schema string, t Table) error {
	cols := t.Columns()
	if len(cols) == 0 {
		return errors.New("the table has no columns")
	}
	c.lastID++
	id := c.lastID
	c.tables[id] = &vtable{Table: t, schema: schema, columns: cols}
	name, direct := hiddenPrefix+t.Name(), slices.ContainsFunc(cols, func(c Column) bool { return c.Hidden })
	if direct {
		name = t.Name()
	}
	err := c.exec(fmt.Sprintf("CREATE VIRTUAL TABLE %s.%s USING %s(%d)", QuoteName(schema), QuoteName(name), moduleName, id))
	if err != nil || direct {
		return err
	}
	names := make([]string, len(cols))
	for i, col := range cols {
		names[i] = QuoteName(col.Name)
	}
	return c.exec(fmt.Sprintf("CREATE VIEW %s.%s AS SELECT %s FROM %s", QuoteName(schema), QuoteName(t.Name()),
		strings.Join(names, ", "), QuoteName(name)))
}

// declaration is the CREATE TABLE that tells SQLite a virtual table's columns.
func declaration(cols []Column) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE x(")
	for i, col := range cols {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(QuoteName(col.Name))
		if col.Type != "" {
			b.WriteString(" " + col.Type)
		}
		if col.Hidden {
			b.WriteString(" HIDDEN")
		}
		if col.Collation != "" {
			b.WriteString(" COLLATE " + QuoteName(col.Collation))
		}
	}
	b.WriteString(")")
	return b.String()
}

func builtinSchema(name string) bool {
	return strings.EqualFold(name, "main") || strings.EqualFold(name, "temp")
}

// Detach removes an attached schema and its tables. No statement that uses it may be running.
func (c *Conn) Detach(schema string) error {
	if err := c.exec("DETACH " + QuoteName(schema)); err != nil {
		return fmt.Errorf("cannot detach schema %s: %w", schema, err)
	}
	c.schemas = slices.DeleteFunc(c.schemas, func(s string) bool { return strings.EqualFold(s, schema) })
	for id, t := range c.tables {
		if strings.EqualFold(t.schema, schema) {
			delete(c.tables, id)
		}
	}
	return nil
}

// Attached returns the names of the attached schemas in the order of attaching, without main and temp.
func (c *Conn) Attached() []string { return slices.Clone(c.schemas) }

// exec runs a statement of the engine itself, which the authorizer lets pass.
func (c *Conn) exec(sql string) error {
	s, _, err := c.prepare(context.Background(), sql, true)
	if err != nil {
		return err
	}
	_, err = s.Exec(context.Background(), nil)
	return errors.Join(err, s.Close())
}
