package dialect

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

type rewriteTest struct{ sql, want string }

func checkRewrites(t *testing.T, tests []rewriteTest) {
	t.Helper()
	for _, test := range tests {
		r, err := ToSQLite(test.sql)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if r.SQL != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, r.SQL, test.want)
		}
	}
}

func TestNativeTextStays(t *testing.T) {
	for _, sql := range []string{
		"",
		"SELECT  *\n\tFROM [web-app].`PullRequests` -- all\nWHERE State<>'it''s' /* \"x\" */ ;",
		`SELECT a || b, a -> '$.x', a ->> 'y', 'C:\temp\', x'0aFF', .5e-3, 1_000, 0xfF FROM t WHERE a != 1 AND b == 2`,
		"SELECT top, offset, date, x.top AS fetch FROM t WHERE top = 1 AND offset > 3 ORDER BY offset LIMIT 1, 2",
		"WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM c WHERE n < 5) SELECT n FROM c",
		"SELECT platform.PullRequests.Id FROM platform.PullRequests WHERE Draft IS TRUE",
		"SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
		"SELECT CAST(a AS INT), CAST(a AS TEXT), CAST(a AS VARCHAR), CAST(a AS NUMERIC) FROM t",
		"SELECT a FROM t WHERE b = ? AND c = ?2 AND d = :d AND e = @e AND f = $f",
		"SELECT ((SELECT 1)), (SELECT 2) UNION SELECT 3, 4",
		"SELECT a FROM t WHERE x IN ((SELECT 1), (SELECT 2))",
		"SELECT DISTINCT a FROM t GROUP BY ROLLUP (a)",
		"SELECT TOP 10 PERCENT a FROM t",
		"SELECT TOP 10 WITH TIES a FROM t",
		"SELECT * FROM dual d JOIN t ON d.x = t.x",
		"SELECT a FROM t, LATERAL (SELECT 1)",
		"SELECT Bitbucket.Tags.Name FROM Bitbucket.Tags",
		"SELECT substring(a, 1, 2), trim(a), trim(a, 'x'), group_concat(a, ';'), position('a', b) FROM t",
		"SELECT CONVERT(a, b), CONVERT(x, y, 3) FROM t",
		"SELECT CASE WHEN a IS NOT DISTINCT FROM b THEN 1 END FROM t",
		"SELECT EXTRACT(CENTURY FROM a) FROM t",
		"SELECT a FROM t WHERE d > x - INTERVAL 'soon'",
	} {
		checkRewrites(t, []rewriteTest{{sql, sql}})
	}
}

func TestNeighboursStayApart(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"SELECT 1 /A.*.* AS x", "SELECT 1 / *.* AS x"},
		{"SELECT 1 -CData..-x AS y", "SELECT 1 - -x AS y"},
		{"SELECT a FROM t WHERE b='x'CData..'y'", "SELECT a FROM t WHERE b='x' 'y'"},
		{"SELECT TOP 1 a FROM t -- c", "SELECT a FROM t LIMIT 1 -- c"},
	})
}

func TestNamesAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{`SELECT "Title", "a""b" AS "x` + "`" + `y" FROM "t"`, "SELECT `Title`, `a\"b` AS `x``y` FROM `t`"},
		{`SELECT [a]]b], [c] FROM t`, "SELECT `a]b`, [c] FROM t"},
		{
			`SELECT p.* FROM [CData].[platform].[PullRequests] p, bitbucket.platform.Tags, "Bitbucket".web."Branches"`,
			"SELECT p.* FROM [platform].[PullRequests] p, platform.Tags, web.`Branches`",
		},
		{`SELECT CData.platform.PullRequests.Id FROM CData..PullRequests`, `SELECT platform.PullRequests.Id FROM PullRequests`},
		{`SELECT bitbucket.PullRequests.Id FROM bitbucket.PullRequests`, `SELECT bitbucket.PullRequests.Id FROM bitbucket.PullRequests`},
		{`SELECT a FROM t JOIN Bitbucket.s.u ON t.a = u.a, Bitbucket.s.v`, `SELECT a FROM t JOIN s.u ON t.a = u.a, s.v`},
		{`SELECT platform.Tags.*, Bitbucket.platform.Tags.* FROM platform.Tags`, `SELECT Tags.*, Tags.* FROM platform.Tags`},
		{`SELECT a.Tags.* FROM a.Tags, b.Tags`, `SELECT a.Tags.* FROM a.Tags, b.Tags`},
		{`UPDATE Bitbucket.s.t SET a = 1`, `UPDATE s.t SET a = 1`},
		{`INSERT INTO Tags#TEMP (Name) VALUES (1)`, "INSERT INTO `Tags#TEMP` (Name) VALUES (1)"},
		{`SELECT 1 FROM dual`, `SELECT 1 `},
		{`SELECT 1 AS x FROM "DUAL" WHERE 1 = 1`, `SELECT 1 AS x  WHERE 1 = 1`},
		{`SELECT a FROM t WITH (NOLOCK) WHERE a = 1`, `SELECT a FROM t  WHERE a = 1`},
	})
	o := Default
	o.Catalogs = []string{"Acme"}
	r, err := o.ToSQLite("SELECT * FROM acme.s.t, CData.s.u")
	if err != nil || r.SQL != "SELECT * FROM s.t, CData.s.u" {
		t.Errorf("got %s, %v", r.SQL, err)
	}
}

func TestLiteralsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{`SELECT a FROM t WHERE a = N'x' OR a = E'it\'s\n' OR a = '\n'`, "SELECT a FROM t WHERE a = 'x' OR a = 'it''s\n' OR a = '\\n'"},
		{
			`SELECT a FROM t WHERE d > DATE '2024-01-01' AND e < timestamp'2024-01-01 10:00:00'`,
			`SELECT a FROM t WHERE d > '2024-01-01' AND e < '2024-01-01 10:00:00'`,
		},
		{`SELECT date AS 'x', t.date 'y', date 'when' FROM t`, `SELECT date AS 'x', t.date 'y', date 'when' FROM t`},
		{
			`SELECT {d '2024-01-01'} AS x, {ts '2024-01-01 00:00:00'} y, {t '10:00:00'} z`,
			`SELECT '2024-01-01' AS x, '2024-01-01 00:00:00' y, '10:00:00' z`,
		},
		{
			`SELECT {fn UCASE({fn LTRIM(a)})} AS x FROM {oj a LEFT OUTER JOIN b ON a.x = b.x}`,
			`SELECT UCASE(LTRIM(a)) AS x FROM a LEFT OUTER JOIN b ON a.x = b.x`,
		},
		{`SELECT a FROM t WHERE a LIKE '!%' {escape '!'}`, `SELECT a FROM t WHERE a LIKE '!%' escape '!'`},
		{`SELECT a FROM t WHERE a ILIKE 'x' AND b NOT ILIKE 'y' AND c RLIKE 'z'`, `SELECT a FROM t WHERE a LIKE 'x' AND b NOT LIKE 'y' AND c REGEXP 'z'`},
		{
			`SELECT a FROM t WHERE a <=> NULL AND (b > 1) IS UNKNOWN AND (c > 1) IS NOT UNKNOWN`,
			`SELECT a FROM t WHERE a IS NULL AND (b > 1) IS NULL AND (c > 1) IS NOT NULL`,
		},
	})
}

