package bitbucketfake

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// hourly counts the requests with a credential over a rolling hour. Users are counted by their identity, whatever they sign in
// with, and access tokens by themselves.
type hourly struct {
	mu   sync.Mutex
	sent map[string][]time.Time // by who, oldest first
}

// spend takes a request of somebody's hour and gives what is left of it.
func (h *hourly) spend(who string, now time.Time, limit int) (left int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	sent := h.sent[who]
	for len(sent) > 0 && now.Sub(sent[0]) >= time.Hour {
		sent = sent[1:]
	}
	if ok = len(sent) < limit; ok {
		sent = append(sent, now)
	}
	if h.sent == nil {
		h.sent = map[string][]time.Time{}
	}
	h.sent[who] = sent
	return limit - len(sent), ok
}

// spendHourly answers 429 itself when the hour's requests are used up. Users see nothing of their limit before; access tokens
// of a workspace with scaled limits see it, and whether less than a fifth is left.
func (rq *request) spendHourly() bool {
	config, who := rq.s.config, rq.caller.kind
	limit, scaled := config.HourlyLimit, rq.caller.kind == "access_token" && config.ScaledLimit > 0
	switch {
	case scaled:
		limit = config.ScaledLimit
	case rq.caller.app:
		who = "app"
	case rq.caller.kind != "access_token":
		who = "user"
	}
	if limit <= 0 {
		return true
	}
	left, ok := rq.s.hourly.spend(who, rq.s.now(), limit)
	if scaled {
		rq.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
		rq.header.Set("X-Ratelimit-Resource", "api")
		rq.header.Set("X-Ratelimit-Nearlimit", strconv.FormatBool(left*5 < limit))
	}
	if !ok {
		rq.fail(http.StatusTooManyRequests, "Rate limit for this resource has been exceeded")
	}
	return ok
}
