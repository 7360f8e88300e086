package planner

import (
	"maps"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Skip leaves out the pages of a single numbered list that hold nothing but rows of an OFFSET. SQLite counts those rows off itself,
// after it has checked its conditions, so that it is given others in their place: witnesses, with Fetch.Constants. Only the answer
// shows whether the list is paged as it was asked for. Where it is not, the list is read from its first page on.
type Skip struct {
	// Rows is the number of OFFSET.
	Rows int64
	// Page is the first page to read, by its number from 2, and PageLen the length of the pages.
	Page, PageLen int
}

// Before is the number of rows before the first page that is read.
func (s *Skip) Before() int64 { return int64(s.Page-1) * int64(s.PageLen) }

// skip lets the rows of OFFSET go unread, where they are of one list whose pages are known by number and tell its size.
func (c *candidate) skip(s Scan) {
	e, p := c.endpoint, c.plan
	p.Skip = s.OwnOffset && p.Limit > 0 && p.Offset > 0 && !c.several && p.Parent == nil && p.Merge == 0 && !p.Count && p.Group == 0 && p.Firsts == nil &&
		len(p.Since) == 0 && e.Paging == schema.Numbered && !e.NoSize && e.Each == nil && e.Defaults == nil
}

// skip finds the pages to read, where that takes fewer requests than reading the list up to its last row that is needed.
func (b *binder) skip(f *Fetch) {
	if !b.plan.Skip || f.Limit < 0 || f.Empty || f.Limit <= int64(f.PageLen) || len(f.Bindings) != 1 || len(f.Queries) != 1 {
		return
	}
	offset, ok := b.args[b.plan.Offset-1].Value.(int64)
	if !ok || offset <= 0 {
		return
	}
	length := f.Limit - offset
	pageLen := skipPageLen(offset, length, int64(f.PageLen))
	if offset < pageLen {
		return // The first page is needed.
	}
	constants := maps.Clone(b.constants)
	for _, term := range b.plan.Terms {
		if term.Param != "" {
			continue
		}
		value, ok := b.witness(term.Column)
		if !ok {
			return
		}
		constants[term.Column] = value
	}
	f.Constants = constants
	f.Skip = &Skip{Rows: offset, Page: int(offset/pageLen) + 1, PageLen: int(pageLen)}
}

// skipPageLen is the shortest length of pages that has the rows on one page, or the longest where none has.
func skipPageLen(offset, rows, longest int64) int64 {
	for n := max(rows, MinPageLen); n <= longest; n++ {
		if offset/n == (offset+rows-1)/n {
			return n
		}
	}
	return longest
}
