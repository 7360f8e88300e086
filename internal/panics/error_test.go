package panics

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
)

func fails(log *slog.Logger, value any) (err error) {
	defer Catch(context.Background(), log, &err)
	if value != nil {
		panic(value)
	}
	return io.EOF
}

func TestCatch(t *testing.T) {
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if err := fails(log, nil); err != io.EOF || text.Len() > 0 {
		t.Errorf("without a panic: %v, %q", err, &text)
	}
	var caught *Error
	if err := fails(log, io.ErrNoProgress); !errors.As(err, &caught) || !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("%v is not the panic", err)
	}
	for name, stack := range map[string]string{"error": string(caught.Stack), "log": text.String()} {
		if !strings.Contains(stack, "panics.fails(") {
			t.Errorf("the stack in the %s does not tell where it was: %s", name, stack)
		}
	}
	if err := fails(slog.New(loud{}), "twice"); !errors.As(err, &caught) || caught.Value != "twice" || errors.Unwrap(err) != nil {
		t.Errorf("with a logger that panics: %v", err)
	}
}

// loud is a logger that panics.
type loud struct{ slog.Handler }

func (loud) Enabled(context.Context, slog.Level) bool { panic("enabled") }