func TestCastsAreRespelled(t *testing.T) {
	const untrue = " NOT IN ('', '0', '0.0', 'f', 'false', 'n', 'no', 'off'))"
	checkRewrites(t, []rewriteTest{
		{`SELECT x::int AS a`, `SELECT CAST(x AS int) AS a`},
		{
			`SELECT t.x :: text a, -x::int b, f(x, 1)::int c, (1+2)::int d, 'a'::text::int e`,
			`SELECT CAST(t.x AS text) a, -CAST(x AS int) b, CAST(f(x, 1) AS int) c, CAST((1+2) AS int) d, CAST(CAST('a' AS text) AS int) e`,
		},
		{`SELECT CASE WHEN CASE a WHEN 1 THEN 2 END THEN 1 END::int x`, `SELECT CAST(CASE WHEN CASE a WHEN 1 THEN 2 END THEN 1 END AS int) x`},
		{
			`SELECT SUM(x) OVER (ORDER BY a)::int x, COUNT(*) FILTER (WHERE a)::int y FROM t`,
			`SELECT CAST(SUM(x) OVER (ORDER BY a) AS int) x, CAST(COUNT(*) FILTER (WHERE a) AS int) y FROM t`,
		},
		{
			`SELECT x::date a, x::timestamp b, x::timestamptz c, x::timestamp(3) with time zone d, x::time e`,
			`SELECT date(x) a, datetime(x) b, datetime(x) c, datetime(x) d, time(x) e`,
		},
		{
			`SELECT CAST(x AS DATE) a, CAST(x AS DATETIME) b, CAST(x AS DATETIME2(7)) c, cast ( x AS Timestamp ) d`,
			`SELECT date(x) a, datetime(x) b, datetime(x) c, datetime ( x) d`,
		},
		{
			`SELECT CAST(? AS BOOLEAN) a, 'f'::bool b, CAST(x AS BIT) c`,
			`SELECT (lower(?)` + untrue + ` a, (lower('f')` + untrue + ` b, (lower(x)` + untrue + ` c`,
		},
		{
			`SELECT CAST(x AS VARCHAR(10)) a, x::character varying(3) b, CAST(x AS NVARCHAR(MAX)) c, CAST(x AS CHAR(2) CHARACTER SET utf8) d`,
			`SELECT substr(CAST(x AS TEXT), 1, 10) a, substr(CAST(x AS TEXT), 1, 3) b, CAST(x AS TEXT) c, substr(CAST(x AS TEXT), 1, 2) d`,
		},
		{
			`SELECT CAST(x AS STRING) a, x::json b, x::uuid c, x::text[] d, x::pg_catalog.regclass e`,
			`SELECT CAST(x AS TEXT) a, CAST(x AS TEXT) b, CAST(x AS TEXT) c, CAST(x AS TEXT) d, CAST(x AS TEXT) e`,
		},
		{
			`SELECT CAST(x AS DECIMAL(10, 2)) a, CAST(x AS DECIMAL(5)) b, x::numeric(5,0) c, CAST(x AS DECIMAL) d`,
			`SELECT round(CAST(x AS NUMERIC), 2) a, CAST(round(x) AS INTEGER) b, CAST(round(x) AS INTEGER) c, CAST(x AS DECIMAL) d`,
		},
		{
			`SELECT CAST(x AS SIGNED) a, CAST(x AS UNSIGNED INTEGER) b, CAST(x AS SQL_BIGINT) c, x::double precision d, x::int8 e`,
			`SELECT CAST(x AS INTEGER) a, CAST(x AS INTEGER) b, CAST(x AS INTEGER) c, CAST(x AS double precision) d, CAST(x AS int8) e`,
		},
		{`SELECT CAST(x AS VARBINARY(8)) a, TRY_CAST(x AS INT) b`, `SELECT CAST(x AS BLOB) a, CAST(x AS INT) b`},
		{
			`SELECT CONVERT(varchar(10), x, 120) a, CONVERT(x, CHAR) b, CONVERT(date, x) c, {fn CONVERT(x, SQL_VARCHAR)} d, CONVERT(x USING utf8) e`,
			`SELECT substr(CAST(x AS TEXT), 1, 10) a, CAST(x AS CHAR) b, date(x) c, CAST(x AS TEXT) d, CAST(x AS TEXT) e`,
		},
		{`SELECT CONVERT(Date, CHAR) a, CONVERT(Name, CHAR(3)) b`, `SELECT CAST(Date AS CHAR) a, substr(CAST(Name AS TEXT), 1, 3) b`},
		{`SELECT CONVERT(varchar, x, 101) a`, `SELECT CONVERT(varchar, x, 101) a`},
	})
}

func TestDatesAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{`SELECT a FROM t WHERE d > now() - INTERVAL '7 days'`, `SELECT a FROM t WHERE d > datetime(CURRENT_TIMESTAMP, '-7 days')`},
		{
			`SELECT a FROM t WHERE d > CURRENT_DATE - interval 2 week + interval '1 day 3hours'`,
			`SELECT a FROM t WHERE d > datetime(datetime(CURRENT_DATE, '-14 days'), '+1 days', '+3 hours')`,
		},
		{
			`SELECT a FROM t WHERE d < '2024-01-01'::timestamp + '1 month'::interval`,
			`SELECT a FROM t WHERE d < datetime(datetime('2024-01-01'), '+1 months')`,
		},
		{`SELECT a FROM t WHERE d < t.x - INTERVAL '-1' DAY`, `SELECT a FROM t WHERE d < datetime(t.x, '+1 days')`},
		{
			`SELECT a FROM t WHERE d < x - INTERVAL ? DAY AND e < x + INTERVAL (a+1) QUARTER AND f < x + INTERVAL :n HOUR`,
			`SELECT a FROM t WHERE d < datetime(x, (-?) || ' days') AND e < datetime(x, (3 * (a+1)) || ' months') AND f < datetime(x, :n || ' hours')`,
		},
		{`SELECT DATE_ADD(x, INTERVAL 7 DAY) a, DATE_SUB(f(x), INTERVAL 1 WEEK) b`, `SELECT datetime(x, '+7 days') a, datetime(f(x), '-7 days') b`},
		{
			`SELECT EXTRACT(YEAR FROM x) a, extract('dow' from y.z) b, EXTRACT(QUARTER FROM f(x)) c`,
			`SELECT CAST(strftime('%Y', x) AS INTEGER) a, CAST(strftime('%w', y.z) AS INTEGER) b, ((CAST(strftime('%m', f(x)) AS INTEGER) + 2) / 3) c`,
		},
		{
			`SELECT DATEDIFF(day, a, b) a, DATEADD(mm, 1, x) b, DATEPART(dw, x) c, DATE_TRUNC('month', x) d, {fn TIMESTAMPADD(SQL_TSI_DAY, 1, x)} e`,
			`SELECT DATEDIFF('day', a, b) a, DATEADD('mm', 1, x) b, DATEPART('dw', x) c, DATE_TRUNC('month', x) d, TIMESTAMPADD('day', 1, x) e`,
		},
		{`SELECT DATEDIFF(d, b) x`, `SELECT DATEDIFF(d, b) x`},
		{
			`SELECT NOW() - INTERVAL '1 day' * 7 AS a, b - c - INTERVAL '1 day' AS d`,
			`SELECT CURRENT_TIMESTAMP - INTERVAL '1 day' * 7 AS a, b - c - INTERVAL '1 day' AS d`,
		},
		{
			`SELECT CURRENT_DATE() a, NOW() b, GETDATE() c, CURRENT_TIMESTAMP(3) d, CURTIME() e, now(1, 2) f`,
			`SELECT CURRENT_DATE a, CURRENT_TIMESTAMP b, CURRENT_TIMESTAMP c, CURRENT_TIMESTAMP d, CURRENT_TIME e, now(1, 2) f`,
		},
	})
}

func TestFunctionsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{
			`SELECT SUBSTRING(x FROM 2 FOR 3) a, SUBSTRING(x FROM 2) b, SUBSTRING(x FOR 3) c`,
			`SELECT SUBSTRING(x , 2 , 3) a, SUBSTRING(x , 2) b, SUBSTRING(x , 1, 3) c`,
		},
		{`SELECT POSITION('a' IN b||c) a`, `SELECT instr(b||c, 'a') a`},
		{
			`SELECT TRIM(BOTH 'x' FROM y) a, TRIM(LEADING FROM y) b, TRIM(TRAILING 'x' FROM y) c, TRIM('x' FROM y) d`,
			`SELECT TRIM( y, 'x') a, ltrim( y) b, rtrim( y, 'x') c, TRIM(y, 'x') d`,
		},
		{
			`SELECT GROUP_CONCAT(x SEPARATOR ';') a, GROUP_CONCAT(DISTINCT x SEPARATOR ',') b, GROUP_CONCAT(x ORDER BY y DESC SEPARATOR '-') c FROM t`,
			`SELECT GROUP_CONCAT(x, ';') a, GROUP_CONCAT(DISTINCT x) b, GROUP_CONCAT(x, '-' ORDER BY y DESC) c FROM t`,
		},
		{
			`SELECT LISTAGG(x, ',') WITHIN GROUP (ORDER BY y) a, STRING_AGG(x, ';') b FROM t`,
			`SELECT group_concat(x, ',' ORDER BY y) a, STRING_AGG(x, ';') b FROM t`,
		},
		{`SELECT ISNULL(a, b) x, ISNULL(a) y, a ISNULL z FROM t`, `SELECT ifnull(a, b) x, ((a) IS NULL) y, a ISNULL z FROM t`},
	})
}

func TestLimitsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"SELECT TOP 5 a FROM t ORDER BY a -- c", "SELECT a FROM t ORDER BY a LIMIT 5 -- c"},
		{"SELECT DISTINCT TOP (5) a FROM t;", "SELECT DISTINCT a FROM t LIMIT (5);"},
		{"SELECT ALL TOP 5 * FROM t", "SELECT ALL * FROM t LIMIT 5"},
		{"SELECT TOP ? -a FROM t WHERE b = ?", "SELECT -a FROM t WHERE b = ?2 LIMIT ?1"},
		{
			"SELECT * FROM (SELECT TOP 3 a FROM t ORDER BY a) x WHERE a IN (SELECT TOP 1 a FROM u)",
			"SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 3) x WHERE a IN (SELECT a FROM u LIMIT 1)",
		},
		{"WITH c AS (SELECT TOP 4 a FROM t) SELECT TOP 1 * FROM c", "WITH c AS (SELECT a FROM t LIMIT 4) SELECT * FROM c LIMIT 1"},
		{
			"SELECT TOP 2 a FROM t UNION ALL SELECT TOP 3 a FROM u ORDER BY 1",
			"SELECT * FROM (SELECT a FROM t LIMIT 2) UNION ALL SELECT * FROM (SELECT a FROM u LIMIT 3) ORDER BY 1",
		},
		{"INSERT INTO x SELECT TOP 2 a FROM t", "INSERT INTO x SELECT a FROM t LIMIT 2"},
		{"SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY", "SELECT a FROM t ORDER BY a  LIMIT 10 OFFSET 5"},
		{"SELECT a FROM t ORDER BY a OFFSET ? ROWS FETCH NEXT ? ROWS ONLY", "SELECT a FROM t ORDER BY a  LIMIT ?2 OFFSET ?1"},
		{"SELECT a FROM t ORDER BY a OFFSET :o ROWS FETCH NEXT :n ROWS ONLY", "SELECT a FROM t ORDER BY a  LIMIT ?2 OFFSET ?1"},
		{"SELECT a FROM t FETCH FIRST 3 ROWS ONLY", "SELECT a FROM t LIMIT 3"},
		{"SELECT a FROM t FETCH FIRST ROW ONLY", "SELECT a FROM t LIMIT 1"},
		{"SELECT a FROM t OFFSET 5 ROWS", "SELECT a FROM t LIMIT -1 OFFSET 5"},
		{"SELECT a FROM t OFFSET 5", "SELECT a FROM t LIMIT -1 OFFSET 5"},
		{"SELECT a FROM t OFFSET 5 LIMIT 3", "SELECT a FROM t LIMIT 3 OFFSET 5"},
		{"SELECT a FROM t OFFSET 5 LIMIT ALL", "SELECT a FROM t LIMIT -1 OFFSET 5"},
		{"SELECT a FROM t LIMIT ALL OFFSET 3 ROWS", "SELECT a FROM t LIMIT -1 OFFSET 3"},
		{"SELECT a FROM t LIMIT 3 OFFSET 5", "SELECT a FROM t LIMIT 3 OFFSET 5"},
		{"SELECT a FROM (SELECT a FROM t OFFSET 2 ROWS FETCH FIRST 1 ROW ONLY) x", "SELECT a FROM (SELECT a FROM t  LIMIT 1 OFFSET 2) x"},
	})
}

func TestCompoundsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"(SELECT 1)", "SELECT 1"},
		{"(SELECT a FROM t) UNION (SELECT a FROM u) ORDER BY 1", "SELECT a FROM t UNION SELECT a FROM u ORDER BY 1"},
		{"(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT b FROM t)", "SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL SELECT b FROM t"},
		{"((SELECT a FROM t) UNION (SELECT b FROM t)) EXCEPT SELECT 1", "SELECT * FROM (SELECT a FROM t UNION SELECT b FROM t) EXCEPT SELECT 1"},
		{"SELECT a FROM t EXCEPT (SELECT b FROM t UNION SELECT c FROM t)", "SELECT a FROM t EXCEPT SELECT * FROM (SELECT b FROM t UNION SELECT c FROM t)"},
		{"(SELECT a FROM t LIMIT 5) ORDER BY 1", "SELECT * FROM (SELECT a FROM t LIMIT 5) ORDER BY 1"},
		{"SELECT x FROM ((SELECT a x FROM t) UNION (SELECT b FROM t)) q", "SELECT x FROM (SELECT a x FROM t UNION SELECT b FROM t) q"},
		{"SELECT a FROM t UNION DISTINCT SELECT b FROM t", "SELECT a FROM t UNION  SELECT b FROM t"},
		{"SELECT a FROM t MINUS SELECT b FROM t", "SELECT a FROM t EXCEPT SELECT b FROM t"},
	})
}

func TestColumnsKeepTheirNames(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{`SELECT x::int, "a"||'y', "a", t."b", * FROM t`, "SELECT CAST(x AS int) AS `x::int`, `a`||'y' AS `\"a\"||'y'`, `a`, t.`b`, * FROM t"},
		{`SELECT DISTINCT TOP 5 NOW(), 1 FROM t`, "SELECT DISTINCT CURRENT_TIMESTAMP AS `NOW()`, 1 FROM t LIMIT 5"},
		{`SELECT NOW() AS n, NOW() "m", NOW() 'o' FROM t`, "SELECT CURRENT_TIMESTAMP AS n, CURRENT_TIMESTAMP `m`, CURRENT_TIMESTAMP 'o' FROM t"},
		{
			`SELECT "a" COLLATE NOCASE, "a" ISNULL, "a" IS NULL FROM t`,
			"SELECT `a` COLLATE NOCASE AS `\"a\" COLLATE NOCASE`, `a` ISNULL AS `\"a\" ISNULL`, `a` IS NULL AS `\"a\" IS NULL` FROM t",
		},
		{`SELECT "a" IS DISTINCT FROM "b" FROM t`, "SELECT `a` IS DISTINCT FROM `b` AS `\"a\" IS DISTINCT FROM \"b\"` FROM t"},
		{`WITH c AS (SELECT x::int FROM t) SELECT NOW() FROM c`, "WITH c AS (SELECT CAST(x AS int) FROM t) SELECT CURRENT_TIMESTAMP AS `NOW()` FROM c"},
		{`SELECT NOW() UNION SELECT GETDATE()`, "SELECT CURRENT_TIMESTAMP AS `NOW()` UNION SELECT CURRENT_TIMESTAMP"},
		{`SELECT (SELECT x::int FROM t) FROM t`, "SELECT (SELECT CAST(x AS int) FROM t) AS `(SELECT x::int FROM t)` FROM t"},
		{"SELECT NOW() -- it is\nFROM t", "SELECT CURRENT_TIMESTAMP AS `NOW()` -- it is\nFROM t"},
		{"INSERT INTO x SELECT NOW() FROM t", "INSERT INTO x SELECT CURRENT_TIMESTAMP FROM t"},
		{`SELECT [a]::int`, "SELECT CAST([a] AS int) AS `[a]::int`"},
		{"SELECT `a`::int", "SELECT CAST(`a` AS int) AS ```a``::int`"},
	})
}

