package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// after sends n requests at once.
func (h *hour) after(now time.Time, n int) *hour {
	for range n {
		h.sent(now)
	}
	return h
}

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestTheHourRolls(t *testing.T) {
	h := &hour{documented: 1000}
	h.after(noon, 100).after(noon.Add(30*time.Minute), 10)
	for minutes, want := range map[int]int{30: 110, 59: 110, 61: 10, 90: 10, 91: 0, 10_000: 0} {
		now := noon.Add(time.Duration(minutes) * time.Minute)
		if u := h.usage(now); u.Requests != want || u.Left != 1000-want || u.Limit != 1000 {
			t.Errorf("after %d minutes: %+v, want %d requests", minutes, u, want)
		}
		if h.over(now) != (want == 0) {
			t.Errorf("after %d minutes: over is %v", minutes, h.over(now))
		}
	}
	if h.after(noon.Add(61*time.Minute), 1); h.usage(noon.Add(61*time.Minute)).Requests != 11 {
		t.Error("a minute is not counted anew")
	}
}

func TestAnUnknownLimitIsNotGuessed(t *testing.T) {
	h := new(hour).after(noon, 5000)
	if u := h.usage(noon); u.Limit != 0 || u.Left != -1 || !u.Reset.IsZero() || h.pace(noon) != 0 {
		t.Errorf("%+v, pace %v", u, h.pace(noon))
	}
}

// TestAFixedWindow is told as without a credential: what is left, and the seconds to the end of the hour.
func TestAFixedWindow(t *testing.T) {
	h := &hour{documented: 60}
	tell := func(now time.Time, remaining, seconds int) time.Duration {
		return h.told(headers("X-RateLimit-Limit", "60, 60;w=3600", "X-RateLimit-Remaining", strconv.Itoa(remaining), "X-RateLimit-Reset", strconv.Itoa(seconds)), 200, now)
	}
	h.sent(noon)
	if wait := tell(noon, 40, 745); wait != 0 {
		t.Error("a wait of", wait)
	}
	if u := h.usage(noon); u.Requests != 1 || u.Limit != 60 || u.Left != 40 || u.Reset != noon.Add(745*time.Second) {
		t.Errorf("%+v", u)
	}
	// Answers that come late tell of more than is left.
	h.after(noon, 3)
	tell(noon.Add(time.Second), 37, 744)
	tell(noon.Add(time.Second), 39, 744)
	if u := h.usage(noon); u.Left != 37 {
		t.Errorf("%d left", u.Left)
	}
	if wait := tell(noon.Add(10*time.Second), 0, 735); wait != 735*time.Second {
		t.Error("a wait of", wait)
	}
	// Afterwards nothing is known but the own count, until it is told.
	now := noon.Add(746 * time.Second)
	if u := h.usage(now); u.Left != 56 || !u.Reset.IsZero() {
		t.Errorf("%+v", u)
	}
	tell(now, 59, 3600)
	if u := h.usage(now); u.Left != 59 {
		t.Errorf("%+v", u)
	}
}

// TestAScaledLimit is told only whether less than a fifth is left.
func TestAScaledLimit(t *testing.T) {
	h := &hour{documented: 1000}
	tell := func(near string) {
		h.told(headers("X-RateLimit-Limit", "5000", "X-RateLimit-NearLimit", near), 200, noon)
	}
	h.after(noon, 1)
	tell("false")
	if u := h.usage(noon); u.Limit != 5000 || u.Left != 4999 || h.pace(noon) != 0 {
		t.Errorf("%+v", u)
	}
	h.after(noon, 100) // and others send more
	tell("true")
	if u := h.usage(noon); u.Left != 1000 {
		t.Errorf("%+v", u)
	}
	h.after(noon, 500)
	tell("true")
	if u := h.usage(noon); u.Left != 500 || h.pace(noon) == 0 {
		t.Errorf("%+v, pace %v", u, h.pace(noon))
	}
	tell("false") // others' requests have left the hour
	if u := h.usage(noon); u.Left != 1000 || h.pace(noon) != 0 {
		t.Errorf("%+v, pace %v", u, h.pace(noon))
	}
}

func TestADocumentedLimitMayProveToBeWrong(t *testing.T) {
	h := &hour{documented: 1000}
	h.after(noon, 1000)
	h.told(headers(), 200, noon)
	if u := h.usage(noon); u.Limit != 1000 || u.Left != 0 || h.pace(noon) == 0 {
		t.Errorf("%+v", u)
	}
	h.after(noon, 1)
	h.told(headers(), 200, noon)
	if u := h.usage(noon); u.Limit != 0 || u.Left != -1 || h.pace(noon) != 0 {
		t.Errorf("%+v", u)
	}
	// A 429 shows that others have used the rest.
	h = (&hour{documented: 1000}).after(noon, 300)
	h.told(headers(), 429, noon)
	if u := h.usage(noon); u.Left != 0 {
		t.Errorf("%+v", u)
	}
	if u := h.usage(noon.Add(61 * time.Minute)); u.Left != 1000 {
		t.Errorf("%+v", u)
	}
}

