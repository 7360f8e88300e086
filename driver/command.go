package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// commandKind says what is done with a command.
type commandKind uint8

const (
	runs        commandKind = iota // by the engine
	explains                       // EXPLAIN, by the planner
	ignores                        // what belongs to transactions, which Bitbucket has not
	definesView                    // CREATE, ALTER and DROP LOCAL VIEW
	calls                          // EXEC, of a stored procedure
)

// command is one statement of a text.
type command struct {
	kind commandKind
	// whole is the text that the statement is a part of, from the byte at offset on.
	whole  string
	offset int
	// text is the statement as the user wrote it, and sql as the engine reads it.
	text string
	sql  dialect.Rewritten
	// edits are changes to the text that make a query of it.
	edits []dialect.Edit
	// inner is the statement that an EXPLAIN explains, from the byte innerAt of text on.
	inner   string
	innerAt int
	// analyze says that the EXPLAIN is to run it.
	analyze bool
	// prefix is how much stands before sql in what the engine is given.
	prefix int
	// call is what an EXEC says.
	call *call
}

// shown is the statement for the log, without the secrets that a call gives to its procedure.
func (cmd command) shown() string {
	if cmd.call != nil {
		return cmd.call.shown
	}
	return cmd.text
}

// parse splits a text into its statements. Empty ones are left out.
func (c *conn) parse(ctx context.Context, text string) ([]command, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all, err := dialect.Lex(text)
	if err != nil {
		return nil, command{whole: text}.lexError(ctx, c, err)
	}
	var commands []command
	for _, piece := range dialect.Statements(all) {
		first, last := piece[0], piece[len(piece)-1]
		cmd := command{whole: text, offset: first.Offset, text: text[first.Offset : last.Offset+len(last.Text)]}
		if err := cmd.classify(); err != nil {
			return nil, err
		}
		if cmd.kind == calls {
			commands = append(commands, cmd)
			continue
		}
		if cmd.edits, err = c.editsOf(cmd.text); err != nil {
			return nil, err
		}
		if cmd.sql, err = dialect.Rewrite(cmd.text, cmd.edits); err != nil {
			return nil, cmd.compileError(ctx, c, err)
		}
		commands = append(commands, cmd)
	}
	return commands, nil
}

// classify finds out what to do with the statement.
func (cmd *command) classify() error {
	s := planner.Classify(cmd.text)
	unsupported := func(instead string) error {
		return &SyntaxError{Message: s.Kind.String() + " is not supported" + instead}
	}
	switch s.Kind {
	case planner.Explain:
		switch {
		case s.Analyze && s.Inner == "":
			return &SyntaxError{Message: "EXPLAIN ANALYZE needs a statement"}
		case s.QueryPlan && planner.Classify(s.Inner).Kind != planner.Exec || s.Inner == "":
			return nil // SQLite's own
		}
		switch kind := planner.Classify(s.Inner).Kind; {
		case kind == planner.Exec:
			return &SyntaxError{Message: "EXPLAIN of a stored procedure is not supported: it reads no table"}
		case s.Analyze && !analyzable(kind):
			return analyzeError(kind.String())
		}
		cmd.kind, cmd.inner, cmd.innerAt, cmd.analyze = explains, s.Inner, s.Offset, s.Analyze
	case planner.Begin, planner.Commit, planner.Rollback, planner.Savepoint:
		cmd.kind = ignores
	case planner.LocalView:
		cmd.kind = definesView
	case planner.Insert, planner.Update, planner.Delete, planner.Upsert:
		if s.Schema != "" && !strings.EqualFold(s.Schema, "temp") {
			return readOnlyError(s.Kind.String(), s.Schema+"."+s.Table)
		}
	case planner.Exec:
		cmd.kind = calls
		var err error
		cmd.call, cmd.sql.Params, err = parseCall(cmd.text, func(offset int) (line, column int) {
			return dialect.Position(cmd.whole, cmd.offset+offset)
		})
		return err
	case planner.SelectInto:
		return unsupported(": write CREATE TEMP TABLE name AS SELECT …")
	case planner.Show:
		return unsupported(": read sys_schemas, sys_tables or sys_tablecolumns, as in SELECT SchemaName, TableName FROM sys_tables")
	case planner.Describe:
		return unsupported(": write SELECT ColumnName, DataTypeName FROM sys_tablecolumns WHERE TableName = …")
	case planner.Use:
		return unsupported(": write schema.table, or set Schema in the connection string")
	case planner.Set:
		return unsupported(": settings are properties of the connection string, which sys_connection_props lists")
	case planner.Cache:
		return unsupported("")
	}
	return nil
}

