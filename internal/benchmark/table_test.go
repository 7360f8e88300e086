package benchmark

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// results are what the benchmarks of this run measured, for the tables that they end with.
type results struct {
	comparisons []comparison
	singles     [][3]string // what, figure, bound
	growth      []spent
}

var measured results

// The benchmark function is called with growing b.N; the last call counts.

func (r *results) compared(c comparison) {
	for i := range r.comparisons {
		if r.comparisons[i].question.name == c.question.name {
			r.comparisons[i] = c
			return
		}
	}
	r.comparisons = append(r.comparisons, c)
}

func (r *results) single(what, figure, bound string) {
	for i := range r.singles {
		if r.singles[i][0] == what {
			r.singles[i][1] = figure
			return
		}
	}
	r.singles = append(r.singles, [3]string{what, figure, bound})
}

func (r *results) grown(s spent) {
	for i := range r.growth {
		if r.growth[i].Rows == s.Rows {
			r.growth[i] = s
			return
		}
	}
	r.growth = append(r.growth, s)
}

// page is where the tables are kept.
const page = "../../docs/performance.md"

// The tables replace what is between these lines of the page.
const (
	start  = "<!-- measured: by go test ./internal/benchmark -run '^$' -bench . -report -->\n"
	finish = "<!-- end of measured -->\n"
)

// show prints the tables, if there is something to show, and writes them into the page.
func (r *results) show(w io.Writer, write bool) error {
	text := r.text()
	if text == "" {
		return nil
	}
	if _, err := io.WriteString(w, "\n"+text); err != nil || !write {
		return err
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(old, []byte(start))
	_, after, closed := bytes.Cut(rest, []byte(finish))
	if !found || !closed {
		return fmt.Errorf("%s lacks the lines between which the tables stand", page)
	}
	return os.WriteFile(page, []byte(string(before)+start+text+finish+string(after)), 0o644)
}

func (r *results) text() string {
	var b strings.Builder
	if len(r.comparisons)+len(r.singles)+len(r.growth) > 0 {
		fmt.Fprintf(&b, "Measured on %s with %d processors (%s/%s, %s).\n", time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	}
	if len(r.comparisons) > 0 {
		b.WriteString("\n| question | time | loop's time | ratio | wanted | requests | loop's | KiB | loop's | peak MiB | loop's |\n" +
			"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	}
	for i := range r.comparisons {
		c := &r.comparisons[i]
		wanted := "–"
		if c.question.ratio > 0 {
			wanted = fmt.Sprintf("≤ %.2f", c.question.ratio)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f | %s | %d | %d | %s | %s | %d | %d |\n", c.question.name,
			milliseconds(c.driver.median()), milliseconds(c.loop.median()), c.ratio(), wanted, c.driver.traffic.Requests, c.loop.traffic.Requests,
			kibibytes(c.driver.traffic.Bytes), kibibytes(c.loop.traffic.Bytes), c.driver.peak>>20, c.loop.peak>>20)
	}
	if len(r.singles) > 0 {
		b.WriteString("\n| what | measured | wanted |\n|---|---|---|\n")
	}
	for _, s := range r.singles {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s[0], s[1], s[2])
	}
	if len(r.growth) > 0 {
		b.WriteString("\n| rows streamed | time | µs a row | processor µs a row | peak MiB |\n|--:|--:|--:|--:|--:|\n")
	}
	for _, s := range r.growth {
		fmt.Fprintf(&b, "| %s | %.2f s | %.0f | %.1f | %d |\n", thousands(s.Rows), s.Elapsed.Seconds(),
			float64(s.Elapsed.Microseconds())/float64(s.Rows), float64(s.CPU.Microseconds())/float64(s.Rows), s.Peak>>20)
	}
	return b.String()
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d)/1e6) }

func kibibytes(n int64) string {
	if n < 1<<10 {
		return "< 1"
	}
	return thousands(int(n >> 10))
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
