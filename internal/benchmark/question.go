package benchmark

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// The loops below answer one question each, as the rows of a program that has no use for SQL.

// everything reads all of the pull requests of a repository.
func (b *bitbucket) everything(ctx context.Context, repository string) ([]pullRequest, error) {
	query := url.Values{"state": states, "fields": {"+values.reviewers,+values.participants"}}
	return all[pullRequest](ctx, b, b.pulls(repository), query, 50)
}

// brief is a pull request in five columns.
type brief struct {
	ID      int64
	Title   string
	State   string
	Created time.Time
	Author  string
}

func (b *bitbucket) briefs(ctx context.Context, repository string) ([]brief, error) {
	type row struct {
		ID      int64     `json:"id"`
		Title   string    `json:"title"`
		State   string    `json:"state"`
		Created time.Time `json:"created_on"`
		Author  *struct {
			Name string `json:"display_name"`
		} `json:"author"`
	}
	rows, err := all[row](ctx, b, b.pulls(repository),
		fields("values.id", "values.title", "values.state", "values.created_on", "values.author.display_name", "size"), 50)
	if err != nil {
		return nil, err
	}
	out := make([]brief, len(rows))
	for i, r := range rows {
		out[i] = brief{r.ID, r.Title, r.State, r.Created.UTC(), ""}
		if r.Author != nil {
			out[i].Author = r.Author.Name
		}
	}
	return out, nil
}

// count asks for the size of a list.
func (b *bitbucket) count(ctx context.Context, repository, q string) (int64, error) {
	query := fields("size")
	query.Set("pagelen", "1")
	if q != "" {
		query.Set("q", q)
	}
	var page struct {
		Size int64 `json:"size"`
	}
	err := b.get(ctx, b.pulls(repository), query, &page)
	return page.Size, err
}

// exists says whether a filter finds anything.
func (b *bitbucket) exists(ctx context.Context, repository, q string) (bool, error) {
	n, err := b.count(ctx, repository, q)
	return n > 0, err
}

// extreme reads the first creation in the order of sort.
func (b *bitbucket) extreme(ctx context.Context, repository, sort string) (time.Time, error) {
	query := fields("values.created_on")
	query.Set("sort", sort)
	query.Set("pagelen", "1")
	var page list[struct {
		Created time.Time `json:"created_on"`
	}]
	if err := b.get(ctx, b.pulls(repository), query, &page); err != nil || len(page.Values) == 0 {
		return time.Time{}, err
	}
	return page.Values[0].Created.UTC(), nil
}

// tally is the number of pull requests in a state.
type tally struct {
	State string
	Count int64
}

func (b *bitbucket) byState(ctx context.Context, repository string) ([]tally, error) {
	out := make([]tally, len(states))
	err := each(ctx, len(states), func(ctx context.Context, i int) error {
		n, err := b.count(ctx, repository, `state = "`+states[i]+`"`)
		out[i] = tally{states[i], n}
		return err
	})
	out = slices.DeleteFunc(out, func(t tally) bool { return t.Count == 0 })
	slices.SortFunc(out, func(x, y tally) int { return cmp.Compare(x.State, y.State) })
	return out, err
}

// headline is a pull request in one line.
type headline struct {
	Repository string    `json:"-"`
	ID         int64     `json:"id"`
	Title      string    `json:"title"`
	State      string    `json:"state"`
	Updated    time.Time `json:"updated_on"`
}

// of says which repository the pull requests are of.
func of(repository string, list []headline) []headline {
	for i := range list {
		list[i].Repository, list[i].Updated = repository, list[i].Updated.UTC()
	}
	return list
}

// some reads one page of n rows, in the order of sort.
func (b *bitbucket) some(ctx context.Context, repository, q, sort string, n, number int) ([]headline, error) {
	query := fields("values.id", "values.title", "values.state", "values.updated_on")
	query.Set("pagelen", strconv.Itoa(n))
	if number > 1 {
		query.Set("page", strconv.Itoa(number))
	}
	if sort != "" {
		query.Set("sort", sort)
	}
	if q != "" {
		query.Set("q", q)
	}
	var page list[headline]
	err := b.get(ctx, b.pulls(repository), query, &page)
	return of(repository, page.Values), err
}

