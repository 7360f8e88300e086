package bitbucketfake

import (
	"strings"
	"time"
)

// snippet is a small repository of files that somebody shows to others.
type snippet struct {
	ws       *workspace
	id       string // a short word; capitals count
	title    string
	private  bool
	creator  *user
	created  time.Time
	revs     []*snippetRev // oldest first
	files    []*snippetFile
	comments []*snippetComment
	watchers []*user
}

const snippetCount = 14

const snippetDigits = "bcdfghjkmnpqrstvwxyzBCDFGHJKMNPQRSTVWXYZ23456789"

// snippets makes those of the sample workspace; another has none.
func (rq *request) snippets(w *workspace) (list []*snippet) {
	base := salt(rq.s.config.Seed, "snippet/"+w.slug)
	for i := 0; i < rq.inSample(w, snippetCount); i++ {
		g := at(base, i)
		s := &snippet{
			ws: w, private: i%3 != 1, creator: w.members[(i*i)%len(w.members)],
			title:   pick(g, []string{"", "Regex for \"quoted\" CSV", "100% CPU: how to find it", "Ausnahmen für die Überwachung", "snake_case", "一行命令", "Dockerfile"}),
			created: dataStart.AddDate(0, 2*i, g.n(25)).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}
		switch i {
		case 3:
			s.id = "0042" // like a number, which it is not
		case 4:
			s.id = strings.ToUpper(list[2].id) // differs from another in case only
		case 5:
			s.creator = rq.s.gone
		}
		for k := 0; s.id == "" || len(s.id) < 5 && i != 3; k++ {
			s.id += string(snippetDigits[g.n(len(snippetDigits))])
		}
		if i == 2 {
			s.id = strings.ToLower(s.id[:4]) + "x" // has a lower case, see above
		}
		s.write(g, i)
		s.discuss(g, i)
		for k := 0; k < []int{12, 0, 3, 1}[i%4] && (i == 0 || k < 3); k++ {
			s.watchers = append(s.watchers, w.members[(i+k)%len(w.members)])
		}
		list = append(list, s)
	}
	return list
}

func (s *snippet) updated() time.Time { return s.head().date.Add(123_456 * time.Microsecond) }

func (s *snippet) head() *snippetRev { return s.revs[len(s.revs)-1] }

func (s *snippet) api() string { return apiRoot + "/snippets/" + s.ws.slug + "/" + s.id }

func (s *snippet) html() string {
	return "https://bitbucket.org/" + s.ws.slug + "/workspace/snippets/" + s.id
}

// encodeCompact writes the snippet as it appears inside other objects.
func (s *snippet) encodeCompact(e *encoder) {
	e.str("type", "snippet")
	e.str("id", s.id)
	e.str("title", s.title)
	if e.open("links") {
		e.link("self", s.api())
		e.link("html", s.html())
		e.close()
	}
}

// encode writes the snippet as lists do.
func (s *snippet) encode(e *encoder) {
	e.str("type", "snippet")
	e.str("id", s.id)
	e.str("title", s.title)
	e.str("scm", "git")
	e.micro("created_on", s.created)
	e.micro("updated_on", s.updated())
	if e.open("owner") {
		s.ws.encodeTeam(e)
		e.close()
	}
	e.user("creator", s.creator)
	e.boolean("is_private", s.private)
	if e.open("links") {
		e.link("self", s.api())
		e.link("html", s.html())
		for _, part := range []string{"comments", "watchers", "commits"} {
			e.link(part, s.api(), "/", part)
		}
		e.close()
	}
}

// encodeAt writes the snippet alone, with the files as of a revision. The rest of it has no revisions.
func (s *snippet) encodeAt(e *encoder, rev *snippetRev) {
	s.encode(e)
	if !e.open("files") {
		return
	}
	for _, f := range s.files {
		if f.since > rev.index || !e.open(f.name) {
			continue
		}
		if e.open("links") {
			e.link("self", s.api(), "/files/", rev.hash, "/", escapePath(f.name))
			e.link("html", s.html(), "#file-", escapePath(f.name))
			e.close()
		}
		e.close()
	}
	e.close()
}
