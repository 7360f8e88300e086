package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/valyala/fastjson"
)

func TestUnicode(t *testing.T) {
	for text, want := range map[string]string{
		`plain`: "plain", `\u00e9\u0000`: "é\x00", `\ud83d\ude80`: "🚀", `\uD83D\uDE80!`: "🚀!",
		`a\ud800b`: "a\ufffdb", `\udc00`: "\ufffd", `\ude80\ud83d`: "\ufffd\ufffd", `\ud83d\ud83d\ude80`: "\ufffd🚀", `\ud83d\n`: "\ufffd\n",
		`\\ud800`: `\ud800`, `\\\ud800`: `\` + "\ufffd", "a\xff\xfeb": "a\ufffdb", "\xc3\xa9\xed\xa0\x80": "é\ufffd", `\"\ud800\"`: "\"\ufffd\"",
	} {
		c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) { return reply(200, `{"a":"`+text+`"}`), nil })})
		got, err := Get(t.Context(), c, Request{Path: "/x"}, func(root *fastjson.Value) (string, error) { return string(root.GetStringBytes("a")), nil })
		if err != nil || got != want {
			t.Errorf("%q: %q, want %q, %v", text, got, want, err)
		}
	}
}

// FuzzUnicode compares with the standard library, which makes replacement characters of the same things, but one for each byte.
func FuzzUnicode(f *testing.F) {
	for _, text := range []string{`\ud83d\ude80`, `\ud800`, `\\ud800\`, `\u`, `\ud8`, `\ud800\u`, `\ud800\ud`, `\ud800\"\udc00`, "\xff"} {
		f.Add(`{"a":"` + text + `"}`)
	}
	f.Fuzz(func(t *testing.T, text string) {
		valid := json.Valid([]byte(text))
		got := unicodeOf([]byte(text))
		if valid != json.Valid(got) {
			t.Fatalf("%q is valid: %v, and %q is not", text, valid, got)
		}
		if again := unicodeOf([]byte(string(got))); string(again) != string(got) {
			t.Fatalf("%q becomes %q and then %q", text, got, again)
		}
		var want, is any
		if json.Unmarshal([]byte(text), &want) != nil || len(got) != len(text) {
			return
		}
		if err := json.Unmarshal(got, &is); err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(is)
		if string(a) != string(b) {
			t.Fatalf("%q becomes %s, want %s", text, b, a)
		}
	})
}
