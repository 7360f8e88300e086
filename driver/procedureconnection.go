package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"net/url"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
)

// testConnection is the procedure TestConnection.
func testConnection(ctx context.Context, c *conn, _ arguments) ([]sqldriver.Value, error) {
	config := c.config()
	if err := c.connector.signIn(ctx); err != nil {
		return nil, err
	}
	row := []sqldriver.Value{string(config.AuthScheme), nil, nil, nil, nil, nil}
	if config.AuthScheme != None {
		who, err := c.identity(ctx, "uuid,display_name")
		if err != nil && !errors.Is(err, api.ErrForbidden) { // an access token may not know its user
			return nil, err
		}
		row[1], row[2] = orNull(who.uuid), orNull(who.name)
	}
	if config.Workspace != "" {
		repositories, err := c.countRepositories(ctx)
		if err != nil {
			return nil, err
		}
		row[3], row[4] = config.Workspace, repositories
	} else if config.AuthScheme == None {
		if err := c.ping(ctx); err != nil {
			return nil, err
		}
	}
	if expiry := c.connector.tokenExpiry(); !expiry.IsZero() {
		row[5] = expiry.UTC()
	}
	return row, nil
}

// identity is the user behind a credential.
type identity struct{ uuid, name string }

// identity asks who the credential belongs to.
func (c *conn) identity(ctx context.Context, fields string) (identity, error) {
	request := api.Request{Path: "/user", Query: url.Values{"fields": {fields}}}
	return api.Get(ctx, c.connector.client, request, func(root *fastjson.Value) (identity, error) {
		who := identity{string(root.GetStringBytes("uuid")), string(root.GetStringBytes("display_name"))}
		if who.uuid == "" {
			return who, api.Unfit("names no user")
		}
		return who, nil
	})
}

// countRepositories asks how many repositories of the workspace the credential may read.
func (c *conn) countRepositories(ctx context.Context) (int64, error) {
	request := api.Request{
		Path: "/repositories/" + url.PathEscape(c.config().Workspace), Query: url.Values{"fields": {"size"}, "pagelen": {"1"}},
	}
	return api.Get(ctx, c.connector.client, request, func(root *fastjson.Value) (int64, error) {
		if size := root.Get("size"); size == nil || size.Type() != fastjson.TypeNumber {
			return 0, api.Unfit("does not tell the size of the list")
		}
		return root.GetInt64("size"), nil
	})
}

// ping asks for what only a credential that works can have. One that may not know its user is good enough, since Bitbucket
// recognised it. Without a credential it asks for something public.
func (c *conn) ping(ctx context.Context) error {
	err := c.connector.signIn(ctx)
	switch {
	case err != nil:
	case c.config().AuthScheme != None:
		if _, err = c.identity(ctx, "uuid"); errors.Is(err, api.ErrForbidden) {
			return nil
		}
	case c.config().Workspace != "":
		_, err = c.countRepositories(ctx)
	default:
		_, err = api.Get(ctx, c.connector.client, api.Request{Path: "/hook_events"}, func(*fastjson.Value) (struct{}, error) { return struct{}{}, nil })
	}
	return err
}
