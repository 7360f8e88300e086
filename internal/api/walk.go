package api

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// What follows is called with mu locked, unless it says otherwise.

// check refuses a page that does not fit the pages before it.
func (p *Pages[T]) check(m pageMeta) error {
	size := m.size
	if size < 0 && p.course.head > 0 && p.course.numbered {
		size = p.course.size // The page was asked for because of it, or of a next link.
	}
	if m.doubt != nil && size > int64(p.course.head)*int64(p.course.per) {
		return m.doubt
	}
	if m.link == nil {
		return nil
	}
	// A chain that comes back to a page would never end.
	h := maphash.String(p.seed, m.link.String())
	if _, again := p.seen[h]; again {
		return &ContentError{Path: p.c.display(m.link), Status: 200, Reason: "leads to a page that was read before"}
	}
	p.seen[h] = struct{}{}
	return nil
}

// ends returns io.EOF where a page that lies beyond the end proves it, which it does unless the list told to be longer. Then the list is
// asked again: rows were removed, or else some are missing. It is called without mu.
func (p *Pages[T]) ends(ctx, walk context.Context, told, before int64) error {
	if told <= before {
		return io.EOF
	}
	walk, cancel := context.WithCancelCause(walk)
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
	now, err := Count(walk, p.c, p.req)
	switch {
	case err != nil:
		return err
	case now > before:
		return &ContentError{
			Path: p.req.Path, Status: http.StatusOK, Reason: fmt.Sprintf("tells that the list has %d rows, and ends after %d", now, before),
		}
	}
	return io.EOF
}

// fail ends the walk.
func (p *Pages[T]) fail(err error) {
	p.err = err
	if p.cancel != nil {
		p.cancel(err)
	}
	for _, s := range p.slots {
		p.release(s)
	}
}

// release counts a page no longer as fetched ahead.
func (p *Pages[T]) release(s *slot[T]) {
	p.ahead.Hold(-s.held)
	s.held = 0
}

func (p *Pages[T]) start(ctx context.Context) error {
	req := p.req
	req.Query = pagingFields(req.Query, p.paging)
	base, err := p.c.url(req)
	if err != nil {
		return err
	}
	p.base = base
	p.ahead = ReadaheadOf(ctx)
	p.ctx, p.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	return nil
}

func (p *Pages[T]) slot(n int) *slot[T] {
	s := p.slots[n]
	if s == nil {
		s = &slot[T]{done: make(chan struct{})}
		p.slots[n] = s
	}
	return s
}

// spawn starts goroutines for the pages that may be fetched now. They take the pages in order.
func (p *Pages[T]) spawn() {
	for waiting := p.course.want - p.next + 1; waiting > 0 && p.workers < p.c.maxInFlight; waiting-- {
		p.workers++
		p.wg.Go(p.work)
	}
}

// work fetches pages as long as there are some that may be fetched. It is called without mu.
func (p *Pages[T]) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.workers-- }()
	for p.err == nil && p.next <= p.course.want {
		n := p.next
		reserved, ok := p.ahead.reserve(n == p.course.head+1)
		if !ok {
			return // Next sees to it, when it takes a page
		}
		p.next++
		s, u, paging, pageLen := p.slot(n), p.url(n), p.paging, p.pageLen
		p.mu.Unlock()
		final, pageLen := p.fetch(s, n, u, paging, pageLen)
		p.mu.Lock()
		p.ahead.Hold(-reserved)
		if p.err == nil && s.err == nil && !s.meta.past {
			s.held = sizeOf(s.answered, s.value)
			p.ahead.Hold(s.held)
		}
		if n == 1 && s.err == nil {
			p.base, p.pageLen, p.course.pageLen = final, pageLen, pageLen
			if s.meta.link != nil {
				p.paging, p.course.numbered = Chained, false
			}
		}
		if s.err != nil || s.meta.past {
			p.course.stop(n)
		}
		close(s.done)
	}
}

// url is the address of a page, without pagelen.
func (p *Pages[T]) url(n int) *url.URL {
	u := *p.base
	switch {
	case n == 1 && p.skipped == 0:
	case p.paging == Numbered:
		// Built anew, because the next link of pipelines loses the sort.
		q := u.Query()
		q.Set("page", strconv.Itoa(n+p.skipped))
		u.RawQuery = q.Encode()
	default:
		u = *p.link
		addMissing(&u, p.base.Query())
	}
	return &u
}

// fetch fills a slot. It returns the address that answered, fit as the base of further pages, and the page length that was
// accepted. It is called without mu.
func (p *Pages[T]) fetch(s *slot[T], n int, u *url.URL, paging Paging, pageLen int) (*url.URL, int) {
	final := u
	deep, proven := n == 1 && p.skipped > 0, true
	use := func(a *answer) error {
		if deep {
			if proven = proves(a.root, p.skipped+1, pageLen); !proven {
				return nil
			}
		}
		if origin(a.resp.Request.URL) == origin(p.c.base) {
			final = a.resp.Request.URL
		}
		values, meta, err := p.c.readPage(a, final, n+p.skipped, paging)
		if err != nil || meta.past {
			s.meta = meta
			return err
		}
		if meta.size >= 0 {
			meta.size = max(0, meta.size-int64(p.skipped)*int64(pageLen)) // of the list from the first page of the walk on
		}
		s.meta, s.answered = meta, a.size
		s.value, err = p.decode(values, a.root)
		return a.fit(p.c.display(final), err)
	}
	for {
		with := *u
		if pageLen > 0 {
			addMissing(&with, url.Values{"pagelen": {strconv.Itoa(pageLen)}})
		}
		s.err = p.c.fetch(p.ctx, &with, use)
		var answer *Error
		if !errors.As(s.err, &answer) {
			break
		}
		if deep {
			switch {
			case answer.pastEnd():
				s.err = ErrNoPage
			case answer.Kind == BadRequest || answer.Kind == NotFound:
				s.err = ErrPageInDoubt // page 1 says whether it is the number that is refused
			}
			break
		}
		if n == 1 && pageLen > 0 && answer.about("pagelen") {
			if pageLen > fallbackPageLen {
				pageLen = fallbackPageLen
			} else {
				pageLen = 0
			}
			continue
		}
		if n > 1 && paging == Numbered && answer.pastEnd() {
			s.err, s.meta = nil, pageMeta{past: true, size: -1}
		}
		break
	}
	if s.err == nil && !proven {
		s.err = ErrPageInDoubt
	}
	base := *final
	q := base.Query()
	q.Del("pagelen")
	base.RawQuery = q.Encode()
	return &base, pageLen
}
