package bitbucketfake

import (
	"fmt"
	"strconv"
	"time"
)

// pullRequest is one pull request with all that belongs to it.
type pullRequest struct {
	repo                       *repository
	id                         int
	title, description, reason string
	state                      string
	author, closedBy           *user
	source                     *repository // nil: the fork is gone
	sourceBranch, destBranch   string
	sourceHash, destHash       string // full
	mergeHash                  string
	commits                    []int // newest first
	created, updated, closed   time.Time
	draft, queued, closeSource bool
	tasks                      int
	participants               []participant
	comments                   []*comment
}

// participant is someone who reviews or took part.
type participant struct {
	user  *user
	role  string
	state string // empty: null
	on    time.Time
}

var titles = []string{
	"Fix login redirect", "fix login redirect", "FIX: session timeout", "Add dark mode", "add Dark Mode toggle", "Update dependencies",
	"100% coverage for billing_rules", "Rename user_id to account_id", "50% faster cold start", "Quote \"names\" in C:\\temp\\paths",
	"Überarbeitung der Suche", "修复登录问题", "Ajout des traductions françaises", "O'Reilly's import; DROP TABLE students;--", "Fixes #12: null pointer",
	"Revert \"Add dark mode\"", "WIP: new planner", "Release 2.4.0 🚀", "Refactor payment flow", "Remove legacy endpoints", "Improve error messages",
	"Document the retry policy", "Move CI to containers", "Handle <script> in comments & titles", "prefix fix suffix", "Cache ETags", "trailing space ",
}

var descriptions = []string{
	"", "Small change.", "* adds tests\n* fixes lint\n\nSee PLAT-1.", "Closes the gap between \"old\" and \"new\".\r\nReviewed in the meeting.",
	"Pfade wie C:\\Benutzer\\müller funktionieren wieder.", "See https://acme.example/wiki?x=1&y=2 <draft>",
}

// build makes the pull requests and the history that goes with them. The order matters: states decide which branches
// are unmerged, those decide how long the main line is, and that gives the dates and hashes.
func (r *repository) build() {
	r.history.salt = salt(r.seed, "commit/"+r.slug)
	r.merged = map[int]*pullRequest{}
	base := salt(r.seed, "pull/"+r.slug)
	n := r.wantPulls
	if r.wantCommits == 0 {
		n = 0
	}
	r.pulls = make([]*pullRequest, n)
	extra := 0
	var merged []*pullRequest
	for i := range r.pulls {
		g := at(base, i)
		pr := &pullRequest{repo: r, id: i + 1, source: r, state: pullState(g, i, n), destBranch: r.mainbranch}
		r.pulls[i] = pr
		pr.describe(g)
		switch pr.state {
		case "OPEN":
			length := 1 + g.n(6)
			if g.chance(8) {
				length = 12 + g.n(15)
			}
			if extra+length > r.wantCommits/4 {
				length = 0
			}
			if length > 0 {
				extra += length
				r.lines = append(r.lines, line{branch: pr.sourceBranch, length: length, author: pr.author})
			} else if len(r.lines) > 0 {
				pr.sourceBranch = r.lines[i%len(r.lines)].branch
			}
		case "MERGED":
			merged = append(merged, pr)
		}
	}
	r.commits = r.wantCommits
	r.mainPart = r.commits - extra
	r.assignBlocks(merged)
	r.dates()
	r.attach(base)
	r.arrange()
}

// pullState gives about 20 % open, mostly young ones, 60 % merged, and 10 % each declined and superseded.
func pullState(g *rng, i, n int) string {
	open := 3
	if i*10 >= n*7 {
		open = 60
	}
	if g.chance(open) {
		return "OPEN"
	}
	switch k := g.n(80); {
	case k < 60:
		return "MERGED"
	case k < 70:
		return "DECLINED"
	}
	return "SUPERSEDED"
}

