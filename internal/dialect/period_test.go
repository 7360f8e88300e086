package dialect

import "testing"

func TestPeriodsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"SELECT a FROM t WHERE t.d = L_TODAY() AND b", "SELECT a FROM t WHERE t.d BETWEEN PERIOD_START('TODAY') AND PERIOD_END('TODAY') AND b"},
		{"SELECT a FROM t WHERE NOT d=l_last_n_weeks( 3 )", "SELECT a FROM t WHERE NOT d BETWEEN PERIOD_START('LAST_N_WEEKS',  3 ) AND PERIOD_END('LAST_N_WEEKS',  3 )"},
		{"SELECT a FROM t WHERE d <> L_THIS_YEAR() OR d < L_LAST_MONTH()", "SELECT a FROM t WHERE d NOT BETWEEN PERIOD_START('THIS_YEAR') AND PERIOD_END('THIS_YEAR') OR d < PERIOD_START('LAST_MONTH')"},
		{"SELECT a FROM t WHERE d > L_TODAY() OR d >= L_TODAY()", "SELECT a FROM t WHERE d > PERIOD_END('TODAY') OR d >= PERIOD_START('TODAY')"},
		{"SELECT a FROM t WHERE d <= L_NEXT_QUARTER()", "SELECT a FROM t WHERE d <= PERIOD_END('NEXT_QUARTER')"},
		{"SELECT TOP (?) a FROM t WHERE d = L_LAST_N_DAYS(?) AND b = ?", "SELECT a FROM t WHERE d BETWEEN PERIOD_START('LAST_N_DAYS', ?2) AND PERIOD_END('LAST_N_DAYS', ?2) AND b = ?3 LIMIT (?1)"},
		// What is no comparison with a period stays.
		{"SELECT a FROM t WHERE d = L_TODAY(1) AND L_TODAY() = d AND d = L_LAST_N_DAYS() AND d = L_NEVER()", "SELECT a FROM t WHERE d = L_TODAY(1) AND L_TODAY() = d AND d = L_LAST_N_DAYS() AND d = L_NEVER()"},
	})
}

func TestDifferencesOfTimestampsAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"SELECT EXTRACT(EPOCH FROM (b - a)) AS s FROM t", "SELECT (DATEDIFF('microsecond', a, b) / 1000000.0) AS s FROM t"},
		{"SELECT EXTRACT(DAY FROM t.b - max(a, c)) AS d FROM t", "SELECT (TIMESTAMPDIFF('day', max(a, c), t.b)) AS d FROM t"},
		{"SELECT EXTRACT(HOUR FROM b - a) / 2 AS h FROM t", "SELECT (TIMESTAMPDIFF('hour', a, b) % 24) / 2 AS h FROM t"},
		{"SELECT TOP (?) EXTRACT(EPOCH FROM (? - a)) AS s, ? AS x FROM t", "SELECT (DATEDIFF('microsecond', a, ?2) / 1000000.0) AS s, ?3 AS x FROM t LIMIT (?1)"},
		{"SELECT EXTRACT(DAY FROM a - INTERVAL '1 day') AS d FROM t", "SELECT CAST(strftime('%d', datetime(a, '-1 days')) AS INTEGER) AS d FROM t"},
	})
}

func TestAggregatesAreRespelled(t *testing.T) {
	checkRewrites(t, []rewriteTest{
		{"SELECT PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY b - a) AS p FROM t", "SELECT PERCENTILE_CONT(b - a, 0.9) AS p FROM t"},
		{"SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY a DESC) AS p FROM t", "SELECT percentile_disc(a, 1 - (0.1)) AS p FROM t"},
		{"SELECT TOP (?) PERCENTILE_CONT(?) WITHIN GROUP (ORDER BY a * ?) AS p FROM t", "SELECT PERCENTILE_CONT(a * ?3, ?2) AS p FROM t LIMIT (?1)"},
		{"SELECT PERCENTILE_CONT(a, 0.5) AS p FROM t", "SELECT PERCENTILE_CONT(a, 0.5) AS p FROM t"},
		{"SELECT STRING_AGG(DISTINCT a, ',') AS s, STRING_AGG(DISTINCT a, ';') AS u FROM t", "SELECT group_concat(DISTINCT a) AS s, STRING_AGG(DISTINCT a, ';') AS u FROM t"},
		{"SELECT COUNT_BIG(*) AS n FROM t", "SELECT COUNT(*) AS n FROM t"},
		{"SELECT FORMAT(a, 'yyyy-MM') AS m, format(MAX(n), 'N0') AS n FROM t", "SELECT FORMAT_VALUE(a, 'yyyy-MM') AS m, FORMAT_VALUE(MAX(n), 'N0') AS n FROM t"},
		{"SELECT format('%s', a) AS x, format(a, b) AS y, format(?, 'dd') AS z, format(a, '%d') AS u FROM t", "SELECT format('%s', a) AS x, format(a, b) AS y, format(?, 'dd') AS z, format(a, '%d') AS u FROM t"},
	})
}
