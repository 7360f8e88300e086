package driver

import (
	sqldriver "database/sql/driver"
	"io"
	"reflect"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
)

// rows are the result sets of one call of Query.
type rows struct {
	set *resultSet
	// done and more count the commands that were run and that are left; next runs the i-th.
	done, more int
	next       func(i int) (*resultSet, error)
}

var (
	_ sqldriver.Rows                           = (*rows)(nil)
	_ sqldriver.RowsNextResultSet              = (*rows)(nil)
	_ sqldriver.RowsColumnTypeDatabaseTypeName = (*rows)(nil)
	_ sqldriver.RowsColumnTypeScanType         = (*rows)(nil)
	_ sqldriver.RowsColumnTypeLength           = (*rows)(nil)
	_ sqldriver.RowsColumnTypeNullable         = (*rows)(nil)
	_ sqldriver.RowsColumnTypePrecisionScale   = (*rows)(nil)
)

// advance closes the current result set and runs the next command.
func (r *rows) advance() error {
	if r.more == 0 {
		return io.EOF
	}
	if r.set != nil {
		if err := r.set.close(); err != nil {
			return err
		}
	}
	set, err := r.next(r.done)
	if err != nil {
		r.more = 0
		return err
	}
	r.set = set
	r.done++
	r.more--
	return nil
}

// Columns implements [sqldriver.Rows].
func (r *rows) Columns() []string { return r.set.columns }

// Next implements [sqldriver.Rows].
func (r *rows) Next(dest []sqldriver.Value) error { return r.set.next(dest) }

// Close implements [sqldriver.Rows].
func (r *rows) Close() error {
	r.more = 0
	return r.set.close()
}

// HasNextResultSet implements [sqldriver.RowsNextResultSet].
func (r *rows) HasNextResultSet() bool { return r.more > 0 }

// NextResultSet implements [sqldriver.RowsNextResultSet].
func (r *rows) NextResultSet() error { return r.advance() }

// ColumnTypeDatabaseTypeName implements [sqldriver.RowsColumnTypeDatabaseTypeName].
func (r *rows) ColumnTypeDatabaseTypeName(i int) string { return string(r.set.types[i]) }

// ColumnTypeScanType implements [sqldriver.RowsColumnTypeScanType].
func (r *rows) ColumnTypeScanType(i int) reflect.Type { return r.set.types[i].ScanType() }

// ColumnTypeLength implements [sqldriver.RowsColumnTypeLength].
func (r *rows) ColumnTypeLength(i int) (int64, bool) { return r.set.types[i].Length() }

// ColumnTypeNullable implements [sqldriver.RowsColumnTypeNullable]. An outer join makes any column NULL.
func (r *rows) ColumnTypeNullable(int) (nullable, ok bool) { return true, true }

// ColumnTypePrecisionScale implements [sqldriver.RowsColumnTypePrecisionScale]. No type has them.
func (r *rows) ColumnTypePrecisionScale(int) (precision, scale int64, ok bool) { return 0, 0, false }

// resultSet is the rows of one command.
type resultSet struct {
	run     *run
	source  sqldriver.Rows
	columns []string
	types   []columntype.Type
	release func()

	// first is the first row, and err what followed it; both until they are asked for.
	first []sqldriver.Value
	err   error
}

// resultSet takes over the source. It reads the first row, so that errors show before the types are asked for and types
// can be told from values.
func (r *run) resultSet(source sqldriver.Rows, types []columntype.Type, release func()) (*resultSet, error) {
	set := &resultSet{run: r, source: source, columns: source.Columns(), release: release}
	set.types = make([]columntype.Type, len(set.columns))
	if len(types) == len(set.types) {
		copy(set.types, types)
	}
	if named, ok := source.(sqldriver.RowsColumnTypeDatabaseTypeName); ok {
		for i := range set.types {
			set.types[i] = columntype.Type(named.ColumnTypeDatabaseTypeName(i))
		}
	}
	set.first = make([]sqldriver.Value, len(set.columns))
	if err := source.Next(set.first); err != nil {
		set.first, set.err = nil, err
		if err != io.EOF { // not errors.Is: a wrapped io.EOF is a connection that broke off
			_ = set.source.Close()
			set.release()
			return nil, runError(r.ctx, err)
		}
	}
	for i, v := range set.first {
		if set.types[i] == columntype.Unknown {
			set.types[i] = columntype.Of(v)
		}
	}
	if slices.Contains(set.types, columntype.Unknown) && r.selects() {
		q := columntype.Query{SQL: r.command.sql.SQL}
		q.Arithmetic(set.types, r.declares)
	}
	return set, nil
}

// next reads a row.
func (s *resultSet) next(dest []sqldriver.Value) error {
	if limit := s.run.conn.config().MaxRows; limit >= 0 && s.run.meter.rows >= limit && s.run.command.kind != explains {
		return io.EOF
	}
	switch {
	case s.first != nil:
		copy(dest, s.first)
		s.first = nil
	case s.err != nil:
		return s.err
	default:
		if s.err = s.source.Next(dest); s.err != nil {
			if s.err != io.EOF {
				s.err = runError(s.run.ctx, s.err)
			}
			s.run.meter.update()
			return s.err
		}
	}
	for i := range dest {
		dest[i] = s.types[i].Value(dest[i])
	}
	s.run.meter.rows++
	s.run.meter.update()
	return nil
}

// close ends the run. It may be called again.
func (s *resultSet) close() error {
	if s.source == nil {
		return nil
	}
	err := s.source.Close()
	s.source = nil
	s.release()
	if s.err != nil && s.err != io.EOF {
		s.run.end(s.err)
	} else {
		s.run.end(err)
	}
	return err
}

// noRows is the result of a statement that returns none.
type noRows struct{}

func (noRows) Columns() []string            { return nil }
func (noRows) Close() error                 { return nil }
func (noRows) Next([]sqldriver.Value) error { return io.EOF }
