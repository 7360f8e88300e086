package outline

import (
	"reflect"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

func TestConstants(t *testing.T) {
	views := map[string]string{"wanted": "SELECT column1 FROM (VALUES (1), (2))", "other": "VALUES (3), (4)"}
	arguments := []any{int64(7), "x", []byte("b"), true}
	for text, want := range map[string][][][]any{
		"SELECT 1":   nil,
		"VALUES (1)": nil,
		"WITH w(n) AS (VALUES (1), (-2), ('it''s'), (NULL), (1.5)) SELECT * FROM w": {{{int64(1)}, {int64(-2)}, {"it's"}, {nil}, {1.5}}},
		"VALUES (1, 'a'), (2 + 3, upper('b')), (-x, (4))":                           {{{int64(1), "a"}, {nil, nil}, {nil, nil}}},
		"VALUES (1, 2), (3)":                           nil,
		"VALUES (?, 'a'), (?, 'b'), (?1, ?3), (?4, ?)": {{{int64(7), "a"}, {"x", "b"}, {int64(7), "b"}, {nil, nil}}},
		"SELECT * FROM (SELECT 1 AS n, 'a' b UNION ALL SELECT 2, 'b' UNION SELECT ?, NULL) w JOIN t": {{{int64(1), "a"}, {int64(2), "b"}, {int64(7), nil}}},
		"SELECT 1 UNION ALL SELECT Id FROM t":                                                        nil,
		"SELECT 1 UNION ALL SELECT 2, 3":                                                             nil,
		"SELECT * FROM json_each('[1, \"a\", null, [2], 2.5]')":                                      {{{int64(1)}, {"a"}, {nil}, {nil}, {nil}}},
		"SELECT '[1'":          nil,
		"SELECT n FROM wanted": {{{int64(1)}, {int64(2)}}},
		"VALUES":               nil,
		"VALUES (1":            nil,
		"SELECT":               nil,
		"SELECT 1 UNION":       nil,
		"VALUES (),()":         {{{nil}, {nil}}},
	} {
		got := Constants(dialect.WordsOf(text), views, func(i int) any {
			if i < len(arguments) {
				return arguments[i]
			}
			return nil
		})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func FuzzConstants(f *testing.F) {
	f.Add("WITH w(n) AS (VALUES (1), (-2)) SELECT 1 UNION ALL SELECT 2, '[1,2]'")
	f.Fuzz(func(t *testing.T, text string) {
		for _, rows := range Constants(dialect.WordsOf(text), nil, func(int) any { return nil }) {
			for _, row := range rows {
				if len(row) != len(rows[0]) || len(row) == 0 {
					t.Errorf("rows of %d and %d values", len(rows[0]), len(row))
				}
			}
		}
	})
}
