package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/valyala/fastjson"
)

// maxBody bounds an answer, in bytes after decompression. The longest page seen is some megabytes.
const maxBody = 64 << 20

// keepBuffer bounds the buffers that are kept for the next answer.
const keepBuffer = 4 << 20

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	parsers fastjson.ParserPool
)

func putBuffer(b *bytes.Buffer) {
	if b.Cap() <= keepBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

var (
	errTooLarge = errors.New("body is too large")
	// errCut marks a body that ended too early: worth a retry.
	errCut = errors.New("the answer was cut short")
)

func readBody(dst *bytes.Buffer, r io.Reader, limit int64) error {
	n, err := dst.ReadFrom(io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		return errTooLarge
	}
	return err
}

// form is what an answer is asked to be.
type form struct {
	accept string
	read   func(path string, resp *http.Response, body []byte) (*answer, error)
}

var (
	jsonForm = form{"application/json", parse}
	// Bitbucket answers 406 to some raw documents that are asked for by a narrower type.
	rawForm = form{"*/*", func(_ string, resp *http.Response, body []byte) (*answer, error) {
		return &answer{raw: bytes.Clone(body), resp: resp, size: len(body)}, nil
	}}
)

// answer is an answer: a parsed one, whose root lives until free, or the bytes of a raw one.
type answer struct {
	body   *bytes.Buffer // what it was read from, in a flight
	raw    []byte
	root   *fastjson.Value
	parser *fastjson.Parser
	resp   *http.Response
	size   int
}

func (a *answer) free() {
	if a.parser != nil && a.size <= keepBuffer {
		parsers.Put(a.parser)
	}
}

// content makes an error about the answer as a whole.
func (a *answer) content(path, reason string) error {
	return &ContentError{
		Path: path, Status: a.resp.StatusCode, ContentType: contentType(a.resp), Size: a.size, Reason: reason,
	}
}

// fit makes an Unfit an error about the answer.
func (a *answer) fit(path string, err error) error {
	if unfit, ok := errors.AsType[Unfit](err); ok {
		return a.content(path, string(unfit))
	}
	return err
}

// parse reads a successful answer, which must be a JSON object or array, and no error of Bitbucket.
func parse(path string, resp *http.Response, body []byte) (*answer, error) {
	a := &answer{resp: resp, size: len(body)}
	body = unicodeOf(body)
	if first := firstByte(body); first != '{' && first != '[' || isHTML(resp.Header) {
		return nil, a.content(path, "is not JSON")
	}
	a.parser = parsers.Get()
	root, err := a.parser.ParseBytes(body)
	if err == nil {
		err = fastjson.ValidateBytes(body) // The parser takes NaN for a number and leaves broken escapes as they are.
	}
	switch {
	case err == nil && root.Exists("error") && string(root.GetStringBytes("type")) == "error":
		a.free()
		return nil, a.content(path, "is an error in the guise of a success")
	case err == nil:
		a.root = root
		return a, nil
	}
	a.free()
	if truncated(body) {
		return nil, errCut
	}
	return nil, a.content(path, "is broken JSON")
}

// truncated tells JSON that ends too early from JSON that is wrong.
func truncated(body []byte) bool {
	var value json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(body)).Decode(&value), io.ErrUnexpectedEOF)
}

func contentType(resp *http.Response) string {
	return words([]byte(resp.Header.Get("Content-Type")), strings.Clone)
}
