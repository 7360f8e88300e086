package bitbucketfake

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// A repository's commits are numbered 0 (oldest) … n-1 (newest) and computed from their number. First comes the main
// line, in blocks of five: one direct commit (0), two on a side branch (1, 2), one more direct commit (3) and the merge
// of the side branch (4). After it come the lines of branches that are not merged.
const blockLen = 5

type history struct {
	commits  int // all
	mainPart int // those in blocks
	lines    []line
	log      []int32 // all of them, newest first
	salt     uint64
	merged   map[int]*pullRequest // by block
}

// line is an unmerged branch: commits first … first+length-1 on top of a commit of the main line.
type line struct {
	branch        string
	first, length int
	base          int
	until         time.Time
	author        *user
}

// commit is one commit, computed when needed.
type commit struct {
	index   int
	hash    string
	date    time.Time
	author  *user // nil: the address belongs to no account
	raw     string
	message string
	parents []int
}

// Invertible mixing of 48 bits, so that the first twelve digits of a hash give the number back.
const (
	mask48 = 1<<48 - 1
	mulA   = 0x5deece66d
	mulB   = 0x9e3779b97f4b
)

func inverse48(a uint64) uint64 {
	x := a // correct to three bits; each Newton step doubles them
	for i := 0; i < 5; i++ {
		x *= 2 - a*x
	}
	return x & mask48
}

var invA, invB = inverse48(mulA), inverse48(mulB)

func (h *history) hash(i int) string {
	x := (uint64(i) + h.salt) & mask48
	x = x * mulA & mask48
	x ^= x >> 24
	x = x * mulB & mask48
	x ^= x >> 24
	tail := mix64(x ^ h.salt)
	return fmt.Sprintf("%012x%016x%012x", x, tail, mix64(tail)&mask48)
}

// find gives the number of the commit with a hash or a prefix of at least seven digits, -1 when there is none.
func (h *history) find(hash string) int {
	if len(hash) < 7 || len(hash) > 40 || strings.Trim(hash, hexDigits) != "" {
		return -1
	}
	if len(hash) < 12 {
		for i := 0; i < h.commits; i++ {
			if strings.HasPrefix(h.hash(i), hash) {
				return i
			}
		}
		return -1
	}
	var x uint64
	for _, c := range []byte(hash[:12]) {
		x = x<<4 | uint64(strings.IndexByte(hexDigits, c))
	}
	x ^= x >> 24
	x = x * invB & mask48
	x ^= x >> 24
	x = x * invA & mask48
	i := (x - h.salt) & mask48
	if i >= uint64(h.commits) || !strings.HasPrefix(h.hash(int(i)), hash) {
		return -1
	}
	return int(i)
}

// mainDate is when a commit of the main part was made: evenly over the time, a little off.
func (h *history) mainDate(i int) time.Time {
	step := dataEnd.Sub(dataStart) / time.Duration(h.mainPart+1)
	off := time.Duration(mix64(h.salt^uint64(i)) % uint64(step*3/4+1))
	return dataStart.Add(step*time.Duration(i) + off).Truncate(time.Second)
}

// mainBefore is the newest commit of the main line itself before an instant.
func (h *history) mainBefore(t time.Time) int {
	i := sort.Search(h.mainPart, func(i int) bool { return !h.mainDate(i).Before(t) }) - 1
	for i > 0 && (i%blockLen == 1 || i%blockLen == 2) {
		i--
	}
	return max(i, 0)
}

// mainTip is the newest commit of the main branch, -1 in an empty repository.
func (h *history) mainTip() int {
	for i := h.mainPart - 1; i >= 0; i-- {
		if p := i % blockLen; p != 1 && p != 2 {
			return i
		}
	}
	return -1
}

// arrange works out the order of the log, which is by date, a commit always before its parents.
func (h *history) arrange() {
	h.log = make([]int32, 0, h.commits)
	extra := make([]int32, 0, h.commits-h.mainPart)
	for i := h.mainPart; i < h.commits; i++ {
		extra = append(extra, int32(i))
	}
	sort.SliceStable(extra, func(a, b int) bool { return h.lineDate(int(extra[a])).After(h.lineDate(int(extra[b]))) })
	for i := h.mainPart - 1; i >= 0; i-- {
		date := h.mainDate(i)
		for len(extra) > 0 && h.lineDate(int(extra[0])).After(date) {
			h.log = append(h.log, extra[0])
			extra = extra[1:]
		}
		h.log = append(h.log, int32(i))
	}
	h.log = append(h.log, extra...)
}

// lineDate is when a commit of an unmerged line was made.
func (h *history) lineDate(i int) time.Time {
	l := h.line(i)
	return l.until.Add(-time.Duration(l.length-(i-l.first)) * 41 * time.Minute).Truncate(time.Second)
}

func (h *history) line(i int) *line {
	k := sort.Search(len(h.lines), func(k int) bool { return h.lines[k].first > i }) - 1
	return &h.lines[k]
}

func (h *history) parents(i int, into []int) []int {
	if i >= h.mainPart {
		l := h.line(i)
		if i == l.first {
			return append(into, l.base)
		}
		return append(into, i-1)
	}
	switch i % blockLen {
	case 0:
		if i == 0 {
			return into
		}
		return append(into, i-1)
	case 3:
		return append(into, i-3)
	case 4:
		return append(into, i-1, i-2)
	}
	return append(into, i-1)
}

