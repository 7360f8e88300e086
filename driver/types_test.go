package driver

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestColumnTypes(t *testing.T) {
	db := openThings(t, nil)
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM Things WHERE Id > 100")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name   string
		scan   reflect.Type
		length bool
	}{
		{"INTEGER", reflect.TypeFor[int64](), false},
		{"TEXT", reflect.TypeFor[string](), true},
		{"REAL", reflect.TypeFor[float64](), false},
		{"BOOLEAN", reflect.TypeFor[bool](), false},
		{"TIMESTAMP", reflect.TypeFor[time.Time](), false},
		{"JSON", reflect.TypeFor[string](), true},
	}
	for i, w := range want {
		got := types[i]
		if got.DatabaseTypeName() != w.name || got.ScanType() != w.scan {
			t.Errorf("%s: %s, %v; want %s, %v", got.Name(), got.DatabaseTypeName(), got.ScanType(), w.name, w.scan)
		}
		if nullable, ok := got.Nullable(); !nullable || !ok {
			t.Errorf("%s: not nullable", got.Name())
		}
		if length, ok := got.Length(); ok != w.length || ok && length != math.MaxInt64 {
			t.Errorf("%s: length %d, %t", got.Name(), length, ok)
		}
		if _, _, ok := got.DecimalSize(); ok {
			t.Errorf("%s has a precision", got.Name())
		}
	}
}

// expressions lists expressions with their types, known from the text or the columns alone.
var expressions = []struct{ expression, name string }{
	{"count(*)", "INTEGER"},
	{"COUNT(DISTINCT Title) AS n", "INTEGER"},
	{"count(*) FILTER (WHERE Open) OVER (PARTITION BY Title)", "INTEGER"},
	{"row_number() OVER (ORDER BY Id)", "INTEGER"},
	{"avg(Score)", "REAL"},
	{"upper(Title)", "TEXT"},
	{"Title || '!' x", "TEXT"},
	{"'a'", "TEXT"},
	{"1", "INTEGER"},
	{"1.5", "REAL"},
	{"Id > 3", "INTEGER"},
	{"NOT Open", "INTEGER"},
	{"Title IN ('a', 'b')", "INTEGER"},
	{"EXISTS (SELECT 1)", "INTEGER"},
	{"CAST(Id AS TEXT)", "TEXT"},
	{"CAST(Open AS BOOLEAN)", "BOOLEAN"},
	{"CAST('2026-01-01' AS TIMESTAMP)", "TIMESTAMP"},
	{"CAST(CreatedOn AS DATE)", "DATE"},
	{"MIN(CreatedOn)", "TIMESTAMP"},
	{"max(DISTINCT Open)", "BOOLEAN"},
	{"MAX(coalesce(NULLIF(CreatedOn, ''), '2020-01-01'))", "TIMESTAMP"},
	{"max(CASE WHEN Id > 3 THEN CreatedOn END)", "TIMESTAMP"},
	{"lag(CreatedOn) OVER (ORDER BY Id)", "TIMESTAMP"},
	{"first_value(Open) OVER w", "BOOLEAN"},
	{"(SELECT max(CreatedOn) FROM Things)", "TIMESTAMP"},
	{"ifnull(Extra, '{}')", "JSON"},
	{"iif(Id > 1, Score, 0)", "REAL"},
	{"sum(Id)", "INTEGER"},
	{"SUM(DISTINCT Open) AS n", "INTEGER"},
	{"sum(Score) OVER (PARTITION BY Title)", "REAL"},
	{"sum(Id) FILTER (WHERE Id > 1)", "INTEGER"},
	{"sum(Things.Id * 2) / count(*)", "INTEGER"},
	{"sum(Id) * 1.0 / count(*) share", "REAL"},
	{"sum(Score > 1)", "INTEGER"},
	{"Id + 1", "INTEGER"},
	{"-Id % 3", "INTEGER"},
	{"2 * (Score - [Id])", "REAL"},
	{"length(Title) + Open", "INTEGER"},
	{"DATE_TRUNC('month', CreatedOn)", "TIMESTAMP"},
	{"DATEADD(day, 1, CreatedOn) AS later", "TIMESTAMP"},
	{"NOW()", "TIMESTAMP"},
	{"EOMONTH(CreatedOn)", "DATE"},
	{"DATEDIFF(day, CreatedOn, NOW())", "INTEGER"},
	{"YEAR(CreatedOn)", "INTEGER"},
	{"FORMAT(CreatedOn, 'yyyy-MM')", "TEXT"},
	{"LEFT(Title, 2)", "TEXT"},
	{"MEDIAN(Id)", "REAL"},
	{"PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY Id)", "REAL"},
	{"PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY CreatedOn)", "TIMESTAMP"},
	{"ANY_VALUE(CreatedOn)", "TIMESTAMP"},
	{"BOOL_OR(Open)", "INTEGER"},
}

