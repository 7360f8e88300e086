package api

import (
	"context"
	"math"
)

// leastAhead is the smallest share of a bound that is worth beginning requests ahead with.
const leastAhead = 8

// unasked are requests that nobody has asked for: those that were sent, and those that are about to be.
type unasked struct {
	sent, admitted int
	// freed is closed when there are less; nil while nobody waits for that.
	freed chan struct{}
}

// share is how many requests of a whole may be unasked.
func (b *Budget) share() int {
	if n := b.Max / 16; n >= leastAhead {
		return n
	}
	return 0
}

// less notes that so many are not unasked any more.
func (u *unasked) less(sent, admitted int) {
	u.sent -= sent
	u.admitted -= admitted
	if u.freed != nil && sent+admitted > 0 {
		close(u.freed)
		u.freed = nil
	}
}

// Ask makes the requests of a part ahead, past and to come, those of the whole. Asking again does nothing.
func (b *Budget) Ask() {
	root := b.root()
	if b == nil || root == b {
		return
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	if b.ahead {
		b.ahead = false
		close(b.asked)
		root.unasked.less(b.unasked.sent, b.unasked.admitted)
		b.unasked = unasked{}
	}
}

// Asked returns a context whose requests count as asked for, also where those of ctx do not: for what others wait for, too.
func Asked(ctx context.Context) context.Context {
	b := budgetOf(ctx)
	for b != nil && b.asked != nil {
		b = b.whole
	}
	return WithBudget(ctx, b)
}

// Spare is how many requests may be begun ahead at the moment: what is left of their share, and none in the last quarter of the
// bound, which is for what is asked for.
func (b *Budget) Spare() int {
	root := b.root()
	if root == nil || root.Max == 0 {
		return math.MaxInt
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	return max(0, min(root.share()-root.unasked.sent-root.unasked.admitted, root.Max*3/4-int(root.requests.Load())))
}

// ticket is the leave to send a request that nobody has asked for, which is counted from when it is given. The methods of a nil
// ticket do nothing.
type ticket struct {
	part *Budget
	used bool
}

// admit waits until a request under ctx may be sent ahead or is asked for. Those that are asked for need no ticket. Neither a place
// of the gate nor anything else that others wait for may be held meanwhile.
func admit(ctx context.Context) (*ticket, error) {
	b := budgetOf(ctx)
	root := b.root()
	if root == nil || root.Max == 0 {
		return nil, nil
	}
	for {
		root.mu.Lock()
		switch {
		case !b.ahead:
			root.mu.Unlock()
			return nil, nil
		case root.unasked.sent+root.unasked.admitted < root.share():
			root.unasked.admitted++
			b.unasked.admitted++
			root.mu.Unlock()
			return &ticket{part: b}, nil
		case root.unasked.freed == nil:
			root.unasked.freed = make(chan struct{})
		}
		freed := root.unasked.freed
		root.mu.Unlock()
		select {
		case <-freed:
		case <-b.asked:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// use notes that the request is counted as sent. The root's mu is locked.
func (t *ticket) use() {
	if t == nil || t.used {
		return
	}
	t.used = true
	if t.part.ahead {
		t.part.unasked.admitted--
		t.part.root().unasked.admitted--
	}
}

// giveBack notes that no request is sent with the ticket any more.
func (t *ticket) giveBack() {
	if t == nil {
		return
	}
	root := t.part.root()
	root.mu.Lock()
	defer root.mu.Unlock()
	if t.used {
		return
	}
	t.used = true
	if t.part.ahead {
		t.part.unasked.admitted--
		root.unasked.less(0, 1)
	}
}
