package bitbucketfake

import (
	"net/http"
	"strings"
)

// revspec is what /diff, /diffstat, /patch, /merge-base and /file-conflicts are about: one commit, or two, of which the
// first holds the changes and the second is what it is compared to (git diff has it the other way round).
type revspec struct {
	source int
	dest   int // -1: the spec is one commit
}

// revspec reads "commit", "source..dest", or, as links in pull requests have it, "ws/slug:source\rdest". It answers
// 404 itself. A range of a fork's commits that the repository does not have is 404 too, as in the service.
func (rq *request) revspec(r *repository, seg []string) (revspec, bool) {
	text := strings.Join(seg, "/")
	if i := strings.LastIndexByte(text, ':'); i > 0 && strings.Contains(text[:i], "/") {
		text = text[i+1:]
	}
	one, two, both := strings.Cut(text, "..")
	if !both {
		one, two, both = strings.Cut(text, "\r")
	}
	if text == "" {
		rq.noAPI()
		return revspec{}, false
	}
	x := revspec{source: r.refIndex(one), dest: -1}
	if x.source < 0 {
		rq.commitNotFound(one)
		return x, false
	}
	if both {
		if x.dest = r.refIndex(two); x.dest < 0 {
			rq.commitNotFound(two)
			return x, false
		}
	}
	return x, true
}

// sides are the trees to compare and the commit that the old one belongs to. Without topic=false or merge=false two
// commits are compared from their merge base on.
func (rq *request) sides(r *repository, x revspec) (old, to *tree, base int, ok bool) {
	flag := map[string]bool{}
	for _, name := range []string{"topic", "merge", "renames", "ignore_whitespace", "binary"} {
		switch v := strings.ToLower(rq.query.Get(name)); v {
		case "true", "1", "":
			flag[name] = true
		case "false", "0":
		default:
			return nil, nil, 0, rq.fail(http.StatusBadRequest, "Invalid value for "+name+": "+v)
		}
	}
	if rq.query.Get("topic") != "" && rq.query.Get("merge") != "" {
		return nil, nil, 0, rq.fail(http.StatusBadRequest, "The topic and merge parameters cannot be used together")
	}
	base = x.dest
	switch {
	case x.dest < 0:
		up := r.parents(x.source, nil)
		if len(up) == 0 {
			return nil, r.tree(x.source), x.source, true
		}
		base = up[0]
	case flag["topic"] && flag["merge"]:
		base = r.mergeBase(x.source, x.dest)
	}
	return r.tree(base), r.tree(x.source), base, true
}

// deltas compares the sides of a spec and keeps the paths asked for.
func (rq *request) deltas(r *repository, x revspec) (d []delta, base int, ok bool) {
	old, to, base, ok := rq.sides(r, x)
	if !ok {
		return nil, 0, false
	}
	d = compare(old, to, !strings.EqualFold(rq.query.Get("renames"), "false"))
	want := rq.query["path"]
	if len(want) == 0 {
		return d, base, true
	}
	kept := d[:0]
	for _, x := range d {
		for _, p := range want {
			if under(x.new, p) || under(x.old, p) {
				kept = append(kept, x)
				break
			}
		}
	}
	return kept, base, true
}

// under says whether a file is at a path or below it.
func under(f *file, path string) bool {
	path = strings.Trim(path, "/")
	return f != nil && (f.path == path || path == "" || strings.HasPrefix(f.path, path+"/"))
}