func TestParameters(t *testing.T) {
	tests := []struct {
		sql, want string
		params    []Parameter
	}{
		{"SELECT ?, ?", "SELECT ?, ?", []Parameter{{Index: 1}, {Index: 2}}},
		{"SELECT ?3, ?, :a, @a, $a, :a", "SELECT ?3, ?, :a, @a, $a, :a", []Parameter{
			{Index: 3}, {Index: 4}, {Index: 5, Name: "a"}, {Index: 6, Name: "a"}, {Index: 7, Name: "a"},
		}},
		{"SELECT $2, $1::int AS x, $name::text AS y", "SELECT ?2 AS `$2`, CAST(?1 AS int) AS x, CAST($name AS text) AS y", []Parameter{
			{Index: 1}, {Index: 2}, {Index: 3, Name: "name"},
		}},
		{"SELECT TOP (:n) :a, ?, :n", "SELECT ?2 AS `:a`, ?3 AS `?`, ?1 AS `:n` LIMIT (?1)", []Parameter{{1, "n"}, {2, "a"}, {3, ""}}},
		{"SELECT ?0", "SELECT ?0", nil},
		// What is written anew holds the parameters that it had, wherever it stands.
		{
			"SELECT TOP (?) a FROM t WHERE b > c - INTERVAL ? DAY AND d > ?",
			"SELECT a FROM t WHERE b > datetime(c, (-?2) || ' days') AND d > ?3 LIMIT (?1)",
			[]Parameter{{Index: 1}, {Index: 2}, {Index: 3}},
		},
		{
			"SELECT TOP (?) a FROM t WHERE b > DATE_ADD(c, INTERVAL (? + ?) WEEK) AND d > ?",
			"SELECT a FROM t WHERE b > datetime(c, (7 * (?2 + ?3)) || ' days') AND d > ?4 LIMIT (?1)",
			[]Parameter{{Index: 1}, {Index: 2}, {Index: 3}, {Index: 4}},
		},
		{
			"SELECT TOP (?) LISTAGG(a, ?) WITHIN GROUP (ORDER BY a = ?) AS x FROM t", "SELECT group_concat(a, ?2 ORDER BY a = ?3) AS x FROM t LIMIT (?1)",
			[]Parameter{{Index: 1}, {Index: 2}, {Index: 3}},
		},
	}
	for _, test := range tests {
		r, err := ToSQLite(test.sql)
		if err != nil {
			t.Fatal(err)
		}
		if test.want != r.SQL || !reflect.DeepEqual(r.Params, test.params) {
			t.Errorf("%s\n got %s %v\nwant %s %v", test.sql, r.SQL, r.Params, test.want, test.params)
		}
	}
}