func (pr *pullRequest) describe(g *rng) {
	r := pr.repo
	pr.author = pick(g, r.team)
	switch g.n(40) {
	case 0:
		pr.author = r.bot
	case 1:
		pr.author = r.gone
	}
	if pr.id%97 == 13 {
		pr.author = nil
	}
	pr.title = pick(g, titles)
	key := "PLAT"
	if r.project != nil {
		key = r.project.key
	}
	if g.chance(35) {
		pr.title = fmt.Sprintf("%s-%d: %s", key, 100+g.n(900), pr.title)
	}
	pr.description = pick(g, descriptions)
	if g.chance(4) {
		long := "Background\n\n"
		for k := 0; len(long) < 3000; k++ {
			long += fmt.Sprintf("%d. Paragraph %d explains one more detail of the change, with \"quotes\", a back\\slash and 100%% honesty.\n", k+1, k+1)
		}
		pr.description = long
	}
	pr.draft = pr.state == "OPEN" && g.chance(25)
	pr.closeSource = g.chance(60)
	pr.sourceBranch = fmt.Sprintf("%s/%s-%d-%s", pick(g, []string{"feature", "bugfix", "hotfix", "chore", "feature/ui"}), key, pr.id,
		pick(g, []string{"login", "search", "cache", "größe", "a_b", "100%", "planner"}))
	if g.chance(12) {
		pr.destBranch = pick(g, []string{"develop", "release/2.4"})
	}
	if r.slug == "docs-site" && g.chance(20) {
		for _, f := range r.ws.repos {
			if f.parent == r {
				pr.source = f
			}
		}
	}
	if pr.state != "OPEN" && (pr.id%41 == 7 || g.chance(2)) {
		pr.source = nil
	}
}

// assignBlocks gives every merged pull request its block of the main line; with more of them than blocks they share.
func (r *repository) assignBlocks(merged []*pullRequest) {
	blocks := r.mainPart / blockLen
	for m, pr := range merged {
		if blocks == 0 {
			continue
		}
		b := m % blocks
		if len(merged) <= blocks {
			b = m * blocks / len(merged)
		}
		first := b * blockLen
		pr.commits = []int{first + 2, first + 1}
		pr.sourceHash, pr.destHash, pr.mergeHash = r.hash(first+2), r.hash(first+3), r.hash(first+4)
		if len(merged) <= blocks {
			pr.created = r.mainDate(first + 2).Add(7*time.Minute + time.Duration(pr.id*37%1000000)*time.Microsecond)
			pr.closed = r.mainDate(first + 4).Add(2*time.Second + time.Duration(pr.id*7919%1000000)*time.Microsecond)
			r.merged[b] = pr
		} else if r.merged[b] == nil {
			r.merged[b] = pr
		}
	}
}

// dates fills in the creation of those without a block, between their neighbours', and the lines of open branches.
func (r *repository) dates() {
	last := dataStart
	for i := 0; i < len(r.pulls); {
		if !r.pulls[i].created.IsZero() {
			last = r.pulls[i].created
			i++
			continue
		}
		k := i
		for k < len(r.pulls) && r.pulls[k].created.IsZero() {
			k++
		}
		next := dataEnd
		if k < len(r.pulls) {
			next = r.pulls[k].created
		}
		for j := i; j < k; j++ {
			part := next.Sub(last) / time.Duration(k-i+1) * time.Duration(j-i+1)
			r.pulls[j].created = last.Add(part).Truncate(time.Second).Add(time.Duration(r.pulls[j].id*104729%1000000) * time.Microsecond)
		}
		i = k
	}
	for _, pr := range r.pulls {
		if pr.id%17 == 4 { // no microseconds: the service then writes no fraction
			pr.created = pr.created.Truncate(time.Second)
		}
	}
	at := r.mainPart
	for k := range r.lines {
		r.lines[k].first = at
		at += r.lines[k].length
	}
}

