package bitbucketfake

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// download is a file that people put beside a repository. The API's description gives it no schema.
type download struct {
	repo    *repository
	name    string
	count   int
	user    *user
	created time.Time
}

// downloads are thirteen of the first repository, none to three of another, youngest first. The empty one has none.
func (r *repository) downloads() []*download {
	n := r.index % 4
	switch {
	case r.index == 0:
		n = 13
	case r.mainbranch == "":
		n = 0
	}
	base := salt(r.seed, "download/"+r.slug)
	out := make([]*download, n)
	for i := range out {
		g := at(base, i)
		d := &download{
			repo: r, count: g.n(5000), user: pick(g, r.team), created: dataEnd.AddDate(0, -i, 0).Add(-time.Duration(g.n(86_400_000_000)) * time.Microsecond),
			name: fmt.Sprintf([]string{"%s-%d.tar.gz", "%s %d+debug.zip", "Übersicht-%s-%d.pdf", "100%%-%s #%d?.txt"}[i%4], r.slug, n-i),
		}
		if g.chance(10) {
			d.user = r.gone
		}
		out[i] = d
	}
	return out
}

// object is the download's name in the storage.
func (d *download) object() string {
	return "downloads/" + strings.Trim(d.repo.uuid, "{}") + "/" + d.name
}

func (d *download) encode(e *encoder) {
	e.str("name", d.name)
	e.num("size", storedSize(d.object()))
	e.num("downloads", int64(d.count))
	e.micro("created_on", d.created)
	e.user("user", d.user)
	e.str("type", "download")
	if e.open("links") {
		e.link("self", d.repo.api, "/downloads/", escapePath(d.name))
		e.close()
	}
}

// routeDownloads lists the files, and redirects to the storage for one of them.
func (rq *request) routeDownloads(r *repository, rest []string) {
	all := r.downloads()
	if len(rest) == 0 {
		(&collection[*download]{items: all, encode: (*download).encode}).serve(rq, nil)
		return
	}
	name := strings.Join(rest, "/")
	for _, d := range all {
		if d.name == name {
			rq.redirectToStorage(http.StatusFound, d.object())
			return
		}
	}
	rq.fail(http.StatusNotFound, "Download "+name+" not found")
}
