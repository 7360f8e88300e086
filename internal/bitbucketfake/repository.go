package bitbucketfake

import (
	"fmt"
	"sync"
	"time"
)

// repository is one repository; its contents are made when something first asks for them.
type repository struct {
	ws               *workspace
	project          *project
	index            int
	slug, name       string
	uuid             string
	description      string
	language         string
	website          string
	noWebsite        bool
	private          bool
	mainbranch       string // empty: no commits yet
	parent           *repository
	size             int64
	created, updated time.Time
	team             []*user // those who work here
	bot, gone        *user
	seed             int64

	api, html string // prefixes of links
	compact   []byte

	wantPulls, wantCommits, wantPipelines int

	once sync.Once
	history
	pulls []*pullRequest

	eventsOnce sync.Once
	events     []event

	contents // of files and commits

	refsOnce sync.Once
	branches []*ref
	tags     []*ref

	pipelinesOnce sync.Once
	pipelines     []*pipeline
	environments  []*environment
	deployments   []*deployment

	pipelinesOff bool // Pipelines is not enabled: 404 below all of its paths
	settingsOnce sync.Once
	settings     pipelineSettings

	hasIssues   bool
	trackerOnce sync.Once
	tracker     tracker
}

// samples are the repositories of the sample team. Sizes of the first one come from Config.
var samples = []struct {
	slug, name, project, language, description, website string
	pulls, commits, pipelines                           int
	public                                              bool
}{
	{"platform", "Platform", "PLAT", "go", "The monolith and its libraries.\n\nSee `docs/` first.", "https://platform.acme.example", 0, 0, 140, false},
	{"web-app", "Web App", "WEB", "typescript", "Customer web application", "https://app.acme.example", 60, 340, 40, false},
	{"mobile-app", "mobile-app", "WEB", "kotlin", "iOS & Android clients", "", 44, 260, 25, false},
	{"payments-api", "Payments API", "PLAT", "java", "Money in, money out", "", 52, 300, 30, false},
	{"billing", "Billing", "PLAT", "python", "", "-", 31, 190, 12, false},
	{"infrastructure", "Infrastructure", "OPS", "hcl", "Terraform, 100% reviewed", "-", 38, 220, 22, false},
	{"docs-site", "Docs Site", "WEB", "markdown", "https://docs.acme.example \\ \"the docs\"", "https://docs.acme.example", 17, 110, 9, true},
	{"design-system", "Design System", "WEB", "css", "Färger, Typografie und Komponenten 🎨", "", 23, 140, 11, true},
	{"data-pipeline", "Data Pipeline", "DATA", "scala", "ETL", "-", 29, 170, 18, false},
	{"auth-service", "Auth Service", "PLAT", "go", "OIDC and sessions", "", 26, 150, 16, false},
	{"cli-tools", "cli_tools", "" /* older than projects */, "rust", "", "", 5, 45, 3, true},
	{"sandbox", "sandbox", "DATA", "", "", "", 0, 0, 0, false},
	{"docs-site-fork", "Docs Site (fork)", "WEB", "markdown", "Trying a new theme", "", 6, 70, 0, true},
}

func makeRepositories(c Config, w *workspace, bot, gone *user) {
	base := salt(c.Seed, "repository")
	for i := 0; i < c.Repositories; i++ {
		r := at(base, i)
		q := &repository{ws: w, index: i, uuid: r.uuid(), bot: bot, gone: gone, seed: c.Seed, mainbranch: "main"}
		if i < len(samples) {
			m := samples[i]
			q.slug, q.name, q.language, q.description = m.slug, m.name, m.language, m.description
			q.website, q.noWebsite, q.private = m.website, m.website == "-", !m.public
			q.wantPulls, q.wantCommits, q.wantPipelines = m.pulls, m.commits, m.pipelines
			for _, p := range w.projects {
				if p.key == m.project {
					q.project = p
				}
			}
			switch m.slug {
			case "platform":
				q.wantPulls, q.wantCommits = c.PullRequests, c.Commits
			case "billing":
				q.mainbranch = "master"
			case "sandbox":
				q.mainbranch = ""
			case "docs-site-fork":
				for _, p := range w.repos {
					if p.slug == "docs-site" {
						q.parent = p
					}
				}
				q.pipelinesOff = true
			}
		} else {
			kind := pick(r, []string{"service", "library", "tool", "job", "site"})
			q.slug = fmt.Sprintf("%s-%s-%03d", pick(r, []string{"order", "search", "mail", "report", "ledger", "stock"}), kind, i+1)
			q.name, q.language = q.slug, pick(r, []string{"go", "java", "python", "typescript", ""})
			q.description = pick(r, []string{"", "Generated " + kind, "A " + kind + " of the " + q.slug[:5] + " team"})
			q.project, q.private = w.projects[i%len(w.projects)], i%5 != 0
			q.wantPulls, q.wantCommits, q.wantPipelines = 5+r.n(12), 60+r.n(60), r.n(8)
		}
		if c.OtherPulls > 0 && q.slug != "platform" {
			q.wantPulls = c.OtherPulls
		}
		q.created = time.Date(2021, 3, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i)*31*time.Hour + time.Duration(r.n(3600000000))*time.Microsecond)
		q.updated = dataEnd.Add(-time.Duration(r.n(200*24*3600)) * time.Second).Add(time.Duration(r.n(1000000)) * time.Microsecond)
		q.size = int64(r.n(90_000_000)) + 20_000
		if q.mainbranch == "" {
			q.size, q.updated = 0, q.created
		}
		q.hasIssues = c.Issues && q.mainbranch != "" && q.slug != "infrastructure"
		if i == 0 {
			q.size = 6_442_450_944 // more than 32 bits
		}
		for k := 0; k < 7; k++ {
			q.team = append(q.team, w.members[(i*3+k)%len(w.members)])
		}
		q.api = apiRoot + "/repositories/" + w.slug + "/" + q.slug
		q.html = "https://bitbucket.org/" + w.slug + "/" + q.slug
		q.compact = marshal(q.encodeCompact)
		w.repos = append(w.repos, q)
	}
}

