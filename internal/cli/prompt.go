package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// prompt asks questions on standard error, and reads the answers from standard input: a person's, or the lines of a file.
type prompt struct {
	o     *IO
	lines *bufio.Reader
}

func newPrompt(o *IO) *prompt { return &prompt{o: o, lines: bufio.NewReader(o.In)} }

// endedError says that standard input ended before an answer.
type endedError struct{ question string }

func (e *endedError) Error() string {
	return "standard input ended before the answer to: " + e.question
}

// line asks for a line. An empty answer is the fallback.
func (p *prompt) line(ctx context.Context, question, fallback string) (string, error) {
	shown := question
	if fallback != "" {
		shown += " [" + fallback + "]"
	}
	answer, err := p.ask(ctx, shown, question, func() (string, error) { return p.lines.ReadString('\n') })
	if answer == "" && err == nil {
		answer = fallback
	}
	return answer, err
}

// secret asks for a line that does not show on the terminal.
func (p *prompt) secret(ctx context.Context, question string) (string, error) {
	if p.o.ReadSecret == nil {
		return p.line(ctx, question, "")
	}
	answer, err := p.ask(ctx, question, question, func() (string, error) { return p.o.ReadSecret(ctx) })
	if err == nil {
		fmt.Fprintln(p.o.Err) // for the line end that did not show either
	}
	return answer, err
}

// ask shows a question and reads its answer, which the end of ctx does not wait for.
func (p *prompt) ask(ctx context.Context, shown, question string, read func() (string, error)) (string, error) {
	fmt.Fprint(p.o.Err, shown+": ")
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := read()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		text := strings.TrimSpace(a.text)
		if errors.Is(a.err, io.EOF) {
			if a.err = nil; text == "" {
				a.err = &endedError{question}
			}
		}
		if p.o.ReadSecret == nil || a.err != nil { // no terminal has ended the line
			fmt.Fprintln(p.o.Err)
		}
		return text, a.err
	case <-ctx.Done():
		fmt.Fprintln(p.o.Err)
		return "", fmt.Errorf("%w while asking for: %s", cancelled{}, question)
	}
}

// secretReader reads lines from a terminal that does not show them meanwhile; nil if the file is none.
func secretReader(f *os.File) func(context.Context) (string, error) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return nil
	}
	return func(ctx context.Context) (string, error) {
		before, err := term.GetState(fd)
		if err != nil {
			return "", err
		}
		// Who is interrupted wants to see again what they type.
		stop := context.AfterFunc(ctx, func() { _ = term.Restore(fd, before) })
		defer stop()
		text, err := term.ReadPassword(fd)
		return string(text), err
	}
}
