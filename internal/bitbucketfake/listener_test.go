package bitbucketfake

import "testing"

// TestNoPortTwice opens and closes so many listeners that a system that takes any free port would take some again.
func TestNoPortTwice(t *testing.T) {
	had := map[string]bool{}
	for range 1500 {
		l, err := listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if addr := l.Addr().String(); had[addr] {
			t.Errorf("%s comes twice", addr)
		} else {
			had[addr] = true
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
