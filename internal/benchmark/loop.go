// Package benchmark measures the driver beside what it has to stand up to: loops over Bitbucket's REST API that a careful
// engineer would write by hand for one question each, with net/http and encoding/json. The loops are the code of this package;
// its tests and benchmarks run both sides against the same fake Bitbucket in a process of its own, check that both give the
// same answer and count their requests.
//
//	go test ./internal/benchmark                          # same answers, and the requests of each question
//	go test ./internal/benchmark -run '^$' -bench .       # the table: time, requests, bytes and memory of both sides
//	go test ./internal/benchmark -run '^$' -bench . -report   # the same, into docs/performance.md too
package benchmark

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// inFlight is how many requests a loop has under way, as many as the driver has.
const inFlight = 10

// bitbucket is a hand-written client: connections that are kept, one credential, at most inFlight requests at a time.
type bitbucket struct {
	base      string // "https://api.bitbucket.org/2.0"
	workspace string
	token     string
	http      *http.Client
}

func newBitbucket(base, workspace, token string) *bitbucket {
	return &bitbucket{
		base: base, workspace: workspace, token: token,
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight, MaxConnsPerHost: inFlight}},
	}
}

func (b *bitbucket) close() { b.http.CloseIdleConnections() }

// get reads one JSON document.
func (b *bitbucket) get(ctx context.Context, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Accept", "application/json")
	resp, err := b.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	_, err = io.Copy(io.Discard, resp.Body) // to its end, so that the connection is used again
	return err
}

// list is a page of a numbered list.
type list[T any] struct {
	Size   int `json:"size"`
	Values []T `json:"values"`
}

// with returns the query with one parameter more.
func with(query url.Values, name, value string) url.Values {
	out := make(url.Values, len(query)+1)
	for k, v := range query {
		out[k] = v
	}
	out.Set(name, value)
	return out
}

// all reads a numbered list of pages of length rows: the first page tells how many there are, the others come side by side.
func all[T any](ctx context.Context, b *bitbucket, path string, query url.Values, length int) ([]T, error) {
	query = with(query, "pagelen", strconv.Itoa(length))
	var first list[T]
	if err := b.get(ctx, path, query, &first); err != nil {
		return nil, err
	}
	pages := (first.Size + length - 1) / length
	rest := make([]list[T], max(0, pages-1))
	err := each(ctx, len(rest), func(ctx context.Context, i int) error {
		return b.get(ctx, path, with(query, "page", strconv.Itoa(i+2)), &rest[i])
	})
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, first.Size)
	out = append(out, first.Values...)
	for i := range rest {
		out = append(out, rest[i].Values...)
	}
	return out, nil
}

// each calls f for 0 to n-1 in inFlight workers, and stops at the first error.
func each(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan int)
	var workers sync.WaitGroup
	for range min(n, inFlight) {
		workers.Go(func() {
			for i := range work {
				if err := f(ctx, i); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for i := range n {
		select {
		case work <- i:
		case <-ctx.Done():
		}
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}

// pulls is the path of the list of pull requests of a repository.
func (b *bitbucket) pulls(repository string) string {
	return "/repositories/" + b.workspace + "/" + repository + "/pullrequests"
}

var states = []string{"OPEN", "MERGED", "DECLINED", "SUPERSEDED"}

// fields is a query for some members of all pull requests, of whatever state.
func fields(names ...string) url.Values {
	return url.Values{"fields": {strings.Join(names, ",")}, "state": states}
}
