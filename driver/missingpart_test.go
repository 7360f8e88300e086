package driver_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// otherwise is a transport that has another answer in place of those to requests that contain a text.
type otherwise struct {
	at     string
	status int
	body   string
}

func (o otherwise) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.String(), o.at) {
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: o.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(o.body)), Request: r,
	}, nil
}

// TestMissingPartIsAnError answers for a part of what a statement reads that it is not there, or with nothing in it: all rows or an error.
func TestMissingPartIsAnError(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	const notFound = `{"type":"error","error":{"message":"Resource not found"}}`
	for _, test := range []struct {
		name string
		otherwise
		query string
	}{
		{"page 2 of what may be switched off", otherwise{"page=2", 404, notFound}, "SELECT UUID FROM platform.Pipelines"},
		{"page 2 of what may be switched off, in other tables", otherwise{"page=2", 404, notFound}, "SELECT UUID FROM Workspace.Pipelines WHERE RepositorySlug = 'platform'"},
		{"a part of a list", otherwise{"/pullrequests?", 206, `{"size":2,"pagelen":50,"page":1,"values":[{"id":1},{"id":2}]}`}, "SELECT Id FROM platform.PullRequests"},
		{"no document", otherwise{"/diff", 204, ""}, "SELECT * FROM platform.PullRequestDiffs WHERE PullRequestId = 1"},
		{"nothing for a list", otherwise{"/pullrequests?", 200, `{}`}, "SELECT Id FROM platform.PullRequests"},
		{"null for a list", otherwise{"/pullrequests?", 200, `{"values":null}`}, "SELECT Id FROM platform.PullRequests"},
		{"a bare list for a list", otherwise{"/pullrequests?", 200, `[]`}, "SELECT Id FROM platform.PullRequests"},
		{"a bare list for the repositories", otherwise{"/repositories/acme?", 200, `[]`}, "SELECT COUNT(*) FROM Workspace.PullRequests"},
		{"nothing for page 2", otherwise{"page=2", 200, `{}`}, "SELECT Id FROM platform.PullRequests"},
		{"a bare list for page 2", otherwise{"page=2", 200, `[]`}, "SELECT Id FROM platform.PullRequests"},
		{"no rows for page 2", otherwise{"page=2", 200, `{"values":[]}`}, "SELECT Id FROM platform.PullRequests"},
		{"nothing for a page that a link leads to", otherwise{"ctx=", 200, `{}`}, "SELECT Hash FROM platform.Commits"},
		{"nothing for an object", otherwise{"/pullrequests/1?", 200, `{}`}, "SELECT Id FROM platform.PullRequests WHERE Id = 1"},
		{"a list for an object", otherwise{"/pullrequests/1?", 200, `[]`}, "SELECT Id FROM platform.PullRequests WHERE Id = 1"},
		{"another object", otherwise{"/pullrequests/1?", 200, `{"values":[]}`}, "SELECT Id FROM platform.PullRequests WHERE Id = 1"},
		{"a list for a detail", otherwise{"/workspaces/acme?", 200, `[]`}, "SELECT Slug, Name FROM Workspaces"},
		{"no detail", otherwise{"/workspaces/acme?", 404, notFound}, "SELECT Slug, Name FROM Workspaces"},
		{"nothing for a chain", otherwise{"/commits?", 200, `{}`}, "SELECT Hash FROM platform.Commits"},
		{"null for a chain", otherwise{"/commits?", 200, `{"values":null}`}, "SELECT Hash FROM platform.Commits"},
		{"nothing for a list of one page", otherwise{"/mergeability/checks", 200, `{}`}, "SELECT * FROM platform.PullRequestMergeabilityChecks WHERE PullRequestId = 1"},
		{"nothing for the only object", otherwise{"/user?", 200, `{}`}, "SELECT * FROM CurrentUser"},
		{"another object for the only one", otherwise{"/user?", 200, `{"status":"ok"}`}, "SELECT DisplayName FROM CurrentUser"},
		{"nothing for a branching model", otherwise{"/branching-model?", 200, `{}`}, "SELECT * FROM platform.BranchingModel"},
		{"nothing for an object without a key", otherwise{"/test_reports", 200, `{}`}, "SELECT * FROM platform.PipelineTestReports WHERE PipelineUUID = '{11111111-2222-4333-8444-555555555555}' AND StepUUID = '{11111111-2222-4333-8444-555555555556}'"},
		{"nothing for an object that holds rows", otherwise{"/commit/", 200, `{}`}, "SELECT * FROM platform.CommitParticipants WHERE CommitHash = '0123456789abcdef0123456789abcdef01234567'"},
		{"nothing for a row", otherwise{"/pullrequests?", 200, `{"size":1,"page":1,"pagelen":50,"values":[{}]}`}, "SELECT Id FROM platform.PullRequests"},
		{"text for a row", otherwise{"/pullrequests?", 200, `{"size":1,"page":1,"pagelen":50,"values":["x"]}`}, "SELECT Id FROM platform.PullRequests"},
		{"no id of a parent", otherwise{"/pullrequests?", 200, `{"size":1,"page":1,"pagelen":50,"values":[{"type":"pullrequest"}]}`}, "SELECT Id FROM platform.PullRequestComments"},
		{"nothing for a detail", otherwise{"/workspaces/acme?", 200, `{}`}, "SELECT Slug, Name FROM Workspaces"},
		{"nothing for the repository of an absent key", otherwise{"/acme/platform?", 200, `{}`}, "SELECT Id FROM platform.PullRequests WHERE Id = 987654"},
		{"no list of an object that is there", otherwise{"/pullrequests/3/comments", 404, notFound}, "SELECT Id FROM platform.PullRequestComments WHERE PullRequestId = 3"},
		{"no list of one of many", otherwise{"/pullrequests/3/tasks", 404, notFound}, "SELECT Id FROM platform.PullRequestTasks"},
		{"no list for a row of another table", otherwise{"/comments", 404, notFound}, "SELECT p.Id, c.Id FROM platform.PullRequests p LEFT JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id WHERE p.Id < 5"},
		{"no steps of a pipeline that is there", otherwise{"/steps", 404, notFound}, "SELECT UUID FROM platform.PipelineSteps"},
		{"nothing for a count", otherwise{"/pullrequests?", 200, `{}`}, "SELECT COUNT(*) FROM platform.PullRequests"},
		{"nothing for the count of repositories", otherwise{"/repositories/acme?", 200, `{}`}, "EXEC TestConnection"},
		{"nothing for the user", otherwise{"/user?", 200, `{}`}, "EXEC TestConnection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := openWith(t, server, "", test.otherwise)
			if rows, err := runAll(t.Context(), db, test.query); err == nil {
				t.Errorf("%d rows and no error", rows)
			} else if !strings.HasPrefix(err.Error(), "bitbucket: ") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestPingNeedsAUser has something else than Bitbucket answer that all is well.
func TestPingNeedsAUser(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openWith(t, server, "", otherwise{"/user", 200, `{"status":"ok"}`})
	if err := db.Ping(); err == nil {
		t.Error("no error")
	}
	config, err := driver.ParseDSN(server.DSN())
	if err != nil {
		t.Fatal(err)
	}
	connector, err := driver.NewConnector(config, driver.WithTransport(otherwise{"/user", 200, `{"status":"ok"}`}))
	if err != nil {
		t.Fatal(err)
	}
	defer connector.Close()
	if s, err := connector.Status(t.Context()); err == nil {
		t.Errorf("the status is %v", s)
	}
}

// shown is a transport that has a page of HTML in place of documents, as a sign-in or a proxy does, or with the header of a file.
type shown struct{ disposition string }

func (s shown) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	if s.disposition != "" {
		header.Set("Content-Disposition", s.disposition)
	}
	return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader("<html>Sign in</html>")), Request: r}, nil
}

