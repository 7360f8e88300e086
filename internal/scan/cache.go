package scan

import (
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// cacheBytes bounds the rows that a statement keeps for scans that it repeats, as the inner side of a join is.
const cacheBytes = 32 << 20

// cache keeps the rows of whole scans of parents for the length of a statement. The scans of uses are kept apart, in uses: they
// can be joined while they run, have readers and are dropped when memory is short, all by the statement's one goroutine, whereas
// parents are read by any of the goroutines that read ahead, from beginning to end, and their rows are few.
type cache struct {
	mu    sync.Mutex
	scans map[string][]*page.Page
	bytes int
}

func (c *cache) get(key string) ([]*page.Page, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pages, ok := c.scans[key]
	return pages, ok
}

func (c *cache) put(key string, pages []*page.Page, bytes int) {
	if key == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes+bytes > cacheBytes {
		return
	}
	if c.scans == nil {
		c.scans = map[string][]*page.Page{}
	}
	if _, ok := c.scans[key]; !ok {
		c.scans[key] = pages
		c.bytes += bytes
	}
}

// recorder keeps the pages of a running scan, as long as they are few.
type recorder struct {
	pages []*page.Page
	bytes int
	over  bool
}

func (r *recorder) add(p *page.Page) {
	if r.over {
		return
	}
	r.bytes += p.Size()
	if r.bytes > cacheBytes {
		r.over, r.pages = true, nil
		return
	}
	r.pages = append(r.pages, p)
}