func (b *bitbucket) repositories(ctx context.Context) ([]string, error) {
	type row struct {
		Slug string `json:"slug"`
	}
	rows, err := all[row](ctx, b, "/repositories/"+b.workspace, url.Values{"fields": {"values.slug,size"}}, 100)
	slugs := make([]string, len(rows))
	for i, r := range rows {
		slugs[i] = r.Slug
	}
	return slugs, err
}

// ofAll reads the pull requests of all repositories: a worker has a repository at a time.
func (b *bitbucket) ofAll(ctx context.Context) ([]headline, error) {
	slugs, err := b.repositories(ctx)
	if err != nil {
		return nil, err
	}
	found := make([][]headline, len(slugs))
	err = each(ctx, len(slugs), func(ctx context.Context, i int) error {
		query := fields("values.id", "values.title", "values.state", "values.updated_on", "size")
		query.Set("pagelen", "50")
		for n := 1; ; n++ {
			var page list[headline]
			if err := b.get(ctx, b.pulls(slugs[i]), with(query, "page", strconv.Itoa(n)), &page); err != nil {
				return err
			}
			found[i] = append(found[i], of(slugs[i], page.Values)...)
			if n*50 >= page.Size {
				return nil
			}
		}
	})
	return slices.Concat(found...), err
}

// latest reads the n open pull requests that were updated last, of all repositories.
func (b *bitbucket) latest(ctx context.Context, n int) ([]headline, error) {
	slugs, err := b.repositories(ctx)
	if err != nil {
		return nil, err
	}
	found := make([][]headline, len(slugs))
	err = each(ctx, len(slugs), func(ctx context.Context, i int) (err error) {
		found[i], err = b.some(ctx, slugs[i], `state = "OPEN"`, "-updated_on", n, 1)
		return err
	})
	out := slices.Concat(found...)
	slices.SortFunc(out, func(x, y headline) int { return y.Updated.Compare(x.Updated) })
	return out[:min(n, len(out))], err
}

// firstOf reads n pull requests, of as many repositories as it takes.
func (b *bitbucket) firstOf(ctx context.Context, n int) ([]headline, error) {
	slugs, err := b.repositories(ctx)
	if err != nil {
		return nil, err
	}
	var out []headline
	for _, slug := range slugs {
		if len(out) >= n {
			break
		}
		more, err := b.some(ctx, slug, "", "", n-len(out), 1)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// remark is a comment on a pull request, and the place of that among those of its author, the newest first.
type remark struct {
	Pull    int64
	Place   int64
	Comment int64
}

// discussions reads the comments on the newest 100 pull requests.
func (b *bitbucket) discussions(ctx context.Context, repository string) ([]remark, error) {
	type pull struct {
		ID     int64    `json:"id"`
		Author *account `json:"author"`
	}
	query := fields("values.id", "values.author.uuid")
	query.Set("sort", "-id")
	query.Set("pagelen", "50")
	pages := make([]list[pull], 2)
	err := each(ctx, 2, func(ctx context.Context, i int) error {
		return b.get(ctx, b.pulls(repository), with(query, "page", strconv.Itoa(i+1)), &pages[i])
	})
	if err != nil {
		return nil, err
	}
	pulls := slices.Concat(pages[0].Values, pages[1].Values)
	places := make([]int64, len(pulls))
	seen := map[string]int64{}
	for i, p := range pulls {
		author := ""
		if p.Author != nil {
			author = p.Author.UUID
		}
		seen[author]++
		places[i] = seen[author]
	}
	type comment struct {
		ID      int64 `json:"id"`
		Deleted bool  `json:"deleted"`
	}
	found := make([][]remark, len(pulls))
	err = each(ctx, len(pulls), func(ctx context.Context, i int) error {
		path := b.pulls(repository) + "/" + strconv.FormatInt(pulls[i].ID, 10) + "/comments"
		comments, err := all[comment](ctx, b, path, url.Values{"fields": {"values.id,values.deleted,size"}}, 100)
		for _, c := range comments {
			if !c.Deleted {
				found[i] = append(found[i], remark{pulls[i].ID, places[i], c.ID})
			}
		}
		return err
	})
	out := slices.Concat(found...)
	slices.SortFunc(out, func(x, y remark) int { return cmp.Or(cmp.Compare(x.Pull, y.Pull), cmp.Compare(x.Comment, y.Comment)) })
	return out, err
}
