package bitbucketfake

import (
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// deepest is the recursion that the service still manages in time.
const deepest = 64

// escapePath escapes a path for a link and keeps its slashes.
func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// routeSource serves /src and /filehistory. A branch with a slash in its name needs %2F here.
func (rq *request) routeSource(r *repository, seg []string) {
	if seg[0] == "src" && len(seg) == 1 {
		rq.redirectRoot(r)
		return
	}
	if len(seg) < 2 || seg[0] == "filehistory" && len(seg) < 3 {
		rq.noAPI()
		return
	}
	i := r.refIndex(seg[1])
	if i < 0 {
		rq.commitNotFound(seg[1])
		return
	}
	where := strings.Trim(strings.Join(seg[2:], "/"), "/")
	if seg[0] == "filehistory" {
		rq.listHistory(r, i, where)
		return
	}
	if where == "" && !strings.HasSuffix(rq.path, "/") {
		rq.noAPI() // the root needs its slash
		return
	}
	t := r.tree(i)
	meta := rq.query.Get("format") == "meta"
	f := t.byPath[where]
	switch {
	case f == nil && !t.isDir(where):
		rq.fail(http.StatusNotFound, "No such file or directory: "+where)
	case f == nil && meta:
		rq.single(func(e *encoder) { r.encodeEntry(e, i, entry{path: where}) })
	case f == nil:
		rq.listDirectory(r, t, where)
	case meta:
		rq.single(func(e *encoder) { r.encodeEntry(e, i, entry{where, f}) })
	default:
		rq.rawFile(r, f)
	}
}

// redirectRoot leads to the root directory of the main branch's newest commit. An empty repository has none.
func (rq *request) redirectRoot(r *repository) {
	r.load()
	i := r.mainTip()
	if i < 0 {
		rq.fail(http.StatusNotFound, "Repository "+r.fullName()+" has no commits")
		return
	}
	to := strings.TrimSuffix(rq.path, "/") + "/" + r.hash(i) + "/"
	if rq.r.URL.RawQuery != "" {
		to += "?" + rq.r.URL.RawQuery
	}
	rq.fail(http.StatusFound, "See the main branch")
	rq.header.Set("Location", rq.base+to)
}

var mimeTypes = map[string]string{
	".png": "image/png", ".svg": "image/svg+xml", ".mp4": "video/mp4", ".json": "application/json", ".py": "text/x-python",
	".txt": "text/plain", ".sh": "application/x-sh",
}

// rawFile sends the text as it is; its type comes from the name, its ETag from the text. Large files are elsewhere.
func (rq *request) rawFile(r *repository, f *file) {
	if f.has("lfs") {
		rq.redirectToStorage(http.StatusMovedPermanently, "media/"+lfsOID)
		return
	}
	kind := mimeTypes[path.Ext(f.path)]
	if kind == "" {
		kind = "text/plain"
	}
	rq.raw(kind, []byte(r.textOf(f)))
	rq.header.Set("Content-Disposition", `attachment; filename="`+escapePath(path.Base(f.path))+`"`)
}

func (rq *request) listDirectory(r *repository, t *tree, dir string) {
	depth := 1
	if d := rq.query.Get("max_depth"); d != "" {
		n, err := strconv.Atoi(d)
		if err != nil || n < 1 {
			rq.fail(http.StatusBadRequest, "Invalid max_depth: "+d)
			return
		}
		depth = n
	}
	if depth > deepest {
		rq.fail(555, "The request timed out; try a smaller max_depth")
		return
	}
	rows, _ := t.list(dir, depth)
	kind := func(i int) string {
		if rows[i].file == nil {
			return "commit_directory"
		}
		return "commit_file"
	}
	rq.reply(&list{
		n: len(rows), max: 100, def: 10, paging: tokenPage,
		fields: fieldSet{
			"path": {get: func(i int) value { return text(rows[i].path) }},
			"type": {get: func(i int) value { return text(kind(i)) }},
			"size": {kind: numberField, get: func(i int) value {
				if rows[i].file == nil {
					return value{}
				}
				return number(r.sizeOf(rows[i].file))
			}},
			"attributes": {all: func(i int) (vs []value) {
				if f := rows[i].file; f != nil {
					for _, a := range f.attributes {
						vs = append(vs, text(a))
					}
				}
				return vs
			}},
		},
		item: func(e *encoder, i int) { r.encodeEntry(e, t.commit, rows[i]) },
	})
}

// encodeEntry writes a file or directory as of a commit, which is the one asked for, not the last that changed it.
func (r *repository) encodeEntry(e *encoder, i int, x entry) {
	hash := r.hash(i)
	e.str("path", x.path)
	if e.open("commit") {
		r.encodeCommitLink(e, hash)
		e.close()
	}
	if x.file == nil {
		e.str("type", "commit_directory")
		if e.open("links") {
			slash := ""
			if x.path != "" {
				slash = "/"
			}
			e.link("self", r.api, "/src/", hash, "/", escapePath(x.path), slash)
			e.link("meta", r.api, "/src/", hash, "/", escapePath(x.path), slash, "?format=meta")
			e.close()
		}
		return
	}
	r.encodeFile(e, hash, x.file)
}

// encodeFile writes the members of a commit_file after its path and commit.
func (r *repository) encodeFile(e *encoder, hash string, f *file) {
	e.str("type", "commit_file")
	if e.openList("attributes") {
		for _, a := range f.attributes {
			e.comma()
			e.b = appendString(e.b, a)
		}
		e.closeList()
	}
	escaped := escapePath(f.path)
	e.str("escaped_path", escaped)
	e.num("size", int64(r.sizeOf(f)))
	e.strOrNull("mimetype", mimeTypes[path.Ext(f.path)])
	if e.open("links") {
		e.link("self", r.api, "/src/", hash, "/", escaped)
		e.link("meta", r.api, "/src/", hash, "/", escaped, "?format=meta")
		e.link("history", r.api, "/filehistory/", hash, "/", escaped)
		e.close()
	}
}