// subjects of commits; some begin alike in different case, some hold LIKE's wildcards.
var subjects = []string{
	"Fix flaky test", "fix typo", "Add retry with jitter", "Rename snake_case column", "Bump dependencies to 100% green",
	"Handle null merge_commit", "Extract client", "Remove dead code", "Überarbeitung der Konfiguration", "修复登录问题",
	"Quote \"names\" in C:\\temp\\paths", "Speed up the query planner", "docs: explain the cache", "WIP", "Revert \"Add retry with jitter\"",
}

func (r *repository) commit(i int) commit {
	g := at(r.history.salt, i)
	c := commit{index: i, hash: r.hash(i), parents: r.parents(i, nil)}
	c.author = r.team[g.n(len(r.team))]
	c.message = pick(g, subjects)
	switch {
	case i >= r.mainPart:
		c.date = r.lineDate(i)
		c.author = r.line(i).author
	default:
		c.date = r.mainDate(i)
		if i%35 == 11 {
			c.date = c.date.AddDate(0, 0, -9) // rebased: an old date in a young place, so the order is not that of dates
		}
		pr := r.merged[i/blockLen]
		switch {
		case pr == nil:
		case i%blockLen == 4:
			c.author = pr.closedBy
			c.message = fmt.Sprintf("Merged in %s (pull request #%d)\n\n%s\n", pr.sourceBranch, pr.id, pr.title)
			if approver := pr.approver(); approver != nil {
				c.message += "\nApproved-by: " + approver.name + "\n"
			}
		case i%blockLen != 0 && i%blockLen != 3:
			c.author = pr.author
		}
	}
	if i%blockLen != 4 {
		switch g.n(5) {
		case 0:
			c.message += "\n\n* part one\n* part two\n"
		case 1:
			c.message += "\n"
		}
	}
	switch g.n(40) {
	case 0:
		c.author, c.raw = nil, "root <root@build-7.internal>"
	case 1:
		c.author, c.raw = nil, "Contractor \"X\" <x@contractor.example>"
	case 2:
		c.author = r.bot
	}
	if c.author == nil && c.raw == "" {
		c.raw = "Former colleague <former@acme.example>"
	}
	if c.author != nil {
		email := c.author.email
		if email == "" {
			email = "a68zt2nu4xpbg903w8cd6di7rk2px9@bots.bitbucket.org"
		}
		c.raw = c.author.name + " <" + email + ">"
	}
	return c
}

func (r *repository) encodeAuthor(e *encoder, k string, u *user, raw string) {
	if !e.open(k) {
		return
	}
	e.str("type", "author")
	e.str("raw", raw)
	if u != nil && !u.deleted {
		e.user("user", u)
	}
	e.close()
}

// encodeCommit writes a commit. In references it lacks the summary and the HTML; the single commit has participants.
func (r *repository) encodeCommit(e *encoder, i int, inRef, single bool) {
	c := r.commit(i)
	e.str("type", "commit")
	e.str("hash", c.hash)
	e.stamp("date", stampWhole, c.date)
	r.encodeAuthor(e, "author", c.author, c.raw)
	// The service often leaves the committer out.
	if !inRef && i%3 == 0 {
		committer, raw := c.author, c.raw
		if c.index%blockLen == 4 && c.index < r.mainPart {
			committer, raw = nil, "Bitbucket Cloud <noreply@bitbucket.org>"
		}
		if e.open("committer") {
			e.str("type", "committer")
			e.str("raw", raw)
			if committer != nil && !committer.deleted {
				e.user("user", committer)
			}
			e.close()
		}
	}
	e.str("message", c.message)
	if !inRef {
		e.rendered("summary", c.message)
	}
	if e.open("links") {
		e.link("self", r.api, "/commit/", c.hash)
		e.link("html", r.html, "/commits/", c.hash)
		e.link("diff", r.api, "/diff/", c.hash)
		e.link("approve", r.api, "/commit/", c.hash, "/approve")
		e.link("comments", r.api, "/commit/", c.hash, "/comments")
		e.link("statuses", r.api, "/commit/", c.hash, "/statuses")
		e.link("patch", r.api, "/patch/", c.hash)
		e.close()
	}
	if e.openList("parents") {
		for _, p := range c.parents {
			e.begin()
			r.encodeCommitLink(e, r.hash(p))
			e.end()
		}
		e.closeList()
	}
	if !inRef {
		if e.open("rendered") {
			e.rendered("message", c.message)
			e.close()
		}
	}
	e.repository("repository", r)
	if single && e.openList("participants") {
		if g := at(r.history.salt^7, i); g.chance(25) {
			e.begin()
			participant{user: pick(g, r.team), role: "PARTICIPANT", state: "approved", on: c.date.Add(3*time.Hour + 123456*time.Microsecond)}.encode(e)
			e.end()
		}
		e.closeList()
	}
}

// encodeCommitLink writes the reference to a commit that pull requests and parents hold.
func (r *repository) encodeCommitLink(e *encoder, hash string) {
	e.str("type", "commit")
	e.str("hash", hash)
	if e.open("links") {
		e.link("self", r.api, "/commit/", hash)
		e.link("html", r.html, "/commits/", hash)
		e.close()
	}
}
