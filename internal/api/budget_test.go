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

// Requests that nobody has asked for take nothing from the bound until they are asked for.
func TestBudgetAhead(t *testing.T) {
	whole := &Budget{Max: 3}
	ctx := WithBudget(t.Context(), PartOf(WithBudget(t.Context(), whole)))
	vain, hit := AheadOf(ctx), AheadOf(ctx)
	for _, step := range []struct {
		name string
		b    *Budget
		ok   bool
	}{
		{"in vain", vain, true}, {"in vain", vain, true}, {"ahead", hit, true}, {"asked", whole, true}, {"asked", whole, true},
	} {
		if err := step.b.take(); (err == nil) != step.ok {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	hit.Ask()
	hit.Ask()
	for name, b := range map[string]*Budget{"the whole": whole, "what was ahead": hit, "a part": budgetOf(ctx)} {
		if b.take() == nil || b.check() == nil {
			t.Errorf("%s sends a fourth request of three that were asked for", name)
		}
	}
	if whole.Requests() != 5 || vain.Requests() != 2 || hit.Requests() != 1 {
		t.Errorf("%d requests, %d in vain and %d ahead, want 5, 2 and 1", whole.Requests(), vain.Requests(), hit.Requests())
	}
	var none *Budget
	none.Ask()
	AheadOf(t.Context()).Ask()
}
