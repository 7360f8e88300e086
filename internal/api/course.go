package api

// maxRamp bounds how many pages a walk that is not eager fetches at a time.
const maxRamp = 8

// course decides which pages of a list to fetch when, and where the list ends. It does no I/O.
type course struct {
	numbered, eager bool
	maxRows         int
	pageLen         int // as asked for
	window          int // pages that may wait for the consumer

	head     int   // pages taken
	rows     int   // rows in them
	want     int   // the last page that may be fetched now
	ramp     int   // pages to fetch at the next demand
	per      int   // rows in a full page
	expected int   // the last page by the list's size; 0 when unknown
	size     int64 // of the list, by page 1; -1 when unknown
	latest   int64 // size of the list, by the last page that told it
	told     bool  // that the list shrank
	empties  int   // empty pages in a row that say they are the last
	end      bool  // page head was the last
	stopped  int   // no page from here on need be fetched; 0 for none
}

// over reports whether the page after head need not be read.
func (c *course) over() bool { return c.end || c.maxRows > 0 && c.rows >= c.maxRows && c.head > 0 }

// demand allows the fetching of page n = head+1, and of those after it that the consumer's pace justifies.
func (c *course) demand(n int) {
	if n <= c.want {
		return
	}
	if c.eager && c.head == 1 {
		c.ahead()
	}
	if n == 1 || n > c.expected {
		c.allow(n)
		return
	}
	if !c.eager {
		c.allow(min(n+c.ramp-1, c.lastUseful()))
		c.ramp = min(2*c.ramp, maxRamp)
	}
	c.allow(n)
}

// took accounts for the page after head and, in an eager walk, allows the fetching of further ones: not before the second
// page is asked for, because many a consumer has enough with the first, or even its first row.
func (c *course) took(m pageMeta) {
	c.head++
	c.rows += m.values
	if c.numbered && c.head == 1 {
		c.measure(m)
		c.latest = m.size
	}
	if m.size >= 0 {
		c.latest = m.size
	}
	c.end = c.isEnd(m)
	if c.eager && c.head > 1 && !c.over() {
		c.ahead()
	}
}

// ahead allows the fetching of what an eager walk reads ahead.
func (c *course) ahead() {
	if c.head < c.expected {
		c.allow(min(c.head+c.window, c.lastUseful()))
	} else {
		c.allow(c.head + 1)
	}
}

// stop lets no page from n on be fetched: n failed, or lies past the end.
func (c *course) stop(n int) {
	if c.stopped == 0 || n < c.stopped {
		c.stopped = n
		c.want = min(c.want, n)
	}
}

func (c *course) allow(n int) {
	if c.stopped > 0 {
		n = min(n, c.stopped)
	}
	c.want = max(c.want, n)
}

// measure learns from page 1 how many pages there are.
func (c *course) measure(m pageMeta) {
	c.size = m.size
	switch {
	case m.pageLen > 0:
		c.per = m.pageLen
	case m.hasNext && m.values > 0:
		c.per = m.values
	case c.pageLen > 0:
		c.per = c.pageLen
	default:
		c.per = max(1, m.values)
	}
	c.per = max(c.per, m.values)
	if m.size < 0 {
		return
	}
	pages := m.size / int64(c.per)
	if m.size%int64(c.per) > 0 {
		pages++
	}
	c.expected = int(min(max(pages, 1), 1<<30))
}

// isEnd reports whether the page just taken, number head, is the last. Before the expected end a missing next alone is not
// believed, for lists have been seen that forget it: an empty page that the list's size does not contradict ends it, or a
// second empty one.
func (c *course) isEnd(m pageMeta) bool {
	if m.hasNext {
		c.empties = 0
		return false
	}
	if c.head >= c.expected {
		return true
	}
	if m.values > 0 {
		c.empties = 0
		return false
	}
	c.empties++
	size := c.size
	if m.size >= 0 {
		size = m.size
	}
	return c.empties > 1 || size <= int64(c.head-1)*int64(c.per)
}

// shrunk reports, once, whether a page tells a smaller size of the list than page 1 did.
func (c *course) shrunk(m pageMeta) bool {
	if c.told || m.size < 0 || m.size >= c.size {
		return false
	}
	c.told = true
	return true
}

// lastUseful is the last page that can be needed, by the list's size and by maxRows.
func (c *course) lastUseful() int {
	last := c.expected
	if c.maxRows > 0 {
		rest := c.maxRows - c.rows
		last = min(last, c.head+(rest+c.per-1)/c.per)
	}
	return last
}
