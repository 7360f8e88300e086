package scan

import (
	"context"
	"io"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// TestScanOfTwoSites has a scan that one site began ahead, another has read and put aside, and a third use reads anew when the
// first site gives it up and memory is short: it must stay there for its reader.
func TestScanOfTwoSites(t *testing.T) {
	s := NewSession(Config{})
	s.uses.sites, s.uses.scans = map[siteKey]*site{}, map[string]*shared{}
	ctx, cancel := context.WithCancel(t.Context())
	scan := &shared{session: s, key: "key", cursor: &Cursor{}, ctx: ctx, cancel: cancel}
	s.uses.scans["key"] = scan
	scan.fill([]*page.Page{{Rows: 1, Text: make([]byte, 2*cacheBytes)}})
	first := &site{session: s, begun: []attempt{{scan: scan}}, window: 1}
	s.shelve(scan)
	first.dropIf(func(attempt) bool { return true })
	s.uses.shelf = s.uses.shelf[1:] // as Filter takes it
	scan.readers++
	s.trim()
	if p, err := scan.next(ctx, 0); err != nil || p.Rows != 1 {
		t.Errorf("the reader gets %v, %v", p, err)
	}
	if _, err := scan.next(ctx, 1); err != io.EOF {
		t.Errorf("behind the last page: %v", err)
	}
	scan.close()
	scan.close()
	if s.Close(); s.uses.held.Load() != 0 {
		t.Errorf("%d bytes are held by nobody", s.uses.held.Load())
	}
}
