package api

import (
	"bytes"
	ordered "container/list"
	"hash/maphash"
	"net/http"
	"net/url"
	"sync"
)

// The bounds of what is kept for an account, in bytes, and of a single document.
const (
	keepDocuments = 16 << 20
	keepDocument  = 1 << 20
	// documentOverhead is what a kept document takes beside its address and its body, roughly.
	documentOverhead = 300
)

// seenDocuments is how many addresses are remembered as asked for once.
const seenDocuments = 1 << 14

// documents keeps answers to which Bitbucket gave an entity tag, least recently used ones go first. They are never used without
// asking: a request names the tag, and an answer 304 says that the kept body is what Bitbucket would send now (RFC 9110, 13.1.2).
// That saves the transfer and not the request.
//
// Nothing is kept before it is asked for a second time, so that a long scan neither copies its pages nor drives out what is read
// again and again.
type documents struct {
	mu     sync.Mutex
	byKey  map[string]*ordered.Element // of *document
	recent ordered.List
	bytes  int
	seen   []uint64 // hashes of addresses, one at each place
	seed   maphash.Seed
}

// document is a kept answer; it is never changed.
type document struct {
	key, tag, contentType string
	disposition           string
	body                  []byte
}

// documentKey tells apart what differs in more than its content: the forms in which a document can be asked for.
func documentKey(accept string, u *url.URL) string { return accept + " " + u.String() }

func (d *document) size() int { return documentOverhead + len(d.key) + len(d.tag) + len(d.body) }

// get finds what is kept under a key; nil for nothing.
func (d *documents) get(key string) *document {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byKey[key]
	if e == nil {
		return nil
	}
	d.recent.MoveToFront(e)
	return e.Value.(*document)
}

// put keeps a complete answer, if it may be kept and was asked for before.
func (d *documents) put(key string, resp *http.Response, body *bytes.Buffer) {
	tag := resp.Header.Get("Etag")
	if resp.StatusCode != http.StatusOK || tag == "" || body.Len() > keepDocument {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.byKey[key]; e != nil && e.Value.(*document).tag == tag || e == nil && !d.again(key) {
		return
	}
	d.drop(key)
	kept := &document{
		key: key, tag: tag, contentType: resp.Header.Get("Content-Type"), disposition: resp.Header.Get("Content-Disposition"),
		body: bytes.Clone(body.Bytes()),
	}
	if d.byKey == nil {
		d.byKey = map[string]*ordered.Element{}
	}
	d.byKey[key] = d.recent.PushFront(kept)
	d.bytes += kept.size()
	for d.bytes > keepDocuments {
		d.drop(d.recent.Back().Value.(*document).key)
	}
}

// clear drops everything.
func (d *documents) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.byKey, d.bytes, d.seen = nil, 0, nil
	d.recent.Init()
}

// again reports whether the key was asked for before. It is called with mu locked.
func (d *documents) again(key string) bool {
	if d.seen == nil {
		d.seen, d.seed = make([]uint64, seenDocuments), maphash.MakeSeed()
	}
	h := maphash.String(d.seed, key)
	place := &d.seen[h%seenDocuments]
	again := *place == h
	*place = h
	return again
}

// drop is called with mu locked.
func (d *documents) drop(key string) {
	if e := d.byKey[key]; e != nil {
		d.bytes -= e.Value.(*document).size()
		d.recent.Remove(e)
		delete(d.byKey, key)
	}
}

// restore makes the answer 304 to a request with the document's tag the answer that it stands for.
func (d *document) restore(resp *http.Response, body *bytes.Buffer) {
	resp.StatusCode, resp.Status = http.StatusOK, "200 OK"
	resp.Header.Set("Content-Type", d.contentType)
	resp.Header.Set("Content-Disposition", d.disposition)
	body.Reset()
	body.Write(d.body)
}
