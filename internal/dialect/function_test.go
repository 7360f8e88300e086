package dialect

import "testing"

func TestCurrentUserIsCalled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{`SELECT current_user`, "SELECT current_user() AS `current_user`"},
		{`SELECT version(), CURRENT_USER AS who`, `SELECT version(), CURRENT_USER() AS who`},
		{`SELECT session_user || '!', system_user u;`, "SELECT session_user() || '!' AS `session_user || '!'`, system_user() u;"},
		{`WITH a AS (SELECT 1) SELECT CASE WHEN current_user = 'x' THEN 1 END y`, `WITH a AS (SELECT 1) SELECT CASE WHEN current_user() = 'x' THEN 1 END y`},
		// It may be a column or an alias.
		{`SELECT current_user FROM t`, `SELECT current_user FROM t`},
		{`SELECT 1 AS current_user ORDER BY current_user`, `SELECT 1 AS current_user ORDER BY current_user`},
		{`SELECT 1 current_user ORDER BY current_user`, `SELECT 1 current_user ORDER BY current_user`},
		{`SELECT current_user()`, `SELECT current_user()`},
		{"SELECT `current_user`", "SELECT `current_user`"},
		{`CREATE TEMP TABLE t (current_user TEXT)`, `CREATE TEMP TABLE t (current_user TEXT)`},
	})
}