// attach makes what hangs on the finished dates: reviews, comments, hashes, closing.
func (r *repository) attach(base uint64) {
	byBranch := map[string]*line{}
	for k := range r.lines {
		byBranch[r.lines[k].branch] = &r.lines[k]
	}
	for i, pr := range r.pulls {
		g := at(base^0xa5a5, i)
		if l := byBranch[pr.sourceBranch]; l != nil && pr.state == "OPEN" {
			if l.until.IsZero() {
				l.until = pr.created
				l.base = r.mainBefore(pr.created.Add(-time.Duration(l.length+1) * 41 * time.Minute))
			}
			for k := l.length - 1; k >= 0; k-- {
				pr.commits = append(pr.commits, l.first+k)
			}
			pr.sourceHash, pr.destHash = r.hash(l.first+l.length-1), r.hash(l.base)
		}
		if pr.sourceHash == "" {
			pr.sourceHash = fmt.Sprintf("%016x%016x%08x", g.next(), g.next(), uint32(g.next()))
			pr.destHash = r.hash(r.mainBefore(pr.created))
		}
		if pr.state != "OPEN" {
			if pr.closed.IsZero() {
				pr.closed = capTime(pr.created.Add(time.Duration(1+g.n(20*24*3600))*time.Second + time.Duration(g.n(1000000))*time.Microsecond))
			}
			pr.closedBy = pick(g, r.team)
			if pr.state == "SUPERSEDED" || pr.id%53 == 5 {
				pr.closedBy = nil
			}
			if pr.state == "DECLINED" {
				pr.reason = pick(g, []string{"", "Not needed any more", "Superseded by \"the other one\"", "won't fix"})
			}
		}
		pr.review(g)
		pr.updated = pr.created
		if pr.closed.After(pr.updated) {
			pr.updated = pr.closed
		}
		for _, c := range pr.comments {
			if c.updated.After(pr.updated) {
				pr.updated = c.updated
			}
		}
		if g.chance(30) {
			pr.tasks = 1 + g.n(4)
		}
		if pr.id%58 == 11 {
			pr.tasks = 23 // more than a page
		}
		pr.queued = pr.state == "OPEN" && !pr.draft && g.chance(5)
	}
}

// review makes reviewers, their verdicts and the comments.
func (pr *pullRequest) review(g *rng) {
	r := pr.repo
	seen := map[*user]bool{pr.author: true}
	limit := pr.closed
	if limit.IsZero() {
		limit = capTime(pr.created.Add(15 * 24 * time.Hour))
	}
	window := max(int(limit.Sub(pr.created)/time.Second), 2)
	for k := g.n(4); k > 0; k-- {
		u := pick(g, r.team)
		if seen[u] {
			continue
		}
		seen[u] = true
		p := participant{user: u, role: "REVIEWER"}
		switch v := g.n(10); {
		case v < 5:
			p.state = "approved"
		case v == 5:
			p.state = "changes_requested"
		}
		if p.state != "" {
			p.on = pr.created.Add(time.Duration(1+g.n(window))*time.Second + time.Duration(g.n(1000000))*time.Microsecond)
			p.on = capTime(p.on)
		}
		pr.participants = append(pr.participants, p)
	}
	pr.discuss(g, window)
	for _, c := range pr.comments {
		if c.user == nil {
			continue
		}
		if !seen[c.user] {
			seen[c.user] = true
			pr.participants = append(pr.participants, participant{user: c.user, role: "PARTICIPANT"})
		}
		for k := range pr.participants {
			if p := &pr.participants[k]; p.user == c.user && p.state == "" && c.created.After(p.on) {
				p.on = c.created
			}
		}
	}
}

func (pr *pullRequest) approver() *user {
	for _, p := range pr.participants {
		if p.state == "approved" {
			return p.user
		}
	}
	return nil
}

func (p participant) encode(e *encoder) {
	e.str("type", "participant")
	e.user("user", p.user)
	e.str("role", p.role)
	e.boolean("approved", p.state == "approved")
	e.strOrNull("state", p.state)
	e.micro("participated_on", p.on)
}

func (pr *pullRequest) idText() string { return strconv.Itoa(pr.id) }

