package scan

import (
	"errors"
	"net/url"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestPanicAhead has scans and units that panic in the goroutines that read them ahead: without a relation where the unit is made,
// without a client where it is read.
func TestPanicAhead(t *testing.T) {
	r := planner.NewRelation("acme", "platform", "Branches")
	one := &schema.Endpoint{Path: "/x", Paging: schema.One}
	for name, fetch := range map[string]*planner.Fetch{
		"making":  {Endpoint: one, Limit: -1},
		"reading": {Relation: r, Endpoint: one, Limit: -1},
	} {
		fetch.Bindings, fetch.Queries = []planner.Binding{{}}, []url.Values{{}}
		s := NewSession(Config{})
		s.uses.scans = map[string]*shared{}
		cursor := &Cursor{session: s, fetch: fetch, decoder: &decoder{}, window: 1, remaining: -1}
		scan := &shared{session: s, cursor: cursor}
		scan.ctx, scan.cancel = t.Context(), func() {}
		scan.ahead(1)
		s.uses.running.Wait()
		for range 2 {
			var caught *panics.Error
			if p, err := scan.next(t.Context(), 0); p != nil || !errors.As(err, &caught) {
				t.Errorf("%s: %v, %v, want a panic's error", name, p, err)
			}
		}
		scan.close()
		s.Close()
	}
	unit := NewSession(Config{}).start(unit{}, &planner.Fetch{Relation: r, Endpoint: one, Limit: -1}, &decoder{}, false)
	unit.ahead(t.Context())
	var caught *panics.Error
	if _, err := unit.next(t.Context()); !errors.As(err, &caught) {
		t.Errorf("a unit: %v, want a panic's error", err)
	}
	unit.close()
}
