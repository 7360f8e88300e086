package api

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"log/slog"
	"net/url"
	"sync"

	"github.com/valyala/fastjson"
)

// Paging is the way in which a resource hands out its pages.
type Paging uint8

const (
	// Numbered pages are asked for by number, ?page=N, and tell the list's size: they can be fetched side by side. A list
	// whose first next link has no page number is followed as a chain.
	Numbered Paging = iota
	// Chained pages are known only by the next link of the page before.
	Chained
	// Single is a list in one answer. Should the answer have a next link after all, it is followed.
	Single
)

// Errors of a walk that was to begin with a later page than the first: no rows were given.
var (
	// ErrNoPage says that the list has not as many pages, as far as can be seen.
	ErrNoPage = errors.New("the list has no page of that number")
	// ErrPageInDoubt says that the answer does not prove which rows come before it.
	ErrPageInDoubt = errors.New("the page does not prove its place in the list")
)

// ListRequest names a list. A bare fields parameter (one without + and -) is completed by the members that paging needs:
// next, and size or, for chains, pagelen.
type ListRequest struct {
	Request
	Paging Paging
	// PageLen is the number of rows to ask for in a page; 0 leaves it to Bitbucket. If Bitbucket refuses it, 50 and then
	// its default are tried.
	PageLen int
	// MaxRows stops the walk with the page that holds row MaxRows; 0 means all. Pages are not cut.
	MaxRows int
	// FirstPage is the page of numbered ones to begin with; 0 and 1 are the first. A later one is given only if its answer proves that
	// it has the place in the list that its number says, with PageLen rows in each page before it. Otherwise Next returns
	// ErrNoPage where there seem to be fewer pages, and ErrPageInDoubt. PageLen is then not changed.
	FirstPage int
	// Eager fetches ahead of Next, from the second one on: all numbered pages in parallel, as many as the gate lets through and at most twice
	// Options.MaxInFlight beyond the last page taken, and as their size and the statement's Readahead allow; one page of a
	// chain. Not eager, nothing is fetched before Next asks
	// for it: page 1, page 2, and from then on 2, 4 and 8 numbered pages at a time.
	Eager bool
}

// Pages is a walk over a list, made by List. Next is for one goroutine at a time; Close may be called by another.
//
// Bitbucket has no snapshots. Rows that are added or deleted by others during the walk can move rows between pages, so that
// a numbered list is only as consistent as its sort is stable. A list that gets shorter on the way is told to the log.
type Pages[T any] struct {
	c      *Client
	req    Request
	decode func([]*fastjson.Value, *fastjson.Value) (T, error)

	wg sync.WaitGroup

	mu      sync.Mutex
	ctx     context.Context // of the fetching goroutines; nil before the first Next
	cancel  context.CancelCauseFunc
	err     error // what Next returns from now on
	course  course
	slots   map[int]*slot[T]
	next    int // the page to fetch next
	skipped int // pages before the first of the walk
	workers int
	paging  Paging   // as Bitbucket proves to have it
	base    *url.URL // page 1 as it was answered, without page
	link    *url.URL // the next page of a chain
	pageLen int      // as Bitbucket accepted it
	seed    maphash.Seed
	seen    map[uint64]struct{} // the links of a chain
	ahead   *Readahead
}

// slot is a page on its way to Next.
type slot[T any] struct {
	done  chan struct{}
	value T
	meta  pageMeta
	err   error
	// answered is the size of the answer, and held what the Readahead counts for the page.
	answered, held int
}

// List walks a list. decode gets the rows of a page and the page itself, and must not keep them; it runs in the fetching
// goroutines, in parallel for different pages, once for each. Nothing is sent before the first Next.
func List[T any](
	c *Client, req ListRequest, decode func(values []*fastjson.Value, root *fastjson.Value) (T, error),
) *Pages[T] {
	return &Pages[T]{
		c: c, req: req.Request, paging: req.Paging, decode: decode, next: 1, skipped: max(0, req.FirstPage-1), pageLen: req.PageLen,
		slots: map[int]*slot[T]{}, seed: maphash.MakeSeed(), seen: map[uint64]struct{}{},
		course: course{
			numbered: req.Paging == Numbered, eager: req.Eager, maxRows: req.MaxRows, pageLen: req.PageLen,
			window: 2 * c.maxInFlight, ramp: 1,
		},
	}
}

// Next returns the next page, in order, and io.EOF after the last. The first call's context gives the walk its values, the
// Budget among them. If ctx ends, Next returns its cause at once and the walk is over, as it is after any other error.
func (p *Pages[T]) Next(ctx context.Context) (T, error) {
	var none T
	p.mu.Lock()
	if p.err == nil && ctx.Err() != nil {
		p.fail(context.Cause(ctx))
	}
	if p.err == nil && p.course.over() {
		p.fail(io.EOF)
	}
	if p.err == nil && p.ctx == nil {
		p.err = p.start(ctx)
	}
	if p.err != nil {
		defer p.mu.Unlock()
		return none, p.err
	}
	n := p.course.head + 1
	p.course.demand(n)
	p.spawn()
	s := p.slot(n)
	walk := p.ctx
	p.mu.Unlock()

	select {
	case <-s.done:
	case <-ctx.Done():
	case <-walk.Done():
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-s.done:
	default:
		if p.err == nil {
			p.fail(context.Cause(ctx))
		}
	}
	if p.err != nil {
		return none, p.err
	}
	delete(p.slots, n)
	p.release(s)
	if s.err != nil {
		p.fail(s.err)
		return none, p.err
	}
	if s.meta.past {
		skipped := int64(p.skipped) * int64(p.pageLen)
		told, before := p.course.latest+skipped, skipped+int64(p.course.head)*int64(p.course.per)
		if s.meta.size >= 0 {
			told = s.meta.size
		}
		p.mu.Unlock()
		err := p.ends(ctx, walk, told, before)
		p.mu.Lock()
		if p.err == nil {
			p.fail(err)
		}
		return none, p.err
	}
	if err := p.check(s.meta); err != nil {
		p.fail(err)
		return none, p.err
	}
	p.link = s.meta.link
	p.course.took(s.meta)
	if p.course.shrunk(s.meta) {
		p.c.log.LogAttrs(ctx, slog.LevelWarn, "rows were removed while the list was read, others may be missing from it",
			slog.String("path", p.req.Path))
	}
	p.spawn()
	return s.value, nil
}

// Close ends the walk: requests under way are cancelled, and their goroutines are gone when it returns. Next returns
// ErrClosed after it, unless the walk had ended before.
func (p *Pages[T]) Close() {
	p.mu.Lock()
	if p.err == nil {
		p.fail(ErrClosed)
	}
	p.mu.Unlock()
	p.wg.Wait()
}
