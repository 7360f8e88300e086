package dialect

import (
	"reflect"
	"strings"
	"testing"
)

func TestToSQLParser(t *testing.T) {
	tests := []struct{ sql, want, tokens string }{
		{
			`SELECT "a"||'b\n', CAST(x AS int) FROM s.t AS q WHERE Key = 'O''Brien' -- c`,
			"SELECT `a` ^ 'b\\\\n' , `CAST` ( `x` ) FROM `s` . `t` AS `q` WHERE `Key` = 'O\\'Brien'",
			`select a ^ 'b\n , cast ( x ) from s . t q where key = 'O'Brien`,
		},
		{
			"SELECT TOP 5 SUM(a) OVER (PARTITION BY b), COUNT(*) FILTER (WHERE c), x::text FROM t ORDER BY a ASC NULLS LAST;",
			"SELECT `SUM` ( `a` ) , `COUNT` ( * ) , `CAST` ( `x` ) FROM `t` ORDER BY `a` ASC LIMIT 5",
			"select sum ( a ) , count ( * ) , cast ( x ) from t order by a limit 5",
		},
		{
			"SELECT left(a, 2), CURRENT_DATE FROM t INNER JOIN u ON a == b WHERE a <> 1 AND b ISNULL AND c NOTNULL LIMIT 5 OFFSET 2",
			"SELECT `left` ( `a` , 2 ) , `CURRENT_DATE` ( ) FROM `t` INNER JOIN `u` ON `a` = `b` WHERE `a` != 1 AND `b` IS NULL AND `c` IS NOT NULL LIMIT 2 , 5",
			"select left ( a , 2 ) , current_date ( ) from t join u on a = b where a != 1 and b is null and c is not null limit 2 , 5",
		},
		{"SELECT [as], t.order FROM t", "SELECT `as` , `t` . `order` FROM `t`", "select as , t . order from t"},
	}
	for _, test := range tests {
		a, err := ToSQLParser(test.sql)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
		}
		if a.SQL != test.want || strings.Join(a.Tokens, " ") != test.tokens {
			t.Errorf("%s\n got %s\nwant %s\n got %s\nwant %s", test.sql, a.SQL, test.want, strings.Join(a.Tokens, " "), test.tokens)
		}
	}
}

func TestToSQLParserParameters(t *testing.T) {
	a, err := ToSQLParser("SELECT TOP (?) a FROM t WHERE a = :x OR b = $1 OR c = :x OR d = ?")
	if err != nil {
		t.Fatal(err)
	}
	want := []Parameter{{2, "x"}, {1, ""}, {2, "x"}, {3, ""}, {1, ""}}
	if !reflect.DeepEqual(a.Params, want) || !strings.HasSuffix(a.SQL, "`a` = :v1 OR `b` = :v2 OR `c` = :v3 OR `d` = :v4 LIMIT ( :v5 )") {
		t.Errorf("got %s %v", a.SQL, a.Params)
	}
}
