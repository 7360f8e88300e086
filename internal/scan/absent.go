package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// absent decides what a 404 means: no row, when the thing that was looked for is not there but the place where it would be
// is, or else an error, for a table that cannot be read is not an empty one. It returns io.EOF for no row.
func (s *Session) absent(ctx context.Context, f *planner.Fetch, u unit, notFound error) error {
	workspace := "/workspaces/" + url.PathEscape(f.Relation.Workspace)
	repository, named := u.binding["repo_slug"]
	if !named {
		repository = f.Relation.Repository
	}
	if f.Relation.Table.Scope != schema.RepositoryScope {
		// Something of the workspace, of a project or of the caller: what was looked for by a value, or may be switched off, is no
		// row if the workspace is there.
		if !lookedFor(f, u.binding) && !f.Endpoint.AbsentWhenOff {
			return notFound
		}
		if err := s.noRowIf(ctx, workspace, notFound); err != io.EOF {
			return err
		}
		return s.noRowOf(ctx, f, u, notFound)
	}
	path := "/repositories/" + url.PathEscape(f.Relation.Workspace) + "/" + url.PathEscape(repository)
	there, err := s.isPresent(ctx, path, "uuid")
	switch {
	case err != nil:
		return err
	case there && (lookedFor(f, u.binding) || f.Endpoint.AbsentWhenOff):
		return s.noRowOf(ctx, f, u, notFound)
	case there:
		return notFound
	case named:
		// The repository was looked for, by the statement or by a list that still had it.
		return s.noRowIf(ctx, workspace, notFound)
	}
	return &absentRepositoryError{f.Relation.Workspace + "/" + repository, notFound}
}

// absentRepositoryError is a 404 of a table whose repository is not there. It tells in its own words what the 404 says.
type absentRepositoryError struct {
	name     string
	notFound error
}

func (e *absentRepositoryError) Error() string {
	hidden := "hidden from this credential"
	var answer *api.Error
	if errors.As(e.notFound, &answer) && answer.Anonymous {
		hidden = "not public"
	}
	return fmt.Sprintf("bitbucket: repository %s is not there or %s%s; SELECT Slug FROM Information.Repositories lists those that can be read",
		e.name, hidden, answered(e.notFound))
}

// answered is the request and the status of an error answer, for a message that says in its own words what the answer says.
func answered(err error) string {
	var answer *api.Error
	if !errors.As(err, &answer) {
		return ""
	}
	return fmt.Sprintf(" (%s %s: %d)", answer.Method, answer.Path, answer.Status)
}

func (e *absentRepositoryError) Unwrap() error { return e.notFound }

// lookedFor says whether a parameter of the path, other than those that name the schema, was filled with a value that a row
// has: by the statement or by a parent. Inputs and defaults are not looked for.
func lookedFor(f *planner.Fetch, b planner.Binding) bool {
	for param, value := range b {
		schemas := param == "repo_slug" && f.Relation.Table.Scope == schema.RepositoryScope
		if !schemas && strings.Contains(f.Endpoint.Path, "{"+param+"}") && !slices.Contains(f.Endpoint.Defaults[param], value) {
			return true
		}
	}
	return false
}

// noRowOf returns io.EOF where the object that would hold the rows is not there either. An object that is there has such a list, even
// an empty one: that the list cannot be found is then for want of a right, say.
func (s *Session) noRowOf(ctx context.Context, f *planner.Fetch, u unit, notFound error) error {
	holder := f.Endpoint.Holder()
	if holder == nil || f.Endpoint.AbsentWhenOff || f.Relation.Table.Retired != "" {
		return io.EOF
	}
	path := f.Relation.Path(holder, u.binding)
	there, err := s.isPresent(ctx, path, "type")
	switch {
	case err != nil:
		return err
	case there:
		return fmt.Errorf("%w; %s is there, so that this is no lack of rows", notFound, path)
	}
	return io.EOF
}

func (s *Session) noRowIf(ctx context.Context, path string, notFound error) error {
	there, err := s.isPresent(ctx, path, "uuid")
	switch {
	case err != nil:
		return err
	case there:
		return io.EOF
	}
	return notFound
}

// present asks for as little as possible of a resource: a member that it has.
func present(ctx context.Context, c *api.Client, path, member string) (bool, error) {
	_, err := api.Get(ctx, c, api.Request{Path: path, Query: url.Values{"fields": {member}}}, func(root *fastjson.Value) (struct{}, error) {
		if !root.Exists(member) {
			return struct{}{}, errUnfit
		}
		return struct{}{}, nil
	})
	if errors.Is(err, api.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// retiredError is an answer that a table is gone for good, with the reason and what is left.
type retiredError struct {
	table, why string
	err        error
}

func (e *retiredError) Error() string {
	return fmt.Sprintf("bitbucket: table %s is retired%s: %s", e.table, answered(e.err), e.why)
}

func (e *retiredError) Unwrap() error { return e.err }
