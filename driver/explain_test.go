package driver

import (
	"strings"
	"testing"
)

// What is pushed depends on the values, so that a plan needs all of them.
func TestExplainWantsArguments(t *testing.T) {
	db := openThings(t, nil)
	for text, want := range map[string]string{
		"EXPLAIN SELECT Title FROM Things WHERE Id = ?": "no argument for the parameter number 1: the statement takes 1, none are given",
		"EXPLAIN SELECT :a, :b":                         "no argument for the parameter a, b: the statement takes 2, none are given",
	} {
		if err := queryAll(t, db, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