// TestSignInIsNoDocument has a sign-in answer for every kind of document, and reads files that are HTML.
func TestSignInIsNoDocument(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	signIn, file := openWith(t, server, "", shown{}), openWith(t, server, "", shown{`attachment; filename="index.html"`})
	const step = " WHERE PipelineUUID = '{11111111-2222-4333-8444-555555555555}' AND StepUUID = '{11111111-2222-4333-8444-555555555556}'"
	for query, html := range map[string]bool{
		"SELECT ContentText FROM platform.FileContents WHERE Path = 'index.html'":          true,
		"SELECT ContentText FROM platform.DownloadContents WHERE Name = 'index.html'":      true,
		"SELECT ContentText FROM SnippetFileContents WHERE SnippetId = 'x' AND Path = 'a'": true,
		"SELECT * FROM platform.Diffs WHERE Spec = 'main'":                                 false,
		"SELECT * FROM platform.Patches WHERE Spec = 'main'":                               false,
		"SELECT * FROM platform.PullRequestDiffs WHERE PullRequestId = 1":                  false,
		"SELECT * FROM platform.PullRequestPatches WHERE PullRequestId = 1":                false,
		"SELECT * FROM platform.PipelineStepLogs" + step:                                   false,
		"SELECT * FROM SnippetDiffs WHERE SnippetId = 'x' AND Revision = 'HEAD'":           false,
	} {
		var content *driver.ContentError
		if n, err := runAll(t.Context(), signIn, query); !errors.As(err, &content) {
			t.Errorf("%s: %d rows, %v", query, n, err)
		}
		n, err := runAll(t.Context(), file, query)
		if html && (n != 1 || err != nil) || !html && !errors.As(err, &content) {
			t.Errorf("%s: %d rows, %v", query, n, err)
		}
	}
}
