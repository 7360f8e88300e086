package api

import (
	"errors"
	"net/http"
	"testing"
)

// A part counts its own requests, and the whole counts and bounds those of all parts.
func TestBudgetParts(t *testing.T) {
	c := newClient(t, Options{Transport: serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))})
	whole := &Budget{Max: 3}
	ctx := WithBudget(t.Context(), whole)
	one, two := PartOf(ctx), PartOf(ctx)
	for _, part := range []*Budget{one, two, two} {
		if err := get(WithBudget(ctx, part), c, "/x"); err != nil {
			t.Fatal(err)
		}
	}
	if statementOf(WithBudget(ctx, one)) != statementOf(WithBudget(ctx, two)) || statementOf(ctx) == statementOf(t.Context()) {
		t.Error("the parts of a statement are not one statement at the gate")
	}
	var over *BudgetError
	if err := get(WithBudget(ctx, one), c, "/x"); !errors.As(err, &over) || over.Max != 3 {
		t.Errorf("the fourth request of three: %v", err)
	}
	if one.Requests() != 1 || two.Requests() != 2 || whole.Requests() != 3 {
		t.Errorf("%d and %d requests of %d, want 1 and 2 of 3", one.Requests(), two.Requests(), whole.Requests())
	}
	if one.Bytes() != 2 || two.Bytes() != 4 || whole.Bytes() != 6 {
		t.Errorf("%d and %d bytes of %d, want 2 and 4 of 6", one.Bytes(), two.Bytes(), whole.Bytes())
	}
	if err := get(WithBudget(t.Context(), PartOf(t.Context())), c, "/x"); err != nil {
		t.Errorf("a part of no budget: %v", err)
	}
}
