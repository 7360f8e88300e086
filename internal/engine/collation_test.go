//go:build cgo

package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

func TestCanonicalTimestamp(t *testing.T) {
	for in, w := range map[string]string{
		"2024-05-06":                         "2024-05-06 00:00:00",
		"2024-05-06 07:08":                   "2024-05-06 07:08:00",
		"2024-05-06T07:08:09.123456Z":        "2024-05-06 07:08:09.123456",
		"2024-05-06T07:08:09.100000+00:00":   "2024-05-06 07:08:09.1",
		"2024-05-06t07:08:09.000z":           "2024-05-06 07:08:09",
		"2024-05-06T00:08:09+02:00":          "2024-05-05 22:08:09",
		"2024-05-06 23:08:09 -0130":          "2024-05-07 00:38:09",
		"2024-05-06 23:08-05":                "2024-05-07 04:08:00",
		"2024-02-29T23:59:59.999999999Z":     "2024-02-29 23:59:59.999999999",
		"2024-02-29T23:59:59.9999999990000Z": "2024-02-29 23:59:59.999999999",
		"0000-01-01":                         "0000-01-01 00:00:00",
		"9999-12-31 23:59:59":                "9999-12-31 23:59:59",
		"2024-05-06T07:08:09.1234567891Z":    "", // not exact
		"0000-01-01 00:00+00:01":             "",
		"9999-12-31 23:59:59-00:01":          "",
		"2023-02-29":                         "",
		"1900-02-29":                         "",
		"2024-13-01":                         "",
		"2024-00-01":                         "",
		"2024-01-00":                         "",
		"2024-01-01 24:00":                   "",
		"2024-01-01 10:60":                   "",
		"2024-01-01 10:00:60":                "",
		"2024-01-01 10":                      "",
		"2024-01-01Z":                        "",
		"2024-01-01 10:00:00.":               "",
		"2024-01-01 10:00.5":                 "",
		"2024-01-01 10:00:00Zx":              "",
		"2024-01-01 10:00:00 ":               "",
		"2024-01-01 10:00:00+2":              "",
		"2024-01-01 10:00:00+24:00":          "",
		"2024-01-01 10:00:00+02:":            "",
		"2024-01-01 10:00:00+02:0":           "",
		"2024-01-01 10:00:00+02:000":         "",
		" 2024-01-01":                        "",
		"2024-1-1":                           "",
		"2024/01/01":                         "",
		"today":                              "",
		"":                                   "",
	} {
		got, ok := timestamp.Canonical(in)
		if got != w || ok != (w != "") {
			t.Errorf("%q: %q %v, want %q", in, got, ok, w)
		}
		if again, ok := timestamp.Canonical(got); got != "" && (again != got || !ok) {
			t.Errorf("%q is not canonical itself: %q", got, again)
		}
	}
}

// key is the order that the collation promises, written in Go: timestamps first, by instant; then texts by bytes.
func key(s string) (class int, instant time.Time, fraction, text string) {
	at, ok := timestamp.Parse(s)
	if !ok {
		return 1, time.Time{}, "", s
	}
	if i := strings.IndexByte(s, '.'); i >= 0 {
		end := i + 1
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		fraction = strings.TrimRight(s[i+1:end], "0")
	}
	return 0, at.Truncate(time.Second), fraction, ""
}

func compareKeys(a, b string) int {
	ca, ia, fa, ta := key(a)
	cb, ib, fb, tb := key(b)
	return cmp.Or(cmp.Compare(ca, cb), ia.Compare(ib), cmp.Compare(fa, fb), cmp.Compare(ta, tb))
}

// timestampText makes texts near the border between timestamps and others, in few instants, so that equals are met.
func timestampText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pick := func(options ...string) string { return rapid.SampledFrom(options).Draw(t, "part") }
		s := pick("2024-02-28", "2024-02-29", "2024-02-30", "2023-02-29", "2024-03-01", "0000-01-01", "9999-12-31", "2024-13-01", "1969-12-31", "x", "")
		if rapid.Bool().Draw(t, "time") {
			s += pick(" ", "T", "t", "_") + pick("00:00", "23:59", "24:00", "1:00", "22:00")
			if rapid.Bool().Draw(t, "seconds") {
				s += pick(":00", ":59", ":60", ":0") + pick("", "", ".", ".0", ".5", ".50", ".45", ".123456789012", ".1234567890")
			}
			s += pick("", "", "Z", "z", "+00:00", "-00:00", "+02:00", "-0200", " +02", "+2", "+24:00", "Q", " ")
		}
		return s
	})
}

func TestCollationIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := timestampText()
		a, b, c := g.Draw(t, "a"), g.Draw(t, "b"), g.Draw(t, "c")
		ab, ba := CompareTimestamps(a, b), CompareTimestamps(b, a)
		if ab != -ba || CompareTimestamps(a, a) != 0 {
			t.Fatalf("not antisymmetric: %q %q: %d %d", a, b, ab, ba)
		}
		if bc, ac := CompareTimestamps(b, c), CompareTimestamps(a, c); ab <= 0 && bc <= 0 && (ac > 0 || (ab < 0 || bc < 0) && ac == 0) {
			t.Fatalf("not transitive: %q %q %q: %d %d %d", a, b, c, ab, bc, ac)
		}
		if w := compareKeys(a, b); w != ab {
			t.Fatalf("%q %q: C says %d, Go says %d", a, b, ab, w)
		}
		ca, oka := timestamp.Canonical(a)
		cb, okb := timestamp.Canonical(b)
		if oka && CompareTimestamps(a, ca) != 0 {
			t.Fatalf("%q is not equal to its canonical form %q", a, ca)
		}
		if oka && okb && cmp.Compare(ca, cb) != ab {
			t.Fatalf("the canonical forms of %q and %q sort otherwise", a, b)
		}
	})
}

// Any bytes at all must be compared without reading beyond them.
func TestCollationTakesAnyBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789-: TZ.+")), 0, 30, -1).Draw(t, "a")
		b := timestampText().Draw(t, "b")
		b = b[:rapid.IntRange(0, len(b)).Draw(t, "cut")]
		if CompareTimestamps(a, b) != compareKeys(a, b) {
			t.Fatalf("%q %q", a, b)
		}
	})
}

func TestCollationInSQL(t *testing.T) {
	p := &toy{name: "Commits", cols: []Column{{Name: "Id", Type: "INTEGER"}, {Name: "At", Type: "TIMESTAMP_TEXT", Collation: "TIMESTAMP"}}}
	for i, at := range []string{"2024-05-06 07:08:09.123456", "2024-05-06 07:08:09", "2024-05-05 23:00:00", "2024-05-07 00:00:00"} {
		p.rows = append(p.rows, []Value{int64(i), at})
	}
	p.rows = append(p.rows, []Value{int64(9), nil})
	c := open(t, p)
	for where, w := range map[string]string{
		"At = '2024-05-06T07:08:09Z'":                        "1",
		"At = '2024-05-06T09:08:09.000+02:00'":               "1",
		"At >= '2024-05-06T07:08:09.1234560Z'":               "0,3",
		"At < '2024-05-06'":                                  "2",
		"At BETWEEN '2024-05-06' AND '2024-05-06T23:59:59Z'": "0,1",
		"At IN ('2024-05-07', '2024-05-06T01:00+02:00')":     "2,3",
		"At > (SELECT min(At) FROM Commits)":                 "0,1,3",
		"At = 'not a time'":                                  "",
		"At < 'not a time'":                                  "0,1,2,3",
		"At IN (SELECT DATEADD('day', 1, '2024-05-06'))":     "3",
		"At > ?1": "0,3",
	} {
		args := []any{}
		if strings.Contains(where, "?1") {
			args = append(args, time.Date(2024, 5, 6, 9, 8, 9, 0, time.FixedZone("", 7200)))
		}
		want(t, c, w, "SELECT coalesce(group_concat(Id, ','), '') FROM (SELECT Id FROM Commits WHERE "+where+" ORDER BY Id)", args...)
	}
	if !slices.ContainsFunc(p.asked, func(ix Index) bool {
		return slices.ContainsFunc(ix.Constraints, func(k Constraint) bool { return k.Collation == "TIMESTAMP" })
	}) {
		t.Fatal("the collation was not told")
	}
	want(t, c, "∅\n2024-05-05 23:00:00\n2024-05-06 07:08:09", "SELECT At FROM Commits ORDER BY At LIMIT 3")
}

func BenchmarkTimestampCompare(b *testing.B) {
	for _, pair := range [][2]string{
		{"2024-05-06 07:08:09.123456", "2024-05-06 07:08:10.123456"}, {"2024-05-06 07:08:09.123456", "2024-05-06T07:08:10.123456Z"},
	} {
		b.Run(fmt.Sprint(pair), func(b *testing.B) {
			for b.Loop() {
				CompareTimestamps(pair[0], pair[1])
			}
		})
	}
}
