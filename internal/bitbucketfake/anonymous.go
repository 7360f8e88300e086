package bitbucketfake

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// publicScopes are what somebody without a credential may ask for, of what is public.
var publicScopes = []string{"issue", "pipeline", "project", "pullrequest", "repository"}

// anonymous counts the requests without a credential.
type anonymous struct {
	mu     sync.Mutex
	begun  time.Time // of the hour
	number int
}

const anonymousWindow = time.Hour

// spend takes a request of the hour's budget, and gives what is left of both.
func (a *anonymous) spend(now time.Time, limit int) (left int, reset time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.begun.IsZero() || now.Sub(a.begun) >= anonymousWindow {
		a.begun, a.number = now, 0
	}
	reset = a.begun.Add(anonymousWindow).Sub(now)
	if a.number >= limit {
		return 0, reset, false
	}
	a.number++
	return limit - a.number, reset, true
}

// spendAnonymous answers 429 itself when the hour's requests are used up. The headers count seconds, not an instant.
func (rq *request) spendAnonymous() bool {
	limit := rq.s.config.AnonymousLimit
	left, reset, ok := rq.s.anonymous.spend(rq.s.now(), limit)
	n := strconv.Itoa(limit)
	rq.header.Set("X-Ratelimit-Limit", n+", "+n+";w="+strconv.Itoa(int(anonymousWindow.Seconds())))
	rq.header.Set("X-Ratelimit-Remaining", strconv.Itoa(left))
	rq.header.Set("X-Ratelimit-Reset", strconv.Itoa(int((reset+time.Second-1)/time.Second)))
	if !ok {
		rq.fail(http.StatusTooManyRequests, "Rate limit for this resource has been exceeded")
	}
	return ok
}

// public says whether a path may be asked for without a credential: what is below a repository, the list of
// repositories, a workspace and its projects, an account, and the names of webhook events.
func public(seg []string) bool {
	switch seg[0] {
	case "repositories", "hook_events":
		return true
	case "workspaces":
		return len(seg) == 2 || len(seg) <= 4 && len(seg) > 2 && seg[2] == "projects"
	case "users":
		return len(seg) == 2
	}
	return false
}

// hides says whether the caller must not learn of something private.
func (rq *request) hides(private bool) bool { return private && rq.caller.anonymous }

// hiddenRepository is the 404 that does not tell whether there is a private repository.
func (rq *request) hiddenRepository() {
	rq.fail(http.StatusNotFound, "You may not have access to this repository or it no longer exists in this workspace. "+
		"If you think this repository exists and you have access, make sure you are authenticated.")
}
