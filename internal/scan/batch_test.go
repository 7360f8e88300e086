package scan

import (
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// TestBatchGivesRowsToTheirValues gives each row to the scans of its value, one of no value to none, and one whose cell SQLite must
// compare to all.
func TestBatchGivesRowsToTheirValues(t *testing.T) {
	first, second, third := &shared{}, &shared{}, &shared{}
	p := &page.Page{}
	p.AppendInt(1)
	p.AppendInt(2)
	p.AppendInt(3)
	p.AppendString("1")
	p.AppendFloat(1)
	p.AppendNull()
	p.AppendString("one")
	p.AppendString("One")
	integers := &batch{members: map[any][]*shared{int64(1): {first, third}, int64(2): {second}}, all: []*shared{first, second, third}}
	texts := &batch{members: map[any][]*shared{"1": {first, third}, "one": {second}}, all: []*shared{first, second, third}}
	all := integers.all
	for i, want := range []struct{ ofIntegers, ofTexts []*shared }{
		{[]*shared{first, third}, all},
		{[]*shared{second}, all},
		{nil, all},
		{all, []*shared{first, third}},
		{all, all},
		{nil, nil},
		{all, []*shared{second}},
		{all, nil},
	} {
		if got := integers.of(p, p.Cells[i]); !slices.Equal(got, want.ofIntegers) {
			t.Errorf("cell %d goes to %v of the integers, want %v", i, got, want.ofIntegers)
		}
		if got := texts.of(p, p.Cells[i]); !slices.Equal(got, want.ofTexts) {
			t.Errorf("cell %d goes to %v of the texts, want %v", i, got, want.ofTexts)
		}
	}
}

// TestValuesSpelledOtherwise finds an argument in a row that has it as a text or as an integer, and the arguments to come as the ones
// before were.
func TestValuesSpelledOtherwise(t *testing.T) {
	p := &page.Page{Columns: []int{0, 1}, Rows: 1}
	p.AppendInt(7)
	p.AppendString("7")
	for column := range 2 {
		for _, value := range []any{int64(7), "7"} {
			if !cellIs(p, 0, column, value) {
				t.Errorf("column %d does not hold %#v", column, value)
			}
			got, ok := cellValue(p, 0, column)
			if got = as(got, value); !ok || got != value {
				t.Errorf("the value is %#v, want %#v", got, value)
			}
		}
		for _, value := range []any{int64(8), "07", " 7", 7.0, []byte("7"), nil} {
			if cellIs(p, 0, column, value) {
				t.Errorf("column %d holds %#v", column, value)
			}
		}
	}
	for _, text := range []string{"07", "x", "", "1e3", "99999999999999999999"} {
		if got := as(text, int64(1)); got != nil {
			t.Errorf("%q is the integer %v", text, got)
		}
	}
}
