//go:build cgo

package engine

// #include "shim.h"
import "C"

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

// useColumn is the hidden column of a virtual table behind a view that tells the uses of the table apart.
const useColumn = "~use"

// UseOf is what to write in FROM for a table that has a view over it, after the name of its schema and a dot, if any: it reads the
// same rows without the view, and BestIndex is told the number, which is 1 at the least. Columns keep their names, and the table needs
// its name as an alias.
func UseOf(table string, number int) string {
	return fmt.Sprintf("%s(%d)", QuoteName(hiddenPrefix+table), number)
}

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
		return errors.Join(err, c.exec("ROLLBACK TO bb_attach"), c.exec("RELEASE bb_attach"), c.reread())
	}
	return c.exec("RELEASE bb_attach")
}

func (c *Conn) create(schema string, tables []Table, views map[string]string) error {
	if err := c.createTables(schema, tables); err != nil {
		return err
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

// createTables writes the tables and the views over them into the schema's own table, and has SQLite read that again. A CREATE
// for each would be twenty times as slow, because SQLite searches the whole schema after each of them: a connection and a
// repository have some hundreds. Tables connect when a statement first uses them.
func (c *Conn) createTables(schema string, tables []Table) error {
	taken := map[string]bool{}
	for _, t := range c.tables {
		if strings.EqualFold(t.schema, schema) {
			taken[strings.ToLower(t.Name())] = true
		}
	}
	var rows []string
	row := func(kind, name, text string) {
		rows = append(rows, fmt.Sprintf("(%s, %s, %s, 0, %s)", quoteText(kind), quoteText(name), quoteText(name), quoteText(text)))
	}
	for _, t := range tables {
		cols := t.Columns()
		switch lower := strings.ToLower(t.Name()); {
		case len(cols) == 0:
			return fmt.Errorf("cannot create table %s.%s: the table has no columns", schema, t.Name())
		case taken[lower]:
			return fmt.Errorf("cannot create table %s.%s: there is already a table named %s", schema, t.Name(), t.Name())
		default:
			taken[lower] = true
		}
		c.lastID++
		c.tables[c.lastID] = &vtable{Table: t, schema: schema, columns: cols}
		name, direct := hiddenPrefix+t.Name(), slices.ContainsFunc(cols, func(c Column) bool { return c.Hidden })
		if direct {
			name = t.Name()
		}
		row("table", name, fmt.Sprintf("CREATE VIRTUAL TABLE %s USING %s(%d)", QuoteName(name), moduleName, c.lastID))
		if direct {
			continue
		}
		names := make([]string, len(cols))
		for i, col := range cols {
			names[i] = QuoteName(col.Name)
		}
		row("view", t.Name(), fmt.Sprintf("CREATE VIEW %s AS SELECT %s FROM %s", QuoteName(t.Name()), strings.Join(names, ", "), QuoteName(name)))
	}
	if len(rows) == 0 {
		return nil
	}
	C.bb_write_schema(c.c, 1)
	err := c.exec("INSERT INTO " + QuoteName(schema) + ".sqlite_master (type, name, tbl_name, rootpage, sql) VALUES " + strings.Join(rows, ", "))
	C.bb_write_schema(c.c, 0)
	return errors.Join(err, c.reread())
}

// reread has SQLite read the schemas again.
func (c *Conn) reread() error { return c.exec("PRAGMA writable_schema = RESET") }

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// declared are the columns that SQLite is told of: the table's and, behind a view, the one that tells its uses apart.
func (t *vtable) declared() []Column {
	if slices.ContainsFunc(t.columns, func(c Column) bool { return c.Hidden }) {
		return t.columns
	}
	return append(slices.Clone(t.columns), Column{Name: useColumn, Type: "INTEGER", Hidden: true})
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