func (r *repository) fullName() string { return r.ws.slug + "/" + r.slug }

// encodeCompact writes the repository as it appears inside other objects.
func (r *repository) encodeCompact(e *encoder) {
	e.str("type", "repository")
	e.str("full_name", r.fullName())
	if e.open("links") {
		e.link("self", r.api)
		e.link("html", r.html)
		e.link("avatar", "https://bytebucket.org/ravatar/", quoteUUID(r.uuid), "?ts=default")
		e.close()
	}
	e.str("name", r.name)
	e.str("uuid", r.uuid)
}

func (e *encoder) repository(k string, r *repository) {
	if r == nil {
		e.null(k)
		return
	}
	e.object(k, r.compact, r.encodeCompact)
}

func (r *repository) encode(e *encoder) {
	e.str("type", "repository")
	e.str("full_name", r.fullName())
	r.links(e)
	e.str("name", r.name)
	e.str("slug", r.slug)
	e.str("description", r.description)
	e.str("scm", "git")
	if r.noWebsite {
		e.null("website")
	} else {
		e.str("website", r.website)
	}
	if e.open("owner") {
		r.ws.encodeTeam(e)
		e.close()
	}
	e.object("workspace", r.ws.compact, r.ws.encodeCompact)
	e.boolean("is_private", r.private)
	if r.project != nil {
		e.object("project", r.project.compact, r.project.encodeCompact)
	}
	e.str("fork_policy", []string{"allow_forks", "no_public_forks", "no_forks"}[r.index%3])
	e.micro("created_on", r.created)
	e.micro("updated_on", r.updated)
	e.num("size", r.size)
	e.str("language", r.language)
	e.boolean("has_issues", r.hasIssues)
	e.boolean("has_wiki", false)
	e.str("uuid", r.uuid)
	if r.mainbranch == "" {
		e.null("mainbranch")
	} else if e.open("mainbranch") {
		e.str("name", r.mainbranch)
		e.str("type", "branch")
		e.close()
	}
	if e.open("override_settings") {
		e.boolean("default_merge_strategy", r.index%4 == 0)
		e.boolean("branching_model", r.index%2 == 0)
		e.close()
	}
	if r.parent != nil {
		e.repository("parent", r.parent)
	} else {
		e.null("parent")
	}
	e.null("enforced_signed_commits")
}

func (r *repository) links(e *encoder) {
	if !e.open("links") {
		return
	}
	for _, l := range []struct{ name, path string }{
		{"self", ""},
		{"pullrequests", "/pullrequests"},
		{"commits", "/commits"},
		{"branches", "/refs/branches"},
		{"tags", "/refs/tags"},
		{"forks", "/forks"},
		{"watchers", "/watchers"},
		{"hooks", "/hooks"},
		{"source", "/src"},
		{"downloads", "/downloads"},
	} {
		e.link(l.name, r.api, l.path)
	}
	if r.hasIssues {
		e.link("issues", r.api, "/issues")
	}
	e.link("html", r.html)
	e.link("avatar", "https://bytebucket.org/ravatar/", quoteUUID(r.uuid), "?ts=", r.language)
	if e.openList("clone") {
		for _, l := range [][2]string{
			{"https", "https://ada@bitbucket.org/" + r.fullName() + ".git"},
			{"ssh", "git@ssh.bitbucket.org:" + r.fullName() + ".git"},
		} {
			e.begin()
			e.str("name", l[0])
			e.str("href", l[1])
			e.end()
		}
		e.closeList()
	}
	e.close()
}