// encode writes the pull request; in lists reviewers and participants show only when asked for.
func (pr *pullRequest) encode(e *encoder, single bool) {
	r := pr.repo
	e.num("comment_count", int64(pr.commentCount()))
	e.num("task_count", int64(pr.tasks))
	e.str("type", "pullrequest")
	e.num("id", int64(pr.id))
	e.str("title", pr.title)
	e.str("description", pr.description)
	if single && e.open("rendered") {
		e.rendered("title", pr.title)
		e.rendered("description", pr.description)
		e.rendered("reason", pr.reason)
		e.close()
	}
	e.str("state", pr.state)
	e.boolean("draft", pr.draft)
	e.boolean("queued", pr.queued)
	if pr.mergeHash == "" {
		e.null("merge_commit")
	} else if e.open("merge_commit") {
		r.encodeCommitLink(e, pr.mergeHash[:12])
		e.close()
	}
	e.boolean("close_source_branch", pr.closeSource)
	e.user("closed_by", pr.closedBy)
	e.user("author", pr.author)
	e.str("reason", pr.reason)
	e.micro("created_on", pr.created)
	e.micro("updated_on", pr.updated)
	pr.encodeEnd(e, "destination", r, pr.destBranch, pr.destHash)
	pr.encodeEnd(e, "source", pr.source, pr.sourceBranch, pr.sourceHash)
	pr.encodePeople(e, single)
	if e.open("links") {
		id := pr.idText()
		base := []string{r.api, "/pullrequests/", id}
		e.link("self", base...)
		e.link("html", r.html, "/pull-requests/", id)
		for _, l := range []string{"commits", "approve", "request-changes"} {
			e.link(l, r.api, "/pullrequests/", id, "/", l)
		}
		for _, l := range []string{"diff", "diffstat"} {
			e.link(l, r.api, "/", l, "/", r.fullName(), ":", pr.sourceHash[:12], "%0D", pr.destHash[:12], "?from_pullrequest_id=", id, "&topic=true")
		}
		for _, l := range []string{"comments", "activity", "merge", "decline", "statuses"} {
			e.link(l, r.api, "/pullrequests/", id, "/", l)
		}
		e.close()
	}
	e.rendered("summary", pr.description)
}

func (pr *pullRequest) encodePeople(e *encoder, single bool) {
	list := e.openHiddenList
	if single {
		list = e.openList
	}
	if list("reviewers") {
		for _, p := range pr.participants {
			if p.role == "REVIEWER" {
				e.element(p.user.compact, p.user.encode)
			}
		}
		e.closeList()
	}
	if list("participants") {
		for _, p := range pr.participants {
			e.begin()
			p.encode(e)
			e.end()
		}
		e.closeList()
	}
}

func (pr *pullRequest) encodeEnd(e *encoder, k string, repo *repository, branch, hash string) {
	if !e.open(k) {
		return
	}
	if e.open("branch") {
		e.str("name", branch)
		if e.openHiddenList("merge_strategies") {
			for _, m := range mergeStrategies {
				e.comma()
				e.b = appendString(e.b, m)
			}
			e.closeList()
		}
		if e.state.member("default_merge_strategy", true) != nil {
			e.key("default_merge_strategy")
			e.b = appendString(e.b, mergeStrategies[0])
		}
		e.close()
	}
	if e.open("commit") {
		from := repo
		if from == nil {
			from = pr.repo
		}
		from.encodeCommitLink(e, hash[:12])
		e.close()
	}
	e.repository("repository", repo)
	e.close()
}

// encodeCompact writes the reference to the pull request that comments and activity hold.
func (pr *pullRequest) encodeCompact(e *encoder) {
	e.str("type", "pullrequest")
	e.num("id", int64(pr.id))
	e.str("title", pr.title)
	e.boolean("draft", pr.draft)
	if e.open("links") {
		e.link("self", pr.repo.api, "/pullrequests/", pr.idText())
		e.link("html", pr.repo.html, "/pull-requests/", pr.idText())
		e.close()
	}
}
