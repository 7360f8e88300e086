package api

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What Bitbucket documents: 1,000 requests an hour for a user, 60 for an address without a credential. Access tokens of large
// workspaces have more, up to 10,000, and are told so by a header.
// Sources: support.atlassian.com/bitbucket-cloud/docs/api-request-limits,
// atlassian.com/blog/bitbucket/introducing-scaled-rate-limits.
const (
	documentedLimit     = 1000
	documentedAnonymous = 60
)

// longestPace bounds how far apart requests start near the limit. Slower would be no use to a statement: it may as well meet the
// limit and wait for its end.
const longestPace = 5 * time.Second

// hour counts the requests of a credential over a rolling hour, and knows what Bitbucket tells of its limit. Whether an answer
// 304 counts at Bitbucket is not documented; here it does.
type hour struct {
	documented int // limit; 0 when there is none or it has proved to be wrong

	mu      sync.Mutex
	minutes [61]minute
	waited  time.Duration

	limit int // as told; 0 when not told
	// left and reset are as told, for a window with a fixed end; reset is zero when there is none.
	left  int
	reset time.Time
	// others is how many requests of the rolling hour are not ours, as far as answers show it, until forgotten.
	others    int
	forgotten time.Time
}

// minute is the number of requests of a minute since 1970.
type minute struct {
	at       int64
	requests int
}

// sent counts a request.
func (h *hour) sent(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := now.Unix() / 60
	m := &h.minutes[at%int64(len(h.minutes))]
	if m.at != at {
		*m = minute{at: at}
	}
	m.requests++
	if h.left > 0 {
		h.left--
	}
}

// waits counts time that a request was held back.
func (h *hour) waits(d time.Duration) {
	if d > 0 {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.waited += d
	}
}

// told learns from an answer. It returns for how long no other request can succeed; 0 when that is not known.
func (h *hour) told(header http.Header, status int, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	limit, limited := number(header.Get("X-Ratelimit-Limit"))
	if limited && limit > 0 {
		h.limit = limit
	}
	remaining, counted := number(header.Get("X-Ratelimit-Remaining"))
	seconds, resets := number(header.Get("X-Ratelimit-Reset"))
	switch {
	case counted && resets && seconds > 0:
		// Answers come in another order than they were made, so that within a window only less is believed. The seconds are
		// rounded, and belong to the window before if they end but a moment after it.
		reset := now.Add(secondsOf(float64(seconds)))
		if h.reset.IsZero() || reset.After(h.reset.Add(time.Minute)) || !now.Before(h.reset) {
			h.left, h.reset = remaining, reset
		}
		h.left = min(h.left, remaining)
		if h.left == 0 {
			return h.reset.Sub(now)
		}
	case status == http.StatusTooManyRequests:
		if h.bound() > 0 {
			h.assume(now, 0)
		}
	case limited:
		// Scaled limits tell only whether more than a fifth is left.
		near := strings.EqualFold(header.Get("X-Ratelimit-Nearlimit"), "true")
		left, fifth := h.rest(now), h.bound()/5
		if near && left > fifth || !near && left < fifth {
			h.assume(now, fifth)
		}
	case status < http.StatusBadRequest && h.limit == 0 && h.used(now) > h.documented:
		h.documented = 0 // it is allowed more than the documentation says
	}
	return 0
}

// pace says how far apart requests should start, so that what is left lasts: together as long as more than a fifth is left, and
// slower and slower from then on.
func (h *hour) pace(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	fifth := h.bound() / 5
	if fifth == 0 {
		return 0
	}
	left := h.rest(now)
	if left >= fifth {
		return 0
	}
	even := time.Hour / time.Duration(h.bound()) // the pace that a rolling hour allows for ever
	if h.fixed(now) {
		even = h.reset.Sub(now) / time.Duration(max(left, 1))
	}
	return min(longestPace, time.Duration(float64(even)*(1-float64(max(left, 0))/float64(fifth))))
}

// over reports whether nothing is worth to be remembered.
func (h *hour) over(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.used(now) == 0 && !h.fixed(now)
}

func (h *hour) usage(now time.Time) Usage {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := Usage{Requests: h.used(now), Limit: h.bound(), Left: -1, Waited: h.waited}
	if u.Limit > 0 {
		u.Left = max(0, h.rest(now))
	}
	if h.fixed(now) {
		u.Left, u.Reset = h.left, h.reset
	}
	return u
}

// What follows is called with mu locked.

// used is the number of requests within the hour, and up to a minute more.
func (h *hour) used(now time.Time) int {
	n, at := 0, now.Unix()/60
	for _, m := range h.minutes {
		if m.at > at-int64(len(h.minutes)) {
			n += m.requests
		}
	}
	return n
}

// bound is the limit as told or documented; 0 when it is not known.
func (h *hour) bound() int {
	if h.limit > 0 {
		return h.limit
	}
	return h.documented
}

// fixed reports whether what was told of a window with a fixed end still holds.
func (h *hour) fixed(now time.Time) bool { return now.Before(h.reset) }

// rest is how many requests are left. It is less than zero when more were sent than should be allowed.
func (h *hour) rest(now time.Time) int {
	if h.fixed(now) {
		return h.left
	}
	rest := h.bound() - h.used(now)
	if now.Before(h.forgotten) {
		rest -= h.others
	}
	return rest
}

// assume takes what is left as known: the difference are others' requests, or ours that did not count.
func (h *hour) assume(now time.Time, left int) {
	h.others, h.forgotten = h.bound()-h.used(now)-left, now.Add(time.Hour)
}

// number reads the integer that a header begins with, as in "60, 60;w=3600".
func number(header string) (int, bool) {
	end := strings.IndexFunc(header, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(header)
	}
	n, err := strconv.Atoi(header[:end])
	return n, err == nil
}
