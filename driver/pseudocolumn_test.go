package driver

import (
	"errors"
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestPseudoColumns(t *testing.T) {
	for list, want := range map[string][]string{
		"": nil, "*=*": nil, " ; ": nil,
		"PullRequests=Id;users = uuid, *=Slug":  nil,
		"PullRequests=*;*=CreatedOn":            nil,
		"PullRequest=Id":                        {`there is no table PullRequest; did you mean "PullRequests"`},
		"PullRequests":                          {`"PullRequests" is not of the form Table=Column`},
		"PullRequests=Titel;Projects=":          {`table PullRequests has no column Titel; did you mean "Title"`, `"Projects=" is not of the form Table=Column`},
		"*=NoSuchColumnAnywhere,Nowhere=At_all": {"no table has a column NoSuchColumnAnywhere", "there is no table Nowhere"},
	} {
		c := NewConfig()
		c.AccessToken, c.PseudoColumns = "t", list
		err := c.Validate()
		var faults *ConfigError
		var got []string
		if errors.As(err, &faults) {
			for _, f := range faults.Faults {
				if f.Property != "PseudoColumns" {
					t.Errorf("%s: %v", list, f)
				}
				got = append(got, f.Problem)
			}
		}
		if !slices.EqualFunc(got, want, func(g, w string) bool { return len(g) >= len(w) && g[:len(w)] == w }) {
			t.Errorf("%s: %q, want %q", list, got, want)
		}
	}
}

// A connection string with the property reads the same columns as one without.
func TestPseudoColumnsChangeNothing(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	var columns [2][]string
	for i, properties := range []string{"", ";PseudoColumns='PullRequests=Id;Commits=*'"} {
		rows, err := openDSN(t, fake.DSN()+properties).Query("SELECT * FROM platform.Commits LIMIT 1")
		if err != nil {
			t.Fatal(err)
		}
		columns[i], _ = rows.Columns()
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(columns[0]) == 0 || !slices.Equal(columns[0], columns[1]) {
		t.Errorf("%v, and with PseudoColumns %v", columns[0], columns[1])
	}
}
