package bitbucketfake

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

// ran says whether a step has begun: before that it has no log.
func (s *step) ran() bool { return !s.started.IsZero() }

// service is the container that stands beside the build container of steps that run tests; other steps have none.
func (s *step) service() string {
	if s.name != "Unit tests" {
		return ""
	}
	return at(salt(0, s.uuid+"/service"), 0).uuid()
}

// container finds the name of the container that a log belongs to: the step's UUID means the build container.
func (s *step) container(uuid string) string {
	switch {
	case !s.ran():
		return ""
	case strings.EqualFold(uuid, s.uuid):
		return "build"
	case s.service() != "" && strings.EqualFold(uuid, s.service()):
		return "postgres"
	}
	return ""
}

// log writes what a container printed. It has escape sequences, long lines and text outside ASCII, as builds do.
func (s *step) log(p *pipeline, container string) []byte {
	g := at(salt(p.repo.seed, s.uuid+container), 0)
	var b strings.Builder
	if container == "postgres" {
		for i := 0; i < 20+g.n(30); i++ {
			fmt.Fprintf(&b, "%s UTC [%d] LOG:  checkpoint starting: time\n", s.started.Add(time.Duration(i)*time.Second).Format("2006-01-02 15:04:05.000"), 26+i%3)
		}
		return []byte(b.String())
	}
	fmt.Fprintf(&b, "+ umask 000\n+ GIT_LFS_SKIP_SMUDGE=1 git clone --depth 50 %s.git\n+ git reset --hard %s\n", p.repo.html, p.repo.hash(p.commit))
	fmt.Fprintf(&b, "HEAD is now at %s %s\n+ make\n", p.repo.hash(p.commit)[:7], firstLine(p.repo.commit(p.commit).message))
	for i, n := 0, 30+g.n(300); i < n; i++ {
		switch g.n(6) {
		case 0:
			fmt.Fprintf(&b, "\x1b[32m✓\x1b[0m %s (%d ms)\n", pick(g, []string{"überträgt Daten", "parses \"quotes\"", "handles NULL"}), g.n(900))
		case 1:
			fmt.Fprintf(&b, "ok  \tacme.example/%s/%s\t%d.%03ds\n", p.repo.slug, pick(g, []string{"cache", "schema", "web"}), g.n(9), g.n(1000))
		case 2:
			b.WriteString(strings.Repeat("=", 40+g.n(120)) + "\n")
		default:
			fmt.Fprintf(&b, "[%d/%d] compiling %s\n", i+1, n, pick(g, paths))
		}
	}
	switch s.detail {
	case "FAILED":
		b.WriteString("make: *** [Makefile:12: test] Error 2\n")
	case "STOPPED":
		b.WriteString("Step was stopped\r\n")
	}
	return []byte(b.String())
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// getLog serves the log of a running step, and redirects to the storage for one that is over. Clients that do not
// accept bytes get 406, whatever else they would take.
func (rq *request) getLog(p *pipeline, s *step, uuid string) {
	if !acceptsBytes(rq.r.Header.Get("Accept")) {
		rq.failDetail(http.StatusNotAcceptable, "Not acceptable", "The log is available as application/octet-stream.")
		return
	}
	container := s.container(uuid)
	switch {
	case container == "" && strings.EqualFold(uuid, s.uuid):
		rq.failDetail(http.StatusNotFound, "Not found", "Log in step "+s.uuid+" does not exist.")
	case container == "":
		rq.failDetail(http.StatusNotFound, "Not found", "Log "+uuid+" in step "+s.uuid+" does not exist.")
	case s.state == "COMPLETED":
		name := []string{"logs", p.repo.uuid, p.uuid, s.uuid, strings.ToLower(uuid)}
		rq.redirectToStorage(http.StatusTemporaryRedirect, strings.Join(name, "/"))
	default:
		rq.bytes(s.log(p, container), octets)
	}
}

// storedLog makes the log again that getLog redirected to.
func (r *repository) storedLog(seg []string) ([]byte, bool) {
	if len(seg) != 3 || r.pipelinesOff {
		return nil, false
	}
	r.loadPipelines()
	for _, p := range r.pipelines {
		if p.uuid != seg[0] {
			continue
		}
		for _, s := range p.steps {
			if container := s.container(seg[2]); s.uuid == seg[1] && container != "" {
				return s.log(p, container), true
			}
		}
	}
	return nil, false
}

// acceptsBytes reads an Accept header: none at all takes everything.
func acceptsBytes(accept string) bool {
	if accept == "" {
		return true
	}
	for _, part := range strings.Split(accept, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err == nil && params["q"] != "0" && (kind == "*/*" || kind == "application/*" || kind == octets) {
			return true
		}
	}
	return false
}
