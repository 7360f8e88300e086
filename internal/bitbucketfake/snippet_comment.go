package bitbucketfake

import (
	"strconv"
	"time"
)

// snippetComment is a comment on a snippet.
type snippetComment struct {
	comment
	snippet *snippet
}

// discuss makes thirteen comments on the first snippet and none to three on others, oldest first.
func (s *snippet) discuss(g *rng, i int) {
	n := g.n(4)
	if i == 0 {
		n = 13
	}
	for k := 0; k < n; k++ {
		c := &snippetComment{snippet: s, comment: comment{
			id: 5_000_000 + int64(i)*100 + int64(k), text: pick(g, remarks), user: pick(g, s.ws.members),
			created: s.created.Add(time.Duration(k+1) * 7 * time.Hour).Add(time.Duration(g.n(1_000_000)) * time.Microsecond),
		}}
		c.updated = c.created
		switch {
		case k%5 == 3:
			c.parent = &s.comments[k-1].comment
		case k == 7:
			c.deleted, c.text = true, ""
		case g.chance(30):
			c.updated = c.created.Add(time.Duration(g.n(90_000)) * time.Second)
		}
		s.comments = append(s.comments, c)
	}
}

// commentLinks writes the links of a comment on the snippet.
func (s *snippet) commentLinks(e *encoder, c *comment) {
	id := strconv.FormatInt(c.id, 10)
	if e.open("links") {
		e.link("self", s.api(), "/comments/", id)
		e.link("html", s.html(), "#comment-", id)
		e.close()
	}
}

func (c *snippetComment) encode(e *encoder) {
	e.str("type", "snippet_comment")
	c.comment.encode(e)
	if c.parent != nil && e.open("parent") {
		e.str("type", "snippet_comment")
		e.num("id", c.parent.id)
		c.snippet.commentLinks(e, c.parent)
		e.close()
	}
	c.snippet.commentLinks(e, &c.comment)
	if e.open("snippet") {
		c.snippet.encodeCompact(e)
		e.close()
	}
}

// routeSnippetComments knows sort, which the service's description promises, but no q.
func (rq *request) routeSnippetComments(s *snippet, rest []string) {
	c := s.comments
	(&collection[*snippetComment]{
		kind: "Comment", items: c, encode: (*snippetComment).encode,
		is: (*snippetComment).is,
		fields: fieldSet{
			"created_on": {kind: timeField, sortOnly: true, get: func(i int) value { return instant(c[i].created) }},
			"updated_on": {kind: timeField, sortOnly: true, get: func(i int) value { return instant(c[i].updated) }},
		},
	}).serve(rq, rest)
}
