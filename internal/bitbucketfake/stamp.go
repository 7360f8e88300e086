package bitbucketfake

import "time"

// The spellings of an instant that the service uses, each where the service uses it.
const (
	stampMicro = "2006-01-02T15:04:05.000000+00:00" // repositories, pull requests, comments
	stampWhole = "2006-01-02T15:04:05+00:00"        // commits, tags, deployments
	stampTenth = "2006-01-02T15:04:05.0+00:00"      // one digit, seen in old captures
	stampNano  = "2006-01-02T15:04:05.000000000Z"   // pipelines, steps
	stampMilli = "2006-01-02T15:04:05.000Z"         // pipelines and steps too
)

// All data lies between these two instants.
var (
	dataStart = time.Date(2024, 1, 8, 8, 12, 0, 0, time.UTC)
	dataEnd   = time.Date(2026, 11, 20, 17, 40, 0, 0, time.UTC)
	dataLimit = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
)

// appendMicro writes an instant as Python's isoformat does: no fraction at all when the microseconds are zero.
func appendMicro(b []byte, t time.Time) []byte {
	if t.Nanosecond()/1000 == 0 {
		return t.AppendFormat(b, stampWhole)
	}
	return t.AppendFormat(b, stampMicro)
}

// capTime keeps an instant before the end of all data.
func capTime(t time.Time) time.Time {
	if t.After(dataLimit) {
		return dataLimit.Add(-time.Duration(uint64(t.UnixNano())%uint64(6*time.Hour)) / 1000 * 1000)
	}
	return t
}
