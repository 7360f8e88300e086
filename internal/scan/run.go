package scan

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/url"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// run is a unit under way.
type run struct {
	read func(ctx context.Context) (*page.Page, error)
	stop func()
	// pages carries what a goroutine reads ahead; nil while nothing does.
	pages  chan result
	cancel context.CancelFunc
	// wanted tells the goroutine that its next page is waited for.
	wanted    chan struct{}
	readahead *api.Readahead
}

type result struct {
	page *page.Page
	err  error
}

// aheadPages is how many pages of a unit wait for their turn.
const aheadPages = 2

func (r *run) next(ctx context.Context) (*page.Page, error) {
	if r.pages == nil {
		return r.read(ctx)
	}
	if len(r.pages) == 0 {
		select {
		case r.wanted <- struct{}{}:
		default:
		}
	}
	select {
	case out := <-r.pages:
		r.readahead.Hold(-out.size())
		return out.page, out.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (r result) size() int {
	if r.page == nil {
		return 0
	}
	return r.page.Size()
}

// ahead reads in a goroutine of its own.
func (r *run) ahead(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	pages := make(chan result, aheadPages)
	r.pages, r.wanted = pages, make(chan struct{}, 1)
	r.readahead = api.ReadaheadOf(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if r.readahead.Wait(ctx, r.wanted) != nil {
				return
			}
			p, err := r.read(ctx)
			out := result{p, err}
			r.readahead.Hold(out.size())
			select {
			case pages <- out:
			case <-ctx.Done():
				r.readahead.Hold(-out.size())
				return
			}
			if err != nil {
				return
			}
		}
	}()
	stop := r.stop
	r.stop = func() {
		r.cancel()
		<-done
		for len(pages) > 0 {
			out := <-pages
			r.readahead.Hold(-out.size())
		}
		stop()
	}
}

func (r *run) close() { r.stop() }

// request is the first request of a unit, without what pages need.
func request(u unit, f *planner.Fetch) api.Request {
	req := api.Request{Path: f.Relation.Path(f.Endpoint, u.binding), Query: u.query}
	if inputs := f.Inputs(u.binding); len(inputs) > 0 {
		req.Query = maps.Clone(u.query)
		for name, value := range inputs {
			req.Query.Set(name, value)
		}
	}
	return req
}

// start makes the run of a unit. Nothing is requested yet.
func (s *Session) start(u unit, f *planner.Fetch, d *decoder, eager bool) *run {
	if f.Skip != nil {
		return s.skip(u, f, d, eager)
	}
	return s.startAt(u, f, d, eager)
}

// startAt makes the run of a unit, from the page on that Fetch.Skip says.
func (s *Session) startAt(u unit, f *planner.Fetch, d *decoder, eager bool) *run {
	req := request(u, f)
	if stable := f.Endpoint.Stable; stable != "" && eager && f.Limit < 0 && !f.Count && !u.query.Has("sort") {
		req.Query = maps.Clone(req.Query)
		req.Query.Set("sort", stable)
	}
	var r *run
	switch {
	case f.Endpoint.Paging == schema.Raw:
		r = s.raw(u, f.Endpoint, d, req)
	case f.Group != nil:
		r = s.groups(u, f, d, req, eager)
	case f.Count:
		r = s.count(u, f, req)
	case f.Firsts != nil:
		r = s.firsts(u, f, d, req)
	case f.Endpoint.Paging == schema.One:
		r = s.one(u, f, d, req)
	default:
		r = s.list(u, f, d, req, eager, nil)
	}
	if f.Horizon != nil {
		stopBehind(f.Horizon, r)
	}
	read, begun := r.read, false
	r.read = func(ctx context.Context) (p *page.Page, err error) {
		defer panics.Catch(ctx, s.config.Logger, &err) // as in a cursor
		p, err = read(ctx)
		// What has given a page is there: the rest of it, or a detail, is missing and not absent.
		absent := err != nil && !begun && errors.Is(err, api.ErrNotFound)
		begun = begun || err == nil
		if err == nil && f.Detail {
			err = s.complete(ctx, f, d, p)
		}
		if retired := f.Relation.Table.Retired; err != nil && retired != "" && (errors.Is(err, api.ErrNotFound) || errors.Is(err, api.ErrGone)) {
			return nil, &retiredError{f.Relation.String(), retired, err}
		}
		if absent {
			return nil, s.absent(ctx, f, u, err)
		}
		return p, err
	}
	return r
}

// list reads a list. see, if any, is shown its pages.
func (s *Session) list(u unit, f *planner.Fetch, d *decoder, req api.Request, eager bool, see func(*fastjson.Value)) *run {
	paging := map[schema.Paging]api.Paging{schema.Numbered: api.Numbered, schema.Chained: api.Chained, schema.Single: api.Single}
	request := api.ListRequest{Request: req, Paging: paging[f.Endpoint.Paging], PageLen: f.PageLen, Eager: eager}
	rows := f.Limit
	if skip := f.Skip; skip != nil {
		request.FirstPage, request.PageLen = skip.Page, skip.PageLen
		rows -= skip.Before()
	}
	if f.Limit >= 0 && f.Endpoint.Each == nil {
		request.MaxRows = int(min(rows, 1<<30))
	}
	pages := api.List(s.config.Client, request, func(values []*fastjson.Value, root *fastjson.Value) (*page.Page, error) {
		if see != nil {
			see(root)
		}
		return d.page(values, u.binding)
	})
	if request.MaxRows == 0 {
		return &run{read: pages.Next, stop: pages.Close}
	}
	// The shortest page may be longer than LIMIT: what is behind it is asked for no detail, and is the key of no join's scan.
	left := request.MaxRows
	return &run{stop: pages.Close, read: func(ctx context.Context) (*page.Page, error) {
		p, err := pages.Next(ctx)
		if err == nil {
			p.Cut(left)
			left -= p.Rows
		}
		return p, err
	}}
}

// one reads a single object.
func (s *Session) one(u unit, f *planner.Fetch, d *decoder, req api.Request) *run {
	return once(func(ctx context.Context) (*page.Page, error) {
		return api.Get(ctx, s.config.Client, req, func(root *fastjson.Value) (*page.Page, error) {
			if d.lacksAll(root) {
				return nil, errUnfit
			}
			return d.page([]*fastjson.Value{root}, u.binding)
		})
	})
}

// raw reads a document that is not JSON.
func (s *Session) raw(u unit, e *schema.Endpoint, d *decoder, req api.Request) *run {
	kind := api.Plain
	if e.Stored {
		kind = api.Stored
	}
	return once(func(ctx context.Context) (*page.Page, error) {
		body, err := api.GetRaw(ctx, s.config.Client, req, kind)
		if err != nil {
			return nil, err
		}
		return d.raw(body, u.binding), nil
	})
}

// once is the run of a single page.
func once(read func(ctx context.Context) (*page.Page, error)) *run {
	done := false
	return &run{stop: func() {}, read: func(ctx context.Context) (*page.Page, error) {
		if done {
			return nil, io.EOF
		}
		done = true
		return read(ctx)
	}}
}

// complete fills the columns of a page that come from the detail object of each row.
func (s *Session) complete(ctx context.Context, f *planner.Fetch, d *decoder, p *page.Page) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	detail := f.Relation.Table.Detail
	query := url.Values{"fields": {planner.DetailFields(f.Relation.Table, f.Columns)}}
	type answer struct {
		row int
		*page.Page
		err error
	}
	answers := make(chan answer, p.Rows)
	slots := make(chan struct{}, 2*s.config.MaxInFlight)
	for row := range p.Rows {
		binding := d.detailBinding(p, row)
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() != nil {
				answers <- answer{row, nil, context.Cause(ctx)}
				return
			}
			out, err := api.Get(ctx, s.config.Client, api.Request{Path: f.Relation.Path(detail, binding), Query: query}, func(root *fastjson.Value) (*page.Page, error) {
				return d.detail(root)
			})
			answers <- answer{row, out, err}
		}()
	}
	var first error
	for range p.Rows {
		a := <-answers
		switch {
		case a.err != nil && first == nil:
			first = a.err
			cancel(a.err)
		case first == nil:
			d.merge(p, a.row, a.Page)
		}
	}
	return first
}
