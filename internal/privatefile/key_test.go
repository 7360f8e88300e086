package privatefile

import (
	"bytes"
	"path/filepath"
	"sync"
	"testing"
)

// TestKeyIsNeverReplaced: first saves without the lock race for the key, and whoever loses takes the winner's.
func TestKeyIsNeverReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.key")
	keys := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			var err error
			if keys[i], err = testKind.makeKey(path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	kept, err := testKind.readKey(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !bytes.Equal(k, kept) {
			t.Error("somebody has another key than the file")
		}
	}
}
