package cli

import (
	"bufio"
	"io"
	"time"
)

// steady is a buffer that does not hold rows back for long: a slow result appears as it comes, and a fast one is written in
// large pieces.
type steady struct {
	*bufio.Writer
	flushed time.Time
}

func newSteady(w io.Writer) *steady { return &steady{Writer: bufio.NewWriterSize(w, 1<<16)} }

// rowEnd follows each row.
func (s *steady) rowEnd() error {
	if time.Since(s.flushed) < 50*time.Millisecond {
		return nil
	}
	s.flushed = time.Now()
	return s.Flush()
}
