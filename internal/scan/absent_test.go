package scan

import (
	"errors"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
)

func TestAbsentRepositorySaysItOnce(t *testing.T) {
	for want, answer := range map[string]*api.Error{
		"bitbucket: repository acme/x is not there or hidden from this credential (GET /repositories/acme/x/refs: 404); SELECT Slug FROM Information.Repositories lists those that can be read": {
			Kind: api.NotFound, Status: 404, Method: "GET", Path: "/repositories/acme/x/refs", Message: "Repository acme/x not found",
		},
		"bitbucket: repository acme/x is not there or not public (GET /y: 404); SELECT Slug FROM Information.Repositories lists those that can be read": {
			Kind: api.NotFound, Status: 404, Method: "GET", Path: "/y", Anonymous: true,
		},
	} {
		err := error(&absentRepositoryError{"acme/x", answer})
		if err.Error() != want || !errors.Is(err, api.ErrNotFound) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestRetiredSaysItOnce(t *testing.T) {
	gone := &api.Error{Kind: api.Gone, Status: 410, Method: "GET", Path: "/x/issues", Message: "The issue tracker has been removed."}
	err := error(&retiredError{"platform.Issues", "Atlassian removed it.", gone})
	if want := "bitbucket: table platform.Issues is retired (GET /x/issues: 410): Atlassian removed it."; err.Error() != want || !errors.Is(err, api.ErrGone) {
		t.Errorf("got %v, want %s", err, want)
	}
}
