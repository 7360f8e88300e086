package planner

import (
	"fmt"
	"testing"
)

func TestClassify(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"", "empty"},
		{" -- nothing\n ; /* here */ ;", "empty"},
		{"SELECT 1", "SELECT rows"},
		{"-- hi\n/* there */ ; select 1", "SELECT rows"},
		{"(SELECT 1) UNION (SELECT 2)", "SELECT rows"},
		{"((WITH c AS (SELECT 1) SELECT * FROM c))", "WITH rows"},
		{"TABLE PullRequests", "SELECT rows"},
		{"SELECT (SELECT 1 FROM t) INTO Copy FROM t", "SELECT INTO .Copy"},
		{"SELECT t.into FROM t", "SELECT rows"},
		{"SELECT x FROM (SELECT a INTO b FROM c)", "SELECT rows"},
		{"WITH c(a, b) AS MATERIALIZED (SELECT 1, 2), d AS (SELECT 3) SELECT * FROM c", "WITH rows"},
		{"WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c", "INSERT .t"},
		{"WITH c AS (SELECT 1) DELETE FROM s.t WHERE a IN c RETURNING a", "DELETE s.t rows"},
		{"VALUES (1), (2)", "VALUES rows"},
		{"INSERT INTO [web-app].\"Branches\" (Name) VALUES ('x')", "INSERT web-app.Branches"},
		{"INSERT t (a) VALUES (1) RETURNING a", "INSERT .t rows"},
		{"INSERT INTO Bitbucket.platform.Tags(Name) VALUES ('RETURNING')", "INSERT platform.Tags"},
		{"INSERT INTO CData..Tags(Name) VALUES (1)", "INSERT .Tags"},
		{"INSERT INTO Tags#TEMP (Name) VALUES (1)", "INSERT .Tags#TEMP"},
		{"INSERT OR REPLACE INTO t VALUES (1)", "UPSERT .t"},
		{"INSERT OR IGNORE INTO t VALUES (1)", "INSERT .t"},
		{"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "UPSERT .t"},
		{"INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "UPSERT .t"},
		{"REPLACE INTO t VALUES (1)", "UPSERT .t"},
		{"UPSERT INTO s.t (a) VALUES (1)", "UPSERT s.t"},
		{"MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "UPSERT .t"},
		{"UPDATE s.[t] SET a = 1 WHERE b = 2", "UPDATE s.t"},
		{"UPDATE OR IGNORE t SET a = 1", "UPDATE .t"},
		{"DELETE FROM `s`.`t` WHERE a = 1", "DELETE s.t"},
		{"DELETE t WHERE a = 1", "DELETE .t"},
		{"GETDELETED FROM PullRequests WHERE UpdatedOn > '2024-01-01'", "GETDELETED .PullRequests rows"},
		{"EXEC GetOAuthAccessToken @AuthMode = 'WEB'", "EXEC .GetOAuthAccessToken rows"},
		{"execute s.p", "EXEC s.p rows"},
		{"CALL Merge(1)", "EXEC .Merge rows"},
		{"{call Merge(?)}", "EXEC .Merge rows"},
		{"{ ? = call Merge(?) }", "EXEC .Merge rows"},
		{"SHOW TABLES", "SHOW rows"},
		{"DESCRIBE s.t", "DESCRIBE s.t rows"},
		{"DESC TABLE t", "DESCRIBE .t rows"},
		{"EXPLAIN t", "DESCRIBE .t rows"},
		{"EXPLAIN SELECT 1", `EXPLAIN rows "SELECT 1"`},
		{"EXPLAIN QUERY PLAN SELECT 1;", `EXPLAIN rows plan "SELECT 1;"`},
		{" explain analyze /* x */ WITH c AS (SELECT 1) SELECT 1", `EXPLAIN rows analyze "WITH c AS (SELECT 1) SELECT 1"`},
		{"EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1", `EXPLAIN rows analyze "SELECT 1"`},
		{"EXPLAIN (ANALYZE FALSE) SELECT 1", `EXPLAIN rows "SELECT 1"`},
		{"EXPLAIN (SELECT 1)", `EXPLAIN rows "(SELECT 1)"`},
		{"EXPLAIN", "EXPLAIN rows"},
		{"SET search_path TO x", "SET"},
		{"USE [web-app]", "USE .web-app"},
		{"BEGIN IMMEDIATE", "BEGIN"},
		{"START TRANSACTION READ ONLY", "BEGIN"},
		{"COMMIT WORK", "COMMIT"},
		{"END", "COMMIT"},
		{"ROLLBACK TO x", "ROLLBACK"},
		{"SAVEPOINT x", "SAVEPOINT"},
		{"RELEASE x", "SAVEPOINT"},
		{"CREATE TEMP TABLE IF NOT EXISTS x AS SELECT 1", "CREATE TEMP .x"},
		{"CREATE TABLE Tags#TEMP (Name)", "CREATE TEMP .Tags#TEMP"},
		{"CREATE TEMPORARY VIEW v AS SELECT 1", "CREATE TEMP .v"},
		{"CREATE TABLE s.t (a)", "DDL s.t"},
		{"CREATE UNIQUE INDEX i ON t (a)", "DDL .i"},
		{"CREATE LOCAL VIEW [v] AS SELECT 1", `LOCAL VIEW .v "SELECT 1"`},
		{"CREATE OR REPLACE LOCAL VIEW UserViews.v AS WITH x AS (SELECT 1) SELECT * FROM x;", `LOCAL VIEW UserViews.v "WITH x AS (SELECT 1) SELECT * FROM x;"`},
		{"CREATE LOCAL VIEW IF NOT EXISTS v AS SELECT 1 AS n", `LOCAL VIEW .v "SELECT 1 AS n"`},
		{"ALTER LOCAL VIEW v AS SELECT 2", `LOCAL VIEW .v "SELECT 2"`},
		{"DROP LOCAL VIEW IF EXISTS [a b]", "LOCAL VIEW .a b"},
		{"CREATE VIEW local AS SELECT 1", "DDL .local"},
		{"DROP TABLE IF EXISTS s.t", "DDL s.t"},
		{"ALTER TABLE t ADD COLUMN x", "DDL .t"},
		{"ATTACH 'x' AS y", "DDL"},
		{"PRAGMA table_info(t)", "PRAGMA rows"},
		{"CACHE SELECT * FROM t", `CACHE "SELECT * FROM t"`},
		{"CACHE Copy WITH TRUNCATE SELECT * FROM t", `CACHE .Copy "SELECT * FROM t"`},
		{"CACHE WITH TRUNCATE SELECT * FROM t", `CACHE "SELECT * FROM t"`},
		{"SELECT 'open", "SELECT rows"},
		{"'open", "unknown"},
		{"hello world", "unknown"},
		{"(", "unknown"},
		{"{", "unknown"},
		{"\x00\xff", "unknown"},
		{"WITH", "unknown"},
	}
	for _, test := range tests {
		s := Classify(test.sql)
		got := s.Kind.String()
		if s.Table != "" {
			got += " " + s.Schema + "." + s.Table
		}
		if s.ReturnsRows {
			got += " rows"
		}
		if s.QueryPlan {
			got += " plan"
		}
		if s.Analyze {
			got += " analyze"
		}
		if s.Inner != "" {
			got += fmt.Sprintf(" %q", s.Inner)
			if test.sql[s.Offset:] != s.Inner {
				t.Errorf("%s: offset %d is not where %q begins", test.sql, s.Offset, s.Inner)
			}
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, got, test.want)
		}
	}
}

func TestKindWrites(t *testing.T) {
	for k := Unknown; k <= LocalView; k++ {
		want := k == Insert || k == Update || k == Delete || k == Upsert
		if k.Writes() != want {
			t.Errorf("%s.Writes() = %t", k, !want)
		}
	}
	if StatementKind(200).String() != "unknown" {
		t.Error("a kind out of range has no name")
	}
}
