package leak

import (
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// A goroutine that ends is waited for, and one that does not is found.
func TestFind(t *testing.T) {
	end, ended := make(chan struct{}), make(chan struct{})
	others := goleak.IgnoreCurrent()
	go func() {
		defer close(ended)
		<-end
	}()
	if err := find(0, others); err == nil || !strings.Contains(err.Error(), "TestFind") {
		t.Errorf("a goroutine that waits: %v", err)
	}
	close(end)
	None(t, others)
	<-ended
}
