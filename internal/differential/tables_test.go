package differential

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestEveryTable reads every column of every table, by its list and, where there is one, by its key.
func TestEveryTable(t *testing.T) {
	h := newHarness(t, "platform", "web-app")
	for _, in := range []string{schema.Information, "platform", "web-app", schema.Workspace} {
		for _, r := range planner.Relations("acme", in) {
			name := "[" + in + "].[" + r.Table.Name + "]"
			t.Run(in+"."+r.Table.Name, func(t *testing.T) {
				whole := h.check(t, "SELECT * FROM "+name, nil, false)
				if len(whole.rows) == 0 {
					t.Error("the table has no rows to compare")
				}
				h.check(t, "SELECT COUNT(*) FROM "+name, nil, false)
				h.check(t, "SELECT COUNT(*), COUNT("+strings.Join(r.Table.Key, "), COUNT(")+") FROM "+name, nil, false)
			})
		}
	}
}