func TestThePaceSlowsDownNearTheLimit(t *testing.T) {
	h := &hour{documented: 1000}
	h.after(noon, 799)
	last := time.Duration(0)
	for left := 201; left >= 0; left-- {
		pace := h.pace(noon)
		if left >= 200 && pace != 0 {
			t.Fatalf("%v apart with %d left", pace, left)
		}
		if pace < last || pace > longestPace {
			t.Fatalf("%v apart with %d left, %v before", pace, left, last)
		}
		last = pace
		h.sent(noon)
	}
	if last != 3600*time.Millisecond { // 1,000 an hour, which can go on for ever
		t.Errorf("%v apart with none left", last)
	}
	h = &hour{}
	h.told(headers("X-RateLimit-Limit", "1000", "X-RateLimit-Remaining", "100", "X-RateLimit-Reset", "100"), 200, noon)
	if pace := h.pace(noon); pace != 500*time.Millisecond { // half of what would spread them evenly
		t.Errorf("%v apart", pace)
	}
}

// metered is a Bitbucket that allows a number of requests in an hour and says so.
type metered struct {
	limit, left int
	reset       time.Time
	refused     int
	times       []time.Time
}

func (m *metered) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	now := time.Now()
	if !now.Before(m.reset) {
		m.left, m.reset = m.limit, now.Add(time.Hour)
	}
	status := http.StatusOK
	if m.left == 0 {
		status = http.StatusTooManyRequests
		m.refused++
	} else {
		m.left--
	}
	m.times = append(m.times, now)
	w.Header().Set("X-Ratelimit-Limit", fmt.Sprintf("%d, %d;w=3600", m.limit, m.limit))
	w.Header().Set("X-Ratelimit-Remaining", strconv.Itoa(m.left))
	w.Header().Set("X-Ratelimit-Reset", strconv.Itoa(int(m.reset.Sub(now).Seconds())))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, "{}")
}

// TestAStatementThatCanWaitOutlastsTheHour sends more requests than an hour has: not one is refused, and none is lost.
func TestAStatementThatCanWaitOutlastsTheHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &metered{limit: 100}
		c := newClient(t, Options{Transport: serve(m)})
		start, b := time.Now(), &Budget{}
		for i := range 150 {
			if err := get(WithBudget(t.Context(), b), c, fmt.Sprint("/x", i)); err != nil {
				t.Fatal(i, err)
			}
		}
		if m.refused != 0 {
			t.Errorf("%d requests met the limit", m.refused)
		}
		if d := m.times[79].Sub(start); d != 0 {
			t.Errorf("80 requests took %v", d)
		}
		if d := m.times[99].Sub(start); d < 30*time.Second || d > 20*longestPace {
			t.Errorf("100 requests took %v", d)
		}
		if d := m.times[100].Sub(start); d < time.Hour-time.Second || d > time.Hour+time.Minute {
			t.Errorf("the hour was left after %v", d)
		}
		u := c.Usage()
		if u.Left != 50 || u.Limit != 100 || u.Waited == 0 || b.Waited() != u.Waited {
			t.Errorf("%+v, the statement waited %v", u, b.Waited())
		}
	})
}

func TestAStatementThatCannotWaitUsesWhatIsLeftAndThenFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &metered{limit: 100}
		c := newClient(t, Options{Transport: serve(m)})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		n := 0
		var err error
		for ; err == nil; n++ {
			err = get(ctx, c, fmt.Sprint("/x", n))
		}
		var limit *LimitError
		if !errors.As(err, &limit) || limit.RetryAfter < 59*time.Minute || !errors.Is(err, ErrRateLimited) {
			t.Fatal(err)
		}
		if n != 101 || m.refused != 0 || len(m.times) != 100 {
			t.Errorf("%d requests, %d sent, %d refused", n, len(m.times), m.refused)
		}
		if u := c.Usage(); u.Left != 0 || u.Requests != 100 || time.Until(u.Reset) < 59*time.Minute {
			t.Errorf("%+v", u)
		}
		if want := "bitbucket: GET /x100: not sent, because bitbucket's rate limit holds back this credential for another 1h0m0s; " +
			"try again then, or raise Timeout to wait for it"; err.Error() != want {
			t.Errorf("%v", err)
		}
	})
}

func TestTheDocumentedLimitIsThatOfBitbucketsOwnHost(t *testing.T) {
	for _, tt := range []struct {
		o    Options
		want int
	}{
		{Options{}, 60},
		{Options{Auth: Bearer("x")}, 1000},
		{Options{BaseURL: "https://bitbucket.example/2.0", Auth: Bearer("x")}, 0},
	} {
		c, err := New(tt.o)
		if err != nil {
			t.Fatal(err)
		}
		if u := c.Usage(); u.Limit != tt.want {
			t.Errorf("%+v: %+v", tt.o, u)
		}
		discard(c)
	}
}