// editsOf makes a query of a statement that is another way to write one, and guards what would answer with nonsense.
func (c *conn) editsOf(text string) ([]dialect.Edit, error) {
	if planner.Classify(text).Kind == planner.GetDeleted {
		return c.getDeleted(text)
	}
	return differences(text), nil
}

// compileError explains why the statement cannot be compiled, with places in the whole text.
func (cmd command) compileError(ctx context.Context, c *conn, err error) error {
	return c.compileError(ctx, cmd.whole, func(offset int) int { return cmd.offset + cmd.sql.Offset(max(0, offset-cmd.prefix)) }, err)
}

// lexError explains why the text cannot be split into words. Of a call nothing is shown, which could be a secret.
func (cmd command) lexError(ctx context.Context, c *conn, err error) error {
	err = cmd.compileError(ctx, c, err)
	var e *SyntaxError
	if planner.Classify(cmd.whole).Kind == planner.Exec && errors.As(err, &e) {
		e.Near = ""
	}
	return err
}

// distribute shares the arguments out among the commands of a text: each takes as many of those without a name as it has
// parameters for, and all see those with a name.
func distribute(commands []command, args []sqldriver.NamedValue) ([][]sqldriver.NamedValue, error) {
	shares := make([][]sqldriver.NamedValue, len(commands))
	if len(commands) == 1 {
		shares[0] = args // bind is the judge
		return shares, nil
	}
	var unnamed, withName []sqldriver.NamedValue
	for _, a := range args {
		if a.Name == "" {
			unnamed = append(unnamed, a)
		} else {
			withName = append(withName, a)
		}
	}
	used, total := make([]bool, len(withName)), 0
	for i, cmd := range commands {
		places := inputs(cmd.sql.Params)
		for j, a := range withName {
			if slices.ContainsFunc(cmd.sql.Params, func(p dialect.Parameter) bool { return p.Name == a.Name }) {
				shares[i] = append(shares[i], a)
				used[j] = true
				places--
			}
		}
		total += places
		next := 0
		for _, index := range unnamedPlaces(cmd.sql.Params, withName) {
			if next >= places || len(unnamed) == 0 {
				break
			}
			shares[i] = append(shares[i], sqldriver.NamedValue{Ordinal: index, Value: unnamed[0].Value})
			unnamed = unnamed[1:]
			next++
		}
	}
	if len(unnamed) > 0 {
		return nil, fmt.Errorf("bitbucket: the statements take %s without a name, %d fewer than are given", count(total, "argument"), len(unnamed))
	}
	for j, a := range withName {
		if !used[j] {
			return nil, fmt.Errorf("bitbucket: none of the statements has a parameter named %q", a.Name)
		}
	}
	return shares, nil
}

// unnamedPlaces are the indexes that arguments without a name fill, in order.
func unnamedPlaces(params []dialect.Parameter, withName []sqldriver.NamedValue) []int {
	var places []int
	largest := 0
	for _, p := range params {
		largest = max(largest, p.Index)
	}
	for index := 1; index <= largest; index++ {
		named := slices.ContainsFunc(params, func(p dialect.Parameter) bool {
			return p.Index == index && slices.ContainsFunc(withName, func(a sqldriver.NamedValue) bool { return a.Name == p.Name })
		})
		if !named {
			places = append(places, index)
		}
	}
	return places
}