func TestInferredTypes(t *testing.T) {
	db := openThings(t, nil)
	for _, test := range expressions {
		for _, where := range []string{"1", "0"} {
			from := "FROM Things WHERE " + where
			if strings.Contains(test.expression, "OVER w") {
				from += " WINDOW w AS (ORDER BY Id)"
			}
			rows, err := db.QueryContext(t.Context(), "SELECT "+test.expression+" "+from)
			if err != nil {
				t.Errorf("%s: %v", test.expression, err)
				continue
			}
			types, err := rows.ColumnTypes()
			if err != nil {
				t.Fatal(err)
			}
			if got := types[0].DatabaseTypeName(); got != test.name {
				t.Errorf("%s, WHERE %s: %q, want %q", test.expression, where, got, test.name)
			}
			for rows.Next() {
				var v any
				if err := rows.Scan(&v); err != nil {
					t.Fatal(err)
				}
				if v != nil && reflect.TypeOf(v) != types[0].ScanType() {
					t.Errorf("%s: a %T, want %v", test.expression, v, types[0].ScanType())
				}
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				t.Error(err)
			}
		}
	}
}

// What passes through CTEs, derived tables and UNION keeps its type, and what SQL makes of other types keeps its value.
func TestTypesOfWholeStatements(t *testing.T) {
	db := openThings(t, nil)
	noon := time.Date(2026, 1, 10, 12, 0, 0, 5e8, time.UTC)
	for text, want := range map[string]any{
		"WITH last AS (SELECT max(CreatedOn) AS at FROM Things) SELECT at FROM last":       noon,
		"SELECT m FROM (SELECT max(CreatedOn) AS m, Open FROM Things)":                     noon,
		"SELECT max(CreatedOn) FROM Things UNION ALL SELECT CreatedOn FROM Things WHERE 0": noon,
		"SELECT t.*, max(CreatedOn) OVER () FROM (SELECT 1 AS one) t, Things":              int64(1),
		"SELECT coalesce(CreatedOn, 'never') FROM Things WHERE Id = 3":                     "never",
		"SELECT coalesce(Open, 5) FROM Things WHERE Id = 3":                                int64(5),
		"SELECT sum(Open) FROM Things":                                                     int64(3),
		"SELECT sum(Score) FROM Things":                                                    18.5,
		"SELECT datetime(CreatedOn) FROM Things WHERE Id = 1":                              "2026-01-01 12:00:00",
		"SELECT CAST(CreatedOn AS DATE) FROM Things WHERE Id = 1":                          time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		"SELECT TOP 1 max(CreatedOn) FROM Things":                                          noon,
		"SELECT CreatedOn::timestamp FROM Things WHERE Id = 1":                             time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC),
		"SELECT x'0102'": []byte{1, 2},
		"SELECT NULL":    nil,
		"VALUES (7)":     int64(7),
		"SELECT Title, max(CreatedOn) FROM Things GROUP BY Title HAVING max(CreatedOn) > '2020' ORDER BY 1 DESC": "thing",
	} {
		rows, err := db.QueryContext(t.Context(), text)
		if got := collect(t, rows, err); len(got) == 0 || !reflect.DeepEqual(got[0][0], want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// The columns of EXPLAIN QUERY PLAN and PRAGMA are not those of the select list.
func TestTypesOfPlans(t *testing.T) {
	db := openThings(t, nil)
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN SELECT CAST(1 AS BOOLEAN), Open FROM Things")
	for _, row := range collect(t, rows, err) {
		if _, ok := row[0].(int64); !ok {
			t.Errorf("the id of a step is %#v", row[0])
		}
	}
}

type valuer struct {
	v   sqldriver.Value
	err error
}

func (v valuer) Value() (sqldriver.Value, error) { return v.v, v.err }

func TestArguments(t *testing.T) {
	db := openThings(t, nil)
	kathmandu := time.FixedZone("", 5*3600+45*60)
	when := time.Date(2026, 5, 6, 12, 0, 0, 120_000_000, kathmandu)
	seven, raw := 7, json.RawMessage(`{}`)
	for _, test := range []struct{ give, want any }{
		{nil, nil},
		{1, int64(1)},
		{int8(-1), int64(-1)},
		{uint64(math.MaxInt64), int64(math.MaxInt64)},
		{&seven, int64(7)},
		{(*int)(nil), nil},
		{float32(1.5), 1.5},
		{true, int64(1)},
		{false, int64(0)},
		{"ünï", "ünï"},
		{"", ""},
		{[]byte{0, 1}, []byte{0, 1}},
		{[]byte(nil), nil},
		{raw, "{}"},
		{&raw, "{}"},
		{json.RawMessage(nil), nil},
		{(*json.RawMessage)(nil), nil},
		{when, "2026-05-06 06:15:00.12"},
		{&when, "2026-05-06 06:15:00.12"},
		{valuer{v: when}, "2026-05-06 06:15:00.12"},
		{valuer{v: true}, int64(1)},
		{sql.NullTime{}, nil},
		{sql.NullInt64{Int64: 3, Valid: true}, int64(3)},
	} {
		var got any
		if err := db.QueryRowContext(t.Context(), "SELECT ?", test.give).Scan(&got); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%T %v: %#v, %v; want %#v", test.give, test.give, got, err, test.want)
		}
	}
	broken := errors.New("broken")
	for _, give := range []any{uint64(math.MaxInt64 + 1), struct{}{}, valuer{err: broken}, []int{1}} {
		err := db.QueryRowContext(t.Context(), "SELECT ?", give).Scan(new(any))
		if err == nil || strings.Contains(err.Error(), "unsupported driver") {
			t.Errorf("%T: %v", give, err)
		}
		if v, ok := give.(valuer); ok && !errors.Is(err, v.err) {
			t.Errorf("the error of a Valuer is lost: %v", err)
		}
	}
	// A timestamp compares with the column whatever its zone.
	var id int
	noon := time.Date(2026, 1, 4, 13, 0, 0, 5e8, time.FixedZone("", 3600))
	if err := db.QueryRowContext(t.Context(), "SELECT Id FROM Things WHERE CreatedOn = ?", noon).Scan(&id); err != nil || id != 4 {
		t.Errorf("Id = %d, %v; want 4", id, err)
	}
}

func TestParameters(t *testing.T) {
	db := openThings(t, nil)
	a, b := sql.Named("a", "A"), sql.Named("b", "B")
	for _, test := range []struct {
		text string
		args []any
		want string // the columns joined, or the piece of an error
		bad  bool
	}{
		{"SELECT ?, ?", []any{"A", "B"}, "AB", false},
		{"SELECT ?2, ?1", []any{"A", "B"}, "BA", false},
		{"SELECT $2, $1, $2", []any{"A", "B"}, "BAB", false},
		{"SELECT :a, :b, :a", []any{b, a}, "ABA", false},
		{"SELECT @a, :a, $a", []any{a}, "AAA", false},
		{"SELECT :a, :b", []any{"A", "B"}, "AB", false},
		{"SELECT ?, :b", []any{"A", b}, "AB", false},
		{"SELECT '?', \"a\" FROM (SELECT ? AS a)", []any{"A"}, "?A", false},
		{"SELECT TOP (?) ? FROM Things", []any{1, "A"}, "A", false},
		{"SELECT ?", nil, "no argument for the parameter number 1: the statement takes 1, none are given", true},
		{"SELECT :a, :b", []any{a}, "no argument for the parameter b", true},
		{"SELECT ?", []any{"A", "B"}, "takes 1 argument, 2 are given", true},
		{"SELECT :alpha", []any{sql.Named("alpah", 1)}, `no parameter named "alpah"; did you mean "alpha"?`, true},
		{"SELECT :alpha", []any{a, sql.Named("alpah", 1)}, `no parameter named "a"`, true},
		{"SELECT :alpha", []any{sql.Named("alpha", 1), sql.Named("alpah", 1)}, `no parameter named "alpah"; did you mean "alpha"?`, true},
		{"SELECT 1", []any{1}, "takes no arguments, 1 is given", true},
	} {
		for _, prepare := range []bool{false, true} {
			rows, err := query(t, db, prepare, test.text, test.args)
			if test.bad {
				// database/sql counts the arguments of a prepared statement before we see them.
				if err == nil || !prepare && !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: %v, want %s", test.text, err, test.want)
				}
				continue
			}
			got := ""
			for _, v := range collect(t, rows, err)[0] {
				got += v.(string)
			}
			if got != test.want {
				t.Errorf("%s: %s, want %s", test.text, got, test.want)
			}
		}
	}
}

func query(t *testing.T, db *sql.DB, prepare bool, text string, args []any) (*sql.Rows, error) {
	if !prepare {
		return db.QueryContext(t.Context(), text, args...)
	}
	stmt, err := db.PrepareContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stmt.Close() })
	return stmt.QueryContext(t.Context(), args...)
}

func TestArgumentsOfSeveralStatements(t *testing.T) {
	db := openThings(t, nil)
	_, err := db.Query("SELECT ?; SELECT 2", "A", "B", "C")
	if want := "the statements take 1 argument without a name, 2 fewer than are given"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
