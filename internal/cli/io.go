package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"runtime"
)

// IO is what a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	// IsTerminal tells whether a person reads Out. It may be Width columns wide; 0 is unknown.
	IsTerminal bool
	Width      int
	// ErrWidth is how many columns the terminal has that shows Err; 0 if it is none, or unknown.
	ErrWidth int
	// ReadSecret reads a line of In that does not show. It is nil where In is no terminal.
	ReadSecret func(context.Context) (string, error)
	// Getenv reads an environment variable.
	Getenv func(string) string
}

// System is the IO of this process.
func System() *IO {
	width, isTerminal := terminalWidth(os.Stdout)
	errWidth, _ := terminalWidth(os.Stderr)
	return &IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, IsTerminal: isTerminal, Width: width, ErrWidth: errWidth,
		ReadSecret: secretReader(os.Stdin), Getenv: os.Getenv,
	}
}

// tableWidth is the width that tables and texts keep to; 0 means that nothing is to be cut or broken.
func (o *IO) tableWidth() int {
	if !o.IsTerminal {
		return 0
	}
	return o.Width
}

// results makes the writer of a format for Out.
func (o *IO) results(format string) resultWriter {
	out := o.Out
	if o.IsTerminal && format != "table" {
		out = &harmless{w: out}
	}
	return newResultWriter(format, out, o.tableWidth())
}

// paint returns what colours text, or leaves it alone where colours are not wanted (https://no-color.org).
func (o *IO) paint() paint {
	term := o.Getenv("TERM")
	if !o.IsTerminal || o.Getenv("NO_COLOR") != "" || term == "dumb" || term == "" && runtime.GOOS != "windows" ||
		runtime.GOOS == "windows" && o.Getenv("WT_SESSION") == "" {
		return paint{}
	}
	return paint{on: true}
}

// paint colours text.
type paint struct{ on bool }

func plain(s string) string           { return s }
func (p paint) bold(s string) string  { return p.code("1", s) }
func (p paint) dim(s string) string   { return p.code("2", s) }
func (p paint) green(s string) string { return p.code("32", s) }
func (p paint) cyan(s string) string  { return p.code("36", s) }

func (p paint) code(code, s string) string {
	if !p.on {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// indenter puts a prefix before each line that is written.
type indenter struct {
	w      io.Writer
	prefix string
	inLine bool
}

// Write implements [io.Writer].
func (i *indenter) Write(p []byte) (int, error) {
	var b bytes.Buffer
	for line := range bytes.Lines(p) {
		if !i.inLine && len(bytes.TrimSpace(line)) > 0 {
			b.WriteString(i.prefix)
		}
		b.Write(line)
		i.inLine = !bytes.HasSuffix(line, []byte("\n"))
	}
	if _, err := i.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
