package driver

import (
	"context"
	"strings"
)

// insteadOf is what to write here for functions of other databases.
var insteadOf = map[string]string{
	"AGE":                   "TIMESTAMPDIFF('day', a, b)",
	"APPROX_COUNT_DISTINCT": "COUNT(DISTINCT x)",
	"ARRAY_AGG":             "json_group_array(x)",
	"CURRENT_SCHEMA":        "the schema before the table's name",
	"DATABASE":              "the schema before the table's name",
	"DECODE":                "CASE x WHEN a THEN b ELSE c END",
	"GENERATE_SERIES":       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n",
	"JSON_ARRAYAGG":         "json_group_array(x)",
	"JSON_COUNT":            "json_array_length(x, '$.path')",
	"JSON_QUERY":            "x -> '$.path'",
	"JSON_TABLE":            "json_each(x)",
	"JSON_VALUE":            "x ->> '$.path'",
	"MD5":                   "HASHBYTES('MD5', x)",
	"OPENJSON":              "json_each(x)",
	"RAND":                  "RANDOM()",
	"SHA1":                  "HASHBYTES('SHA1', x)",
	"SHA2":                  "HASHBYTES('SHA2_256', x)",
	"STRING_SPLIT":          "SPLIT(x, ',', n)",
	"STRPOS":                "INSTR(x, y)",
	"STRTODATE":             "CAST(x AS DATE)",
	"STR_TO_DATE":           "CAST(x AS DATE)",
	"TO_DATE":               "CAST(x AS DATE)",
	"TO_NUMBER":             "CAST(x AS REAL)",
	"TO_TIMESTAMP":          "CAST(x AS TIMESTAMP), or FROM_UNIXTIME(x) for seconds",
	"UNIX_TIMESTAMP":        "unixepoch(x)",
	"UNNEST":                "json_each(x)",
}

// misfunction says what may have been meant by a function that does not exist, for the end of a message.
func (c *conn) misfunction(ctx context.Context, name string) string {
	upper := strings.ToUpper(name)
	if instead := insteadOf[upper]; instead != "" {
		return "; write " + instead
	}
	if strings.HasPrefix(upper, "L_") {
		return "; L_TODAY(), L_LAST_N_DAYS(n) and the like stand behind a comparison, as in CreatedOn = L_LAST_N_DAYS(7)"
	}
	return didYouMean(c.suggestFunctions(ctx, name))
}
