package secretscan

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Text hands over a text to be searched. Source is for the report.
func Text(source, text string) {
	if text != "" {
		appendTo(tappedFile, []byte("\n"+source+":\n"+text+"\n"))
	}
}

// Value hands over a value in the spellings that programs log values in.
func Value(source string, v any) {
	var b bytes.Buffer
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x"}
	if _, ok := v.(error); !ok {
		verbs = append(verbs, "%d") // which goes through the fields, past String
	}
	for _, verb := range verbs {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	if text, err := json.Marshal(v); err == nil {
		b.Write(append(text, '\n'))
	}
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "value", 0)
	r.AddAttrs(slog.Any("value", v))
	handler{}.write(&b, r)
	Text(source, b.String())
}

// Error hands over an error, with those that it wraps. It returns it, so that it fits where errors pass.
func Error(err error) error {
	if err == nil {
		return nil
	}
	Value(fmt.Sprintf("error %T", err), err)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		_ = Error(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range e.Unwrap() {
			_ = Error(wrapped)
		}
	}
	return err
}

// LogPath is a file for logs that is searched: for the property Logfile. Outside of [Main] it is the null device.
func LogPath() string {
	if dir := os.Getenv(directory); dir != "" {
		return filepath.Join(dir, logFile)
	}
	return os.DevNull
}

// Writer hands over what is written to it.
func Writer() io.Writer { return writer{} }

type writer struct{}

func (writer) Write(p []byte) (int, error) {
	appendTo(tappedFile, p)
	return len(p), nil
}

// Environment is the environment variable, as NAME=value, that a process needs to take part in the run. Those that a test starts
// have it already, unless they are given an environment of their own. It is empty outside of [Main].
func Environment() string {
	if dir := os.Getenv(directory); dir != "" {
		return directory + "=" + dir
	}
	return ""
}

// Handler hands over log records of every level.
func Handler() slog.Handler { return handler{} }

// handler keeps its attributes and groups as wrappers, which the handlers of log/slog understand.
type handler struct {
	wrap func(slog.Handler) slog.Handler
}

func (h handler) Enabled(context.Context, slog.Level) bool { return true }

func (h handler) Handle(_ context.Context, r slog.Record) error {
	var b bytes.Buffer
	h.write(&b, r)
	appendTo(tappedFile, b.Bytes())
	return nil
}

// write spells a record as text and as JSON, because values may have a method for one of them only.
func (h handler) write(w io.Writer, r slog.Record) {
	options := &slog.HandlerOptions{Level: slog.Level(-1000)}
	for _, to := range []slog.Handler{slog.NewTextHandler(w, options), slog.NewJSONHandler(w, options)} {
		if h.wrap != nil {
			to = h.wrap(to)
		}
		_ = to.Handle(context.Background(), r)
	}
}

func (h handler) then(next func(slog.Handler) slog.Handler) slog.Handler {
	first := h.wrap
	return handler{func(to slog.Handler) slog.Handler {
		if first != nil {
			to = first(to)
		}
		return next(to)
	}}
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.then(func(to slog.Handler) slog.Handler { return to.WithAttrs(attrs) })
}

func (h handler) WithGroup(name string) slog.Handler {
	return h.then(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}