func TestOffset(t *testing.T) {
	sql := "SELECT TOP 5 x::int, bad FROM t WHERE wrong = 1"
	r, err := ToSQLite(sql)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"SELECT", "x", "bad", "FROM", "wrong", "5"} {
		at := strings.Index(r.SQL, word)
		if got, want := r.Offset(at), strings.Index(sql, word); got != want {
			t.Errorf("%s at %d of %s is at %d of the user's text, not %d", word, at, r.SQL, want, got)
		}
	}
	if got := r.Offset(len(r.SQL)); got != len(sql) {
		t.Errorf("the end is at %d, not %d", got, len(sql))
	}
	last := strings.Index(sql, "wrong") + 3
	if got := r.Offset(strings.Index(r.SQL, "wrong") + 3); got != last {
		t.Errorf("inside a word: %d, not %d", got, last)
	}
}

func TestRewriteReportsOpenStrings(t *testing.T) {
	_, err := ToSQLite("SELECT 1,\n  'é', 'abc")
	var lexError *LexError
	if !errors.As(err, &lexError) {
		t.Fatalf("got %v", err)
	}
	if lexError.Line != 2 || lexError.Column != 8 || lexError.What != "string" {
		t.Errorf("got %+v", lexError)
	}
}

// triggers are the words and signs that respelling acts on.
var triggers = []string{
	`"`, "]]", "'", "{", "::", "<=>", "$", "#", "ILIKE", "RLIKE", "UNKNOWN", "MINUS", "NOLOCK", "DATE", "TIME", "FROM", "CDATA", "BITBUCKET",
	"INTERVAL", "CAST", "CONVERT", "NOW", "UTC", "SYS", "LOCAL", "CUR", "EXTRACT", "SUBSTR", "POSITION", "TRIM", "ISNULL", "CONCAT",
	"AGG", "TOP", "LIMIT", "FETCH", "OFFSET", "(", "DISTINCT", ".",
}

func FuzzToSQLite(f *testing.F) {
	f.Add("SELECT TOP 5 x::int, \"a\"||'x' FROM [CData].[s].[t] WHERE d > NOW() - INTERVAL '7 days' OFFSET ? ROWS FETCH NEXT ? ROWS ONLY")
	f.Add("((SELECT a FROM t) UNION (SELECT CONVERT(int, b) FROM dual)) EXCEPT SELECT {fn f(x)}")
	f.Add("SELECT GROUP_CONCAT(DISTINCT x ORDER BY y SEPARATOR ';'), TRIM(BOTH 'x' FROM y), EXTRACT(QUARTER FROM POSITION(a IN b)) FROM t")
	f.Add("SELECT CASE END::int, CAST(CAST(x AS date) AS decimal(5,2)), ISNULL(a), ISNULL(a,b) LIMIT ALL OFFSET 3")
	f.Add("select a, b -- x\n;\x00\xff")
	f.Fuzz(func(t *testing.T, sql string) {
		r, err := ToSQLite(sql)
		a, errA := ToSQLParser(sql)
		if (err == nil) != (errA == nil) {
			t.Fatalf("ToSQLite: %v, ToSQLParser: %v", err, errA)
		}
		if err != nil {
			return
		}
		if _, err := Lex(r.SQL); err != nil {
			t.Errorf("%q became %q: %v", sql, r.SQL, err)
		}
		if len(a.SQL) < len(a.Tokens) {
			t.Errorf("%q has fewer bytes than tokens", a.SQL)
		}
		for i := 0; i <= len(r.SQL); i += 1 + len(r.SQL)/50 {
			if got := r.Offset(i); got < 0 || got > len(sql) {
				t.Errorf("offset %d of %q is %d of %q", i, r.SQL, got, sql)
			}
		}
		upper := strings.ToUpper(sql)
		for _, word := range triggers {
			if strings.Contains(upper, word) {
				return
			}
		}
		if r.SQL != sql {
			t.Errorf("%q became %q without need", sql, r.SQL)
		}
	})
}
