package api

import (
	"context"
	"errors"
	"net/url"

	"github.com/valyala/fastjson"
)

// Count returns the number of rows of a numbered list, by one request for its smallest page. The errors are those of Get,
// and a *ContentError when the list does not tell its size.
func Count(ctx context.Context, c *Client, req Request) (int64, error) {
	query := make(url.Values, len(req.Query)+2)
	for name, values := range req.Query {
		query[name] = values
	}
	query.Set("fields", "size")
	query.Set("pagelen", "10")
	n, err := count(ctx, c, Request{Path: req.Path, Query: query})
	var answer *Error
	if errors.As(err, &answer) && answer.about("pagelen") {
		query.Del("pagelen")
		n, err = count(ctx, c, Request{Path: req.Path, Query: query})
	}
	return n, err
}

func count(ctx context.Context, c *Client, req Request) (int64, error) {
	u, err := c.url(req)
	if err != nil {
		return 0, err
	}
	var size int64
	err = c.fetch(ctx, u, func(a *answer) error {
		if size = SizeOf(a.root); size < 0 {
			return a.content(c.display(u), "does not tell the size of the list")
		}
		return nil
	})
	return size, err
}

// SizeOf is the number of rows of a list, as one of its pages tells it; -1 when it does not.
func SizeOf(root *fastjson.Value) int64 {
	v := root.Get("size")
	if v == nil || v.Type() != fastjson.TypeNumber {
		return -1
	}
	if n, err := v.Int64(); err == nil {
		return max(n, -1)
	}
	return -1
}
