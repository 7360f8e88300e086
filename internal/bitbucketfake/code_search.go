package bitbucketfake

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
)

// codeQuery is what search_query asks: words that all must occur in a file or its path, and modifiers.
type codeQuery struct {
	words       []string
	repo, ext   string
	dir, lang   string
	substituted bool // characters were left out
}

// parseCodeQuery reads the language of the search page as far as it is of use here. A false ok comes with the key of
// the error.
func parseCodeQuery(s string) (q codeQuery, key string, ok bool) {
	if strings.Count(s, `"`)%2 == 1 {
		return q, "search.api.error.unbalanced-quotes", false
	}
	for _, f := range strings.Fields(strings.ReplaceAll(s, `"`, " ")) {
		name, v, modifier := strings.Cut(f, ":")
		switch {
		case modifier && v == "":
			return q, "search.api.error.empty-modifier", false
		case !modifier:
			word := strings.Map(func(c rune) rune {
				if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("_-.", c) {
					return unicode.ToLower(c)
				}
				q.substituted = true
				return -1
			}, f)
			if word != "" {
				q.words = append(q.words, word)
			}
		case name == "repo":
			q.repo = v
		case name == "ext":
			q.ext = v
		case name == "path":
			q.dir = strings.Trim(v, "/")
		case name == "lang":
			q.lang = v
		default:
			return q, "search.api.error.unknown-modifier", false
		}
	}
	if len(q.words) == 0 {
		return q, "search.api.error.no-term", false
	}
	return q, "", true
}

// codeMatch is one file that a search found.
type codeMatch struct {
	repo  *repository
	at    int // commit
	path  string
	lines [][]segmented // runs of lines around matches
	count int
	names []segment
}

type segment struct {
	text  string
	match bool
}

type segmented struct {
	line     int
	segments []segment
}

// personal are the repositories of an account itself: those of the caller that belong to no project.
func (s *Server) personal(u *user) (list []*repository) {
	for _, r := range s.ws[0].repos {
		if u == s.users[0] && r.project == nil {
			list = append(list, r)
		}
	}
	return list
}

// searchCode searches the main branches of repositories. The answer is paged, with one member that no other list has.
func (rq *request) searchCode(repos []*repository) {
	rq.scope = "repository"
	text := rq.query.Get("search_query")
	if strings.TrimSpace(text) == "" {
		rq.fail(http.StatusBadRequest, "Missing required parameter: search_query")
		return
	}
	q, key, ok := parseCodeQuery(text)
	if !ok {
		rq.failKey("Invalid search query", key)
		return
	}
	var found []*codeMatch
	for _, r := range repos {
		if q.repo != "" && !strings.EqualFold(q.repo, r.slug) || q.lang != "" && !strings.EqualFold(q.lang, r.language) {
			continue
		}
		found = append(found, q.search(r)...)
	}
	rq.reply(&list{
		n: len(found), max: 100, def: 10, item: func(e *encoder, i int) { found[i].encode(e) },
		extra: func(e *encoder) { e.boolean("query_substituted", q.substituted) },
	})
}

// failKey is a 400 with the key of the error in its data.
func (rq *request) failKey(message, key string) {
	rq.status, rq.plain = http.StatusBadRequest, true
	e := &rq.enc
	e.reset(everything)
	e.begin()
	e.str("type", "error")
	if e.open("error") {
		e.str("message", message)
		if e.open("data") {
			e.str("key", key)
			e.close()
		}
		e.close()
	}
	e.end()
}

func (q codeQuery) search(r *repository) (found []*codeMatch) {
	r.load()
	tip := r.mainTip()
	if tip < 0 {
		return nil
	}
	for _, f := range r.tree(tip).files {
		if f.has("binary") || f.has("subrepository") ||
			q.ext != "" && path.Ext(f.path) != "."+q.ext || q.dir != "" && !strings.HasPrefix(f.path, q.dir+"/") && f.path != q.dir {
			continue
		}
		text := r.textOf(f)
		low := strings.ToLower(text + "\n" + f.path)
		if slices.ContainsFunc(q.words, func(w string) bool { return !strings.Contains(low, w) }) {
			continue
		}
		m := &codeMatch{repo: r, at: tip, path: f.path, names: q.mark(f.path)}
		m.read(q, strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
		found = append(found, m)
	}
	return found
}

// maxRuns is how many places of a file an answer shows; content_match_count counts them all.
const maxRuns = 3

// read finds the matching lines, each shown with the line before and after it.
func (m *codeMatch) read(q codeQuery, lines []string) {
	last := -1
	for i, line := range lines {
		marked := q.mark(line)
		hits := 0
		for _, s := range marked {
			if s.match {
				hits++
			}
		}
		if hits == 0 {
			continue
		}
		m.count += hits
		if i <= last || len(m.lines) == maxRuns {
			continue
		}
		var run []segmented
		for k := max(i-1, last+1); k <= i+1 && k < len(lines); k++ {
			s := q.mark(lines[k])
			if k != i {
				s = []segment{{text: lines[k]}}
			}
			if lines[k] == "" {
				s = nil
			}
			run = append(run, segmented{k + 1, s})
			last = k
		}
		m.lines = append(m.lines, run)
	}
}

// mark cuts a text at the places where the words of the query are. Folding that changes lengths hides a match.
func (q codeQuery) mark(s string) (out []segment) {
	low := strings.ToLower(s)
	if len(low) != len(s) {
		return []segment{{text: s}}
	}
	for s != "" {
		first, length := -1, 0
		for _, w := range q.words {
			if i := strings.Index(low, w); i >= 0 && (first < 0 || i < first || i == first && len(w) > length) {
				first, length = i, len(w)
			}
		}
		if first < 0 {
			return append(out, segment{text: s})
		}
		if first > 0 {
			out = append(out, segment{text: s[:first]})
		}
		out = append(out, segment{s[first : first+length], true})
		s, low = s[first+length:], low[first+length:]
	}
	return out
}

// encodeSegments writes match only where it is true.
func encodeSegments(e *encoder, k string, list []segment) {
	if !e.openList(k) {
		return
	}
	for _, s := range list {
		e.begin()
		e.str("text", s.text)
		if s.match {
			e.boolean("match", true)
		}
		e.end()
	}
	e.closeList()
}

func (m *codeMatch) encode(e *encoder) {
	e.str("type", "code_search_result")
	e.num("content_match_count", int64(m.count))
	if e.openList("content_matches") {
		for _, run := range m.lines {
			e.begin()
			if e.openList("lines") {
				for _, l := range run {
					e.begin()
					e.num("line", int64(l.line))
					encodeSegments(e, "segments", l.segments)
					e.end()
				}
				e.closeList()
			}
			e.end()
		}
		e.closeList()
	}
	names := m.names
	if len(names) == 1 && !names[0].match {
		names = nil
	}
	encodeSegments(e, "path_matches", names)
	if e.open("file") {
		e.str("path", m.path)
		e.str("type", "commit_file")
		if e.open("links") {
			e.link("self", m.repo.api, "/src/", m.repo.hash(m.at), "/", escapePath(m.path))
			e.close()
		}
		if e.enter("commit", true, '{') { // only when asked for
			m.repo.encodeCommit(e, m.at, true, false)
			e.close()
		}
		e.close()
	}
}
