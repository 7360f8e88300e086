package scan

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestCompareCells has values in SQLite's order: any two of them compare as their places do.
func TestCompareCells(t *testing.T) {
	p := &page.Page{}
	p.AppendNull()
	p.AppendInt(-3)
	p.AppendFloat(2.5)
	p.AppendInt(3)
	p.AppendString("2026-01-01 00:00:00")
	p.AppendString("2026-01-01 00:00:00.5")
	p.AppendString("2026-01-01 00:00:01")
	p.AppendString("10th of May")
	p.AppendString("yesterday")
	p.AppendBlob([]byte("a"))
	for i, a := range p.Cells {
		for j, b := range p.Cells {
			got := compareCells(schema.Timestamp, p, a, p, b)
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("value %d compares to value %d as %d", i, j, got)
			}
		}
	}
	if text := p.Cells[4:8]; compareCells(schema.Text, p, text[0], p, text[3]) <= 0 {
		t.Error("plain text does not compare by its bytes")
	}
}
