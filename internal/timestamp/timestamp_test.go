package timestamp

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"2026-05-06", "2026-05-06 00:00:00"},
		{"2026-05-06 07:08", "2026-05-06 07:08:00"},
		{"2026-05-06T07:08:09.123456+00:00", "2026-05-06 07:08:09.123456"},
		{"2026-05-06T07:08:09+00:00", "2026-05-06 07:08:09"},
		{"2020-10-28T12:00:00.0+00:00", "2020-10-28 12:00:00"},
		{"2026-01-03T07:36:40.109572944Z", "2026-01-03 07:36:40.109572944"},
		{"2026-01-03T07:36:40.100Z", "2026-01-03 07:36:40.1"},
		{"2026-01-01T01:00:00.5+02:00", "2025-12-31 23:00:00.5"},
		{"2026-01-01T01:00:00-0530", "2026-01-01 06:30:00"},
		{"2026-01-01T01:00:00+02", "2025-12-31 23:00:00"},
		{"2026-01-01 01:00:00 +02:00", "2025-12-31 23:00:00"},
		{"2026-01-01 01:00:00.123456789000", "2026-01-01 01:00:00.123456789"},
		{"2026-01-01 01:00:00.1234567891", ""},
		{"0000-01-01T00:00:00+02:00", ""},
		{"2024-02-29", "2024-02-29 00:00:00"},
		{"2023-02-29", ""},
		{"2026-13-01", ""},
		{"2026-05-06T", ""},
		{"2026-05-06T7:08", ""},
		{"2026-05-06T07:08:09.", ""},
		{"2026-05-06T07:08:09+1", ""},
		{"2026-05-06 24:00", ""},
		{"yesterday", ""},
		{"", ""},
	} {
		got, ok := Canonical(test.in)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("Canonical(%q) = %q, %v; want %q", test.in, got, ok, test.want)
		}
	}
}

func TestCanonicalAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		zone := time.FixedZone("", rapid.IntRange(-14*60, 14*60).Draw(t, "zone")*60)
		written := at.In(zone).Format(rapid.SampledFrom([]string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-0700", "2006-01-02T15:04:05.000000000Z07:00"}).Draw(t, "layout"))
		got, ok := Canonical(written)
		if want := Format(at); !ok || got != want {
			t.Fatalf("Canonical(%q) = %q, want %q", written, got, want)
		}
		again, ok := Parse(written)
		if !ok || !again.Equal(at) {
			t.Fatalf("Parse(%q) = %v, want %v", written, again, at)
		}
	})
}
