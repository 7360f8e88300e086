package benchmark

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
)

// side answers a question in one of the two ways and returns the rows, a slice.
type side func(ctx context.Context, c *client) (any, error)

// client is the two ways to one Bitbucket.
type client struct {
	db   *sql.DB
	loop *bitbucket
}

// question is one that both sides answer.
type question struct {
	name string
	// data is the Bitbucket to ask.
	data data
	sql  string
	// driver and loop answer it.
	driver, loop side
	// requests is the most that the driver may send.
	requests int
	// ratio is the most of the loop's time that the driver may take, by issue 5; 0 for no bound.
	ratio float64
	// same compares the answers; nil compares them as they are.
	same func(driver, loop any) error
}

// data are the sizes of a Bitbucket.
type data struct {
	Repositories, PullRequests, OtherPulls int
}

var (
	large   = data{PullRequests: 5000}
	fifty   = data{Repositories: 50, PullRequests: 100, OtherPulls: 100}
	hundred = data{Repositories: 200, PullRequests: 30, OtherPulls: 30}
)

// ask makes a question of a statement whose rows scan reads and a loop.
func ask[T any](name string, d data, text string, scan func(*sql.Rows, *T) error, loop func(context.Context, *bitbucket) ([]T, error)) question {
	return question{
		name: name, data: d, sql: text,
		driver: func(ctx context.Context, c *client) (any, error) { return rowsOf(ctx, c.db, text, scan) },
		loop:   func(ctx context.Context, c *client) (any, error) { return loop(ctx, c.loop) },
	}
}

// within bounds what the driver may need.
func (q question) within(requests int, ratio float64) question {
	q.requests, q.ratio = requests, ratio
	return q
}

func (q question) compare(driver, loop any) error {
	if q.same != nil {
		return q.same(driver, loop)
	}
	d, l := reflect.ValueOf(driver), reflect.ValueOf(loop)
	if d.Len() != l.Len() {
		return fmt.Errorf("the driver gives %d rows, the loop %d", d.Len(), l.Len())
	}
	for i := range d.Len() {
		if x, y := d.Index(i).Interface(), l.Index(i).Interface(); !reflect.DeepEqual(x, y) {
			return fmt.Errorf("row %d: the driver gives\n%v\nthe loop\n%v", i, x, y)
		}
	}
	return nil
}

// rowsOf runs a statement as a Go program does.
func rowsOf[T any](ctx context.Context, db *sql.DB, text string, scan func(*sql.Rows, *T) error) ([]T, error) {
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var row T
		if err := scan(rows, &row); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// value scans the only column.
func value[T any](rows *sql.Rows, v *T) error { return rows.Scan(v) }

// one makes the answer of a loop that finds a single value the rows of it.
func one[T any](f func(context.Context, *bitbucket) (T, error)) func(context.Context, *bitbucket) ([]T, error) {
	return func(ctx context.Context, b *bitbucket) ([]T, error) {
		v, err := f(ctx, b)
		return []T{v}, err
	}
}

func scanBrief(rows *sql.Rows, b *brief) error {
	var author sql.NullString
	err := rows.Scan(&b.ID, &b.Title, &b.State, &b.Created, &author)
	b.Author = author.String
	return err
}

func scanHeadline(rows *sql.Rows, h *headline) error {
	return rows.Scan(&h.Repository, &h.ID, &h.Title, &h.State, &h.Updated)
}
