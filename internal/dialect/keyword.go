package dialect

import "strings"

// reserved words are never a name or a function when bare.
var reserved = words(`ALL AND ANY AS ASC BETWEEN BY CASE COLLATE CROSS DELETE DESC DISTINCT ELSE END ESCAPE EXCEPT EXISTS
	FETCH FROM FULL GLOB GROUP HAVING ILIKE IN INNER INSERT INTERSECT INTO IS ISNULL JOIN LEFT LIKE LIMIT NATURAL NOT
	NOTNULL NULL OFFSET ON OR ORDER OUTER REGEXP RETURNING RIGHT RLIKE SELECT SET SOME THEN UNION UPDATE USING VALUES
	WHEN WHERE WITH TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP`)

// callable are the reserved words that may also be the name of a function.
var callable = words(`LEFT RIGHT ISNULL GLOB LIKE EXISTS INSERT`)

// constants are the reserved words that stand for a value.
var constants = words(`NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP`)

// compounds join two queries.
var compounds = words(`UNION INTERSECT EXCEPT`)

// dateParts are the words that name a part of a date in DATEADD and its like, with the name SQLite's modifiers use.
var dateParts = map[string]string{
	"YEAR": "year", "YEARS": "year", "YY": "year", "YYYY": "year",
	"QUARTER": "quarter", "QUARTERS": "quarter", "QQ": "quarter", "Q": "quarter",
	"MONTH": "month", "MONTHS": "month", "MON": "month", "MONS": "month", "MM": "month", "M": "month",
	"WEEK": "week", "WEEKS": "week", "WK": "week", "WW": "week", "ISO_WEEK": "isoweek", "ISOWEEK": "isoweek",
	"DAY": "day", "DAYS": "day", "DD": "day", "D": "day",
	"DAYOFYEAR": "dayofyear", "DOY": "dayofyear", "DY": "dayofyear", "Y": "dayofyear",
	"WEEKDAY": "weekday", "DOW": "weekday", "DW": "weekday", "DAYOFWEEK": "weekday",
	"HOUR": "hour", "HOURS": "hour", "HH": "hour",
	"MINUTE": "minute", "MINUTES": "minute", "MIN": "minute", "MINS": "minute", "MI": "minute", "N": "minute",
	"SECOND": "second", "SECONDS": "second", "SEC": "second", "SECS": "second", "SS": "second", "S": "second",
	"MILLISECOND": "millisecond", "MILLISECONDS": "millisecond", "MS": "millisecond",
	"MICROSECOND": "microsecond", "MCS": "microsecond", "NANOSECOND": "nanosecond", "NS": "nanosecond",
	"EPOCH": "epoch", "ISODOW": "isodow", "ISOYEAR": "isoyear",
}

// datePart is the usual name of a part of a date, "" when word names none. ODBC's spelling is SQL_TSI_DAY.
func datePart(word string) string {
	return dateParts[strings.TrimPrefix(strings.ToUpper(word), "SQL_TSI_")]
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
