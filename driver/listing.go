package driver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// listingAge is how long the names of repositories and projects are taken to be current, for metadata only: a schema that is
// named in a statement is found at once.
const listingAge = time.Minute

// listing keeps the names of the workspace's repositories and projects for all connections of a connector.
type listing struct {
	mu   sync.Mutex
	read time.Time
	list metadata.SchemaNames
}

// names returns the slugs of repositories and the keys of projects that can be names of schemas, sorted. It asks for them, side by
// side, when what it has is old: one request for every hundred.
func (l *listing) names(ctx context.Context, c *conn) (metadata.SchemaNames, error) {
	l.mu.Lock()
	if !l.read.IsZero() && time.Since(l.read) < listingAge {
		defer l.mu.Unlock()
		return l.list, nil
	}
	l.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		list        metadata.SchemaNames
		projectsErr error
		wait        sync.WaitGroup
	)
	wait.Go(func() { list.Projects, projectsErr = c.schemaNames(ctx, &schema.Projects, "Key") })
	repositories, err := c.schemaNames(ctx, &schema.Repositories, "Slug")
	if err != nil {
		cancel()
	}
	wait.Wait()
	switch {
	case err != nil:
		return metadata.SchemaNames{}, err
	case errors.Is(projectsErr, api.ErrForbidden):
		// A credential for repositories alone still shows all that it can read.
		list.Projects, list.Unlisted = nil, projectsErr
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "the schemas of projects are not listed", slog.Any("error", projectsErr))
	case projectsErr != nil:
		return metadata.SchemaNames{}, projectsErr
	}
	list.Repositories = repositories
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read, l.list = time.Now(), list
	return list, nil
}

// schemaNames reads those values of a column of a table of Information that can be names of schemas, sorted.
func (c *conn) schemaNames(ctx context.Context, t *schema.Table, name string) ([]string, error) {
	relation := planner.NewRelation(c.config().Workspace, schema.Information, t.Name)
	column := t.Column(name)
	o := planner.Options{PushDown: true}
	choice, err := planner.Best(planner.Scan{Relation: relation, Used: []int{column}, Options: o})
	if err != nil {
		return nil, err
	}
	none := func(planner.Operand) (any, bool) { return nil, false }
	fetch, err := planner.Bind(relation, choice.Plan, nil, none, o)
	if err != nil {
		return nil, err
	}
	if err := c.connector.signIn(ctx); err != nil {
		return nil, err
	}
	session := scan.NewSession(scan.Config{
		Client: c.connector.client, MaxInFlight: c.config().MaxInFlight, Eager: true, Logger: c.connector.log,
	})
	rows := session.Open(fetch)
	defer func() { _ = rows.Close() }()
	var values []string
	for {
		p, err := rows.Next(ctx)
		if err == io.EOF { // not errors.Is: a wrapped io.EOF is a connection that broke off
			slices.Sort(values)
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		slot := slices.Index(p.Columns, column)
		for row := range p.Rows {
			if value := string(p.TextOf(p.Cell(row, slot))); value != "" && isSchemaName(value) && !c.isFixed(value) {
				values = append(values, value)
			}
		}
	}
}
