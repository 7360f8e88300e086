package bitbucketfake

import (
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// paging is how an endpoint hands out its pages.
type paging int

const (
	numbered  paging = iota // ?page=N, any page at any time
	ctxChain                // ?ctx=<opaque>&page=N: only ctx counts (commits, activity)
	tokenPage               // ?page=<opaque> (commits of a pull request)
)

// list is one answer with many items: what there is, how it is paged, what filters it, and how an item is written.
type list struct {
	n        int     // items, when there is no rows
	rows     []int32 // items that remain and their order; nil: all of n as they are
	filtered bool    // rows is meant, even when empty
	reverse  bool    // walk n from its end (newest first)
	max, def int     // page length: longest and default
	paging   paging
	unsized  bool              // a numbered list that hides its size
	onePage  bool              // everything at once, pagelen ignored (steps)
	dropping func(string) bool // parameters that next loses
	fields   fieldSet          // nil: q and sort are ignored
	keep     predicate         // applied before q
	cacheKey string            // of the filtered rows, when a view may be kept
	item     func(e *encoder, i int)
	extra    func(e *encoder) // members of the envelope that only this list has
}

func (l *list) len() int {
	if l.filtered {
		return len(l.rows)
	}
	return l.n
}

func (l *list) at(k int) int {
	switch {
	case l.filtered:
		return int(l.rows[k])
	case l.reverse:
		return l.n - 1 - k
	}
	return k
}

// filter keeps the rows for which keep holds.
func (l *list) filter(keep predicate) {
	rows := make([]int32, 0, 64)
	for k, n := 0, l.len(); k < n; k++ {
		if i := l.at(k); keep(i) {
			rows = append(rows, int32(i))
		}
	}
	l.rows, l.filtered = rows, true
}

// order sorts by one field; equal items keep their default order, nulls come last upwards and first downwards.
func (l *list) order(f field, down bool) {
	n := l.len()
	rows := make([]int32, n)
	keys := make([]value, l.highest())
	for k := range rows {
		i := l.at(k)
		rows[k] = int32(i)
		keys[i] = f.get(i)
	}
	sort.SliceStable(rows, func(a, b int) bool {
		if down {
			a, b = b, a
		}
		x, y := keys[rows[a]], keys[rows[b]]
		switch {
		case !x.set || !y.set:
			return x.set && !y.set
		case f.less != nil:
			return f.less(x, y)
		}
		return f.compare(x, y) < 0
	})
	l.rows, l.filtered = rows, true
}

func (l *list) highest() int {
	top := l.n
	for _, i := range l.rows {
		top = max(top, int(i)+1)
	}
	return top
}

// arrange applies q and sort, unless the endpoint ignores them.
func (rq *request) arrange(l *list) bool {
	if l.fields == nil {
		return true
	}
	q, by := rq.query.Get("q"), rq.query.Get("sort")
	if q != "" {
		x, err := parseBBQL(q)
		if err != nil {
			return rq.fail(http.StatusBadRequest, "Invalid query: "+err.Error())
		}
		keep, err := l.fields.compile(x)
		if err != nil {
			return rq.fail(http.StatusBadRequest, err.Error())
		}
		l.filter(keep)
	}
	if by != "" {
		name := strings.TrimPrefix(by, "-")
		f, ok := l.fields[name]
		if !ok || f.get == nil {
			return rq.fail(http.StatusBadRequest, "Field \"."+name+"\" does not support sorting")
		}
		l.order(f, by[0] == '-')
	}
	return true
}

// reply writes one page of the list.
func (rq *request) reply(l *list) {
	length, ok := rq.pagelen(l)
	if !ok {
		rq.fail(http.StatusBadRequest, "Invalid pagelen")
		return
	}
	if !rq.view(l) {
		return
	}
	n := l.len()
	start, page, ok := rq.start(l, length)
	if !ok || (start >= n && start > 0) {
		status := http.StatusNotFound
		if l.paging != numbered || !ok {
			status = http.StatusBadRequest
		}
		rq.fail(status, "Invalid page")
		return
	}
	end := min(start+length, n)
	e := &rq.enc
	e.begin()
	if e.openList("values") {
		for k := start; k < end; k++ {
			e.begin()
			l.item(e, l.at(k))
			e.end()
		}
		e.closeList()
	}
	if l.extra != nil {
		l.extra(e)
	}
	e.num("pagelen", int64(length))
	if l.paging == numbered && !l.unsized {
		e.num("size", int64(n))
	}
	if l.paging == numbered || (l.paging == tokenPage && start == 0) {
		e.num("page", int64(page))
	}
	if end < n {
		e.str("next", rq.pageURL(l, page+1, end))
	}
	if l.paging == numbered && page > 1 {
		e.str("previous", rq.pageURL(l, page-1, 0))
	}
	e.end()
}

// view arranges the list, or takes the arrangement of an equal request before.
func (rq *request) view(l *list) bool {
	key := ""
	if l.cacheKey != "" {
		key = strings.Join([]string{rq.path, l.cacheKey, rq.query.Get("q"), rq.query.Get("sort")}, "\x00")
		if rows, ok := rq.s.views.get(key); ok {
			l.rows, l.filtered = rows, true
			return true
		}
	}
	if l.keep != nil {
		l.filter(l.keep)
	}
	if !rq.arrange(l) {
		return false
	}
	if key != "" && l.filtered {
		rq.s.views.put(key, l.rows)
	}
	return true
}

func (rq *request) pagelen(l *list) (int, bool) {
	if l.onePage {
		return max(l.len(), 1), true
	}
	s := rq.query.Get("pagelen")
	if s == "" {
		return l.def, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= l.max
}

// start finds the first item of the page asked for.
func (rq *request) start(l *list, length int) (start, page int, ok bool) {
	p := rq.query.Get("page")
	switch l.paging {
	case ctxChain:
		c := rq.query.Get("ctx")
		if c == "" {
			// A page number alone means nothing here: the chain starts again.
			return 0, 1, true
		}
		start, ok = openToken(c, rq.path)
		page, _ = strconv.Atoi(p)
		return start, max(page, 1), ok
	case tokenPage:
		if p == "" || p == "1" {
			return 0, 1, true
		}
		start, ok = openToken(p, rq.path)
		return start, 1, ok
	}
	if p == "" || l.onePage {
		return 0, 1, true
	}
	page, err := strconv.Atoi(p)
	if err != nil || page < 1 || page > 1<<40 {
		return 0, 0, false
	}
	return (page - 1) * length, page, true
}

// pageURL is the absolute address of another page: the same query, with the page exchanged.
func (rq *request) pageURL(l *list, page, start int) string {
	var b strings.Builder
	b.WriteString(rq.base)
	b.WriteString(rq.path)
	sep := byte('?')
	put := func(s string) {
		b.WriteByte(sep)
		b.WriteString(s)
		sep = '&'
	}
	for _, part := range strings.Split(rq.r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if n, err := url.QueryUnescape(name); err == nil {
			name = n
		}
		if part == "" || name == "page" || name == "ctx" || l.dropping != nil && l.dropping(name) {
			continue
		}
		put(part)
	}
	switch l.paging {
	case ctxChain:
		put("ctx=" + makeToken(start, rq.path))
		put("page=" + strconv.Itoa(page))
	case tokenPage:
		put("page=" + makeToken(start, rq.path))
	default:
		put("page=" + strconv.Itoa(page))
	}
	return b.String()
}

const tokenDigits = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

// makeToken hides a position of a path's list in letters that mean nothing to a client.
func makeToken(start int, path string) string {
	h := salt(0, path)
	x := uint64(start)<<16 | (mix64(h^uint64(start)) & 0xffff)
	x ^= h & (1<<46 - 1)
	var b []byte
	for ; x > 0 || len(b) == 0; x /= uint64(len(tokenDigits)) {
		b = append(b, tokenDigits[x%uint64(len(tokenDigits))])
	}
	return string(b)
}

func openToken(token, path string) (int, bool) {
	if len(token) > 11 {
		return 0, false
	}
	h, x := salt(0, path), uint64(0)
	for i := len(token) - 1; i >= 0; i-- {
		d := strings.IndexByte(tokenDigits, token[i])
		if d < 0 {
			return 0, false
		}
		x = x*uint64(len(tokenDigits)) + uint64(d)
	}
	x ^= h & (1<<46 - 1)
	start := x >> 16
	return int(start), start < 1<<30 && x&0xffff == mix64(h^start)&0xffff
}
