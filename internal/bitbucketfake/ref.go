package bitbucketfake

import (
	"fmt"
	"net/url"
	"sort"
	"time"
)

var mergeStrategies = []string{"merge_commit", "squash", "fast_forward", "squash_fast_forward", "rebase_fast_forward", "rebase_merge"}

// ref is a branch or a tag.
type ref struct {
	name    string
	tag     bool
	target  int
	message string // annotated tags only
	date    time.Time
	tagger  *user
}

// loadRefs makes branches and tags, both in the lexical order of git.
func (r *repository) loadRefs() {
	r.load()
	r.refsOnce.Do(func() {
		if r.mainTip() < 0 {
			return
		}
		add := func(name string, target int) { r.branches = append(r.branches, &ref{name: name, target: target}) }
		add(r.mainbranch, r.mainTip())
		add("develop", r.mainBefore(dataEnd.AddDate(0, 0, -9)))
		for k := 1; k <= 12; k += 1 + r.index%3 {
			add(fmt.Sprintf("release/2.%d", k), r.mainBefore(dataStart.AddDate(0, 2*k, 3)))
		}
		for _, l := range r.lines {
			add(l.branch, l.first+l.length-1)
		}
		base := salt(r.seed, "tag/"+r.slug)
		for k := 0; k < 3+r.commits/25 && k < 60; k++ {
			g := at(base, k)
			t := &ref{name: fmt.Sprintf("v%d.%d.0", k/12, k%12), tag: true, target: r.mainBefore(dataStart.AddDate(0, 0, 17*(k+1)))}
			switch {
			case g.chance(35): // lightweight
			default:
				t.message = "Release " + t.name[1:] + "\n"
				t.date = r.commit(t.target).date.Add(time.Duration(30+g.n(7200)) * time.Second)
				t.tagger = pick(g, r.team)
			}
			if k == 4 {
				t.name = "special-;&#=@|.,/täg"
			}
			r.tags = append(r.tags, t)
		}
		for _, l := range [][]*ref{r.branches, r.tags} {
			sort.Slice(l, func(a, b int) bool { return l[a].name < l[b].name })
		}
	})
}

// refIndex gives the commit that a branch, a tag or a hash names, -1 when there is none.
func (r *repository) refIndex(name string) int {
	r.loadRefs()
	for _, l := range [][]*ref{r.branches, r.tags} {
		for _, x := range l {
			if x.name == name {
				return x.target
			}
		}
	}
	if name == "HEAD" {
		return r.mainTip()
	}
	return r.find(name)
}

func (r *repository) encodeRef(e *encoder, x *ref) {
	e.str("name", x.name)
	kind, page := "branches", "/branch/"
	if x.tag {
		kind, page = "tags", "/commits/tag/"
	}
	path := (&url.URL{Path: x.name}).EscapedPath()
	if e.open("links") {
		e.link("self", r.api, "/refs/", kind, "/", path)
		e.link("commits", r.api, "/commits/", path)
		e.link("html", r.html, page, path)
		e.close()
	}
	if x.tag {
		e.str("type", "tag")
		e.strOrNull("message", x.message)
		if x.tagger == nil {
			e.null("date")
			e.null("tagger")
		} else {
			e.stamp("date", stampWhole, x.date)
			r.encodeAuthor(e, "tagger", x.tagger, x.tagger.name+" <"+x.tagger.email+">")
		}
	} else {
		e.str("type", "branch")
		if e.openList("merge_strategies") {
			for _, m := range mergeStrategies[:3] {
				e.comma()
				e.b = appendString(e.b, m)
			}
			e.closeList()
		}
		e.str("default_merge_strategy", mergeStrategies[0])
		if e.openList("sync_strategies") {
			for _, m := range []string{"merge_commit", "rebase"} {
				e.comma()
				e.b = appendString(e.b, m)
			}
			e.closeList()
		}
	}
	if e.open("target") {
		r.encodeCommit(e, x.target, true, false)
		e.close()
	}
}
