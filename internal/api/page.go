package api

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/valyala/fastjson"
)

// pageMeta is what a page says about itself and the list.
type pageMeta struct {
	values  int
	hasNext bool
	link    *url.URL // the next page of a chain
	size    int64    // of the list; -1 when not told
	pageLen int      // 0 when not told
	past    bool     // the page lies beyond the end
	// doubt is the error if a page without rows is not beyond the end.
	doubt error
}

// readPage finds the rows of a page and what it says about itself. n is the page's number in the walk.
func (c *Client) readPage(a *answer, from *url.URL, n int, paging Paging) ([]*fastjson.Value, pageMeta, error) {
	root, path := a.root, c.display(from)
	if root.Type() == fastjson.TypeArray { // some answers are the bare list
		if n > 1 || paging != Single {
			return nil, pageMeta{}, a.content(path, "is no page of a list: nothing says whether there are more")
		}
		values := root.GetArray()
		return values, pageMeta{values: len(values), size: -1}, nil
	}
	meta := pageMeta{size: SizeOf(root), pageLen: max(0, root.GetInt("pagelen"))}
	if name := twice(root); name != "" {
		return nil, meta, a.content(path, "tells its "+name+" twice")
	}
	next := root.Get("next")
	if next != nil && next.Type() != fastjson.TypeNull && next.Type() != fastjson.TypeString {
		return nil, meta, a.content(path, "has a next link that is no text")
	}
	link := string(next.GetStringBytes())
	meta.hasNext = link != ""
	if meta.hasNext && (paging != Numbered || n == 1 && !numberedLink(link)) {
		link, err := c.nextPage(from, link)
		if err != nil {
			return nil, meta, err
		}
		meta.link = link
	}
	if paging == Numbered {
		if page := root.GetInt("page"); page > 0 && page != n {
			// Past the end a server may give the last page once more. Anything else would repeat rows, or lose some.
			if page < n && !meta.hasNext {
				return nil, pageMeta{past: true, size: meta.size}, nil
			}
			return nil, meta, a.content(path, fmt.Sprintf("is page %d where page %d was asked for", page, n))
		}
	}
	values := root.Get("values")
	switch {
	case values == nil || values.Type() == fastjson.TypeNull:
		doubt := a.content(path, "is not a list")
		if meta.hasNext || !bare(root) || !numbered(root) || paging != Numbered && n > 1 { // a link leads to a page
			return nil, meta, doubt
		}
		meta.doubt = doubt
		return nil, meta, nil
	case values.Type() != fastjson.TypeArray:
		return nil, meta, a.content(path, "is not a list")
	}
	rows := values.GetArray()
	meta.values = len(rows)
	switch {
	case len(rows) > 0 || meta.hasNext:
	case n == 1 && meta.size > 0 && paging == Numbered:
		return nil, meta, a.content(path, fmt.Sprintf("has no rows, and tells that the list has %d", meta.size))
	case n > 1 && meta.size < 0:
		meta.doubt = a.content(path, "has no rows")
	}
	return rows, meta, nil
}

// numbered reports whether an answer says any of what pages say of themselves.
func numbered(root *fastjson.Value) bool {
	return root.Exists("size") || root.Exists("page") || root.Exists("pagelen")
}

// numberedLink reports whether a next link asks for a page by number. Others hold a token, and cannot be rebuilt.
func numberedLink(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return true // never followed
	}
	page, err := strconv.Atoi(u.Query().Get("page"))
	return err == nil && page > 1 && !u.Query().Has("ctx")
}

// proves reports whether a page, asked for by number as the first of a walk, shows that it has that place in its list: it says
// which page it is and how long pages are, as asked, and has the rows and the next link that the list's size leaves for it. A server
// that shortens its pages, or leaves rows out of them, does not prove it.
func proves(root *fastjson.Value, number, pageLen int) bool {
	size := SizeOf(root)
	if size < 0 || root.GetInt("page") != number || root.GetInt("pagelen") != pageLen {
		return false
	}
	values := root.Get("values")
	if values == nil || values.Type() != fastjson.TypeArray {
		return false
	}
	rest := max(0, size-int64(number-1)*int64(pageLen))
	next := root.GetStringBytes("next")
	return int64(len(values.GetArray())) == min(rest, int64(pageLen)) && (len(next) > 0) == (rest > int64(pageLen)) &&
		(len(next) == 0 || numberedLink(string(next)))
}

// twice is the name of a member that a page has twice, of those that say what rows there are. Nobody can tell which one counts.
func twice(root *fastjson.Value) (name string) {
	seen := [4]bool{}
	root.GetObject().Visit(func(key []byte, _ *fastjson.Value) {
		for i, member := range [...]string{"values", "next", "size", "page"} {
			if string(key) == member {
				if seen[i] {
					name = member
				}
				seen[i] = true
			}
		}
	})
	return name
}

// bare reports whether an answer holds nothing but what a page says about itself.
func bare(root *fastjson.Value) bool {
	only := true
	root.GetObject().Visit(func(key []byte, _ *fastjson.Value) {
		switch string(key) {
		case "size", "page", "pagelen", "previous", "next", "values":
		default:
			only = false
		}
	})
	return only
}
