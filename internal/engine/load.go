//go:build cgo

package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Load makes a plain table of SQLite in a schema, attaching an in-memory database under that name if there is none, and
// fills it with rows. It is for data that is all there, such as the other side of a comparison with virtual tables.
func (c *Conn) Load(schema, table string, columns []Column, rows iter.Seq[[]Value]) error {
	if !builtinSchema(schema) && !slices.ContainsFunc(c.schemas, func(s string) bool { return strings.EqualFold(s, schema) }) {
		if err := c.exec("ATTACH ':memory:' AS " + QuoteName(schema)); err != nil {
			return fmt.Errorf("cannot attach schema %s: %w", schema, err)
		}
		c.schemas = append(c.schemas, schema)
	}
	name := QuoteName(schema) + "." + QuoteName(table)
	if err := c.exec(strings.Replace(declaration(columns), "CREATE TABLE x", "CREATE TABLE "+name, 1)); err != nil {
		return fmt.Errorf("cannot create table %s.%s: %w", schema, table, err)
	}
	insert, _, err := c.prepare(context.Background(), "INSERT INTO "+name+" VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")", true)
	if err != nil {
		return err
	}
	args := make([]driver.NamedValue, len(columns))
	for row := range rows {
		for i, v := range row {
			args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
		}
		if _, err = insert.Exec(context.Background(), args); err != nil {
			err = fmt.Errorf("cannot insert into %s.%s: %w", schema, table, err)
			break
		}
	}
	return errors.Join(err, insert.Close())
}
