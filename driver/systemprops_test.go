package driver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestSystemConnectionProps(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN()+";MaxRows=77")
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM sys_connection_props")
	got := collect(t, rows, err)
	if len(got) != len(properties) {
		t.Fatalf("%d rows, want %d", len(got), len(properties))
	}
	for i, row := range got {
		p := properties[i]
		if len(row) != 18 || row[0] != p.Label || row[10] != p.Name || row[4] != p.Default || row[11] != int64(i+1) {
			t.Errorf("%s: %v", p.Name, row)
		}
		if text := fmt.Sprint(row...); p.Sensitive && (row[9] != "PASSWORD" || strings.Contains(text, fakeToken)) {
			t.Errorf("%s: %v", p.Name, text)
		}
	}
	if set := strs(t, db, "SELECT Value FROM sys_connection_props WHERE PropertyName = 'MaxRows'"); !slices.Equal(set, []string{"77"}) {
		t.Errorf("MaxRows is %v", set)
	}
	if set := strs(t, db, "SELECT Value FROM sys_connection_props WHERE PropertyName = 'AccessToken'"); !slices.Equal(set, []string{mask}) {
		t.Errorf("the access token is %v", set)
	}
	required := strs(t, db, "SELECT PropertyName FROM sys_connection_props WHERE Required = 'True' AND Hierarchy = 'AuthScheme=APIToken' ORDER BY 1")
	if !slices.Equal(required, []string{"APIToken", "User"}) {
		t.Errorf("APIToken requires %v", required)
	}
}

// What sys_sqlinfo promises can be done.
func TestSystemSQLInfo(t *testing.T) {
	db := openThings(t, nil)
	info := map[string][]string{}
	rows, err := db.QueryContext(t.Context(), "SELECT NAME, VALUE FROM sys_sqlinfo")
	for _, pair := range collect(t, rows, err) {
		info[pair[0].(string)] = strings.Split(pair[1].(string), ", ")
	}
	known := strs(t, db, "SELECT DISTINCT upper(name) FROM pragma_function_list")
	// Of these the words are syntax, and no functions of SQLite's.
	syntax := map[string]string{
		"DISTINCT": "count(DISTINCT Id)", "POSITION": "position('a' IN 'ba')", "EXTRACT": "extract(YEAR FROM CreatedOn)", "CAST": "cast(Id AS TEXT)",
	}
	for _, name := range []string{"AGGREGATE_FUNCTIONS", "STRING_FUNCTIONS", "NUMERIC_FUNCTIONS", "TIMEDATE_FUNCTIONS", "SYSTEM_FUNCTIONS"} {
		for _, function := range info[name] {
			if text := syntax[function]; text != "" {
				if err := queryAll(t, db, "SELECT "+text+" FROM test.Things"); err != nil {
					t.Errorf("%s: %v", function, err)
				}
			} else if !slices.Contains(known, function) {
				t.Errorf("%s: there is no function %s", name, function)
			}
		}
	}
	for _, operator := range info["SUPPORTED_OPERATORS"] {
		operand := map[string]string{
			"IN": "(1, 2)", "NOT IN": "(1, 2)", "BETWEEN": "1 AND 2", "IS NULL": "", "IS NOT NULL": "", "NOT": "",
		}
		right, ok := operand[operator]
		if !ok {
			right = "1"
		}
		text := "Id " + operator + " " + right
		if operator == "NOT" {
			text = "NOT Id"
		}
		if err := queryAll(t, db, "SELECT "+text+" FROM test.Things"); err != nil {
			t.Errorf("%s: %v", operator, err)
		}
	}
	for _, text := range []string{
		"SELECT Title, max(Score), Id FROM test.Things GROUP BY Open",                                                       // NO_RELATION
		"SELECT * FROM test.Things a LEFT JOIN test.Things b ON a.Id > b.Id",                                                // LEFT, ALL_COMPARISON_OPS
		"SELECT * FROM test.Things a RIGHT JOIN test.Things b ON b.Id = a.Id",                                               // RIGHT, NOT_ORDERED
		"SELECT * FROM test.Things a FULL JOIN test.Things b ON a.Id = b.Id",                                                // FULL
		"SELECT * FROM test.Things a WHERE Id IN (SELECT Id FROM test.Things b WHERE b.Id < a.Id)",                          // IN, CORRELATED_SUBQUERIES
		"SELECT * FROM test.Things WHERE Id = (SELECT max(Id) FROM test.Things) AND EXISTS (SELECT 1 FROM test.Things)",     // COMPARISON, EXISTS
		"WITH a AS (SELECT [Id] FROM [test].[Things]) SELECT Id, row_number() OVER (ORDER BY Id) FROM a",                    // the rest
		"SELECT NAME, VALUE FROM sys_sqlinfo WHERE Name = 'SUPPORTS_MULTIPLE_SCHEMAS' AND Value = 'YES' AND NAME IS NOT ''", // as a client asks
	} {
		if err := queryAll(t, db, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
