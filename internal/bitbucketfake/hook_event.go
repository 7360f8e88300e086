package bitbucketfake

import "net/http"

// hookEvent is something that webhooks can listen to.
type hookEvent struct {
	name, category, label, description string
	workspaceOnly                      bool
}

// hookEvents are the events that the API's description lists for webhooks.
var hookEvents = []hookEvent{
	{"repo:push", "Repository", "Push", "When commits, branches or tags are pushed", false},
	{"repo:fork", "Repository", "Fork", "When a repository is forked", false},
	{"repo:imported", "Repository", "Import", "When a repository is imported", true},
	{"repo:created", "Repository", "Created", "When a repository is created", true},
	{"repo:deleted", "Repository", "Deleted", "When a repository is deleted", true},
	{"repo:updated", "Repository", "Updated", "When the settings of a repository change", false},
	{"repo:transfer", "Repository", "Transfer accepted", "When a repository changes its workspace", false},
	{"repo:commit_comment_created", "Repository", "Commit comment created", "When someone comments on a commit", false},
	{"repo:commit_status_created", "Repository", "Build status created", "When a commit gets a build status", false},
	{"repo:commit_status_updated", "Repository", "Build status updated", "When a build status of a commit changes", false},
	{"pipeline:span_created", "Pipelines", "Span created", "When a pipeline ends a span of its trace", false},
	{"project:updated", "Project", "Updated", "When a project changes", true},
	{"issue:created", "Issue", "Created", "When an issue is made", false},
	{"issue:updated", "Issue", "Updated", "When an issue changes", false},
	{"issue:comment_created", "Issue", "Comment created", "When someone comments on an issue", false},
	{"pullrequest:created", "Pull Request", "Created", "When a pull request is made", false},
	{"pullrequest:updated", "Pull Request", "Updated", "When a pull request changes", false},
	{"pullrequest:push", "Pull Request", "Push", "When the source branch of a pull request gets commits", false},
	{"pullrequest:approved", "Pull Request", "Approved", "When someone approves a pull request", false},
	{"pullrequest:unapproved", "Pull Request", "Approval removed", "When someone takes an approval back", false},
	{"pullrequest:changes_request_created", "Pull Request", "Changes Request created", "When someone requests changes", false},
	{"pullrequest:changes_request_removed", "Pull Request", "Changes Request removed", "When such a request is taken back", false},
	{"pullrequest:fulfilled", "Pull Request", "Merged", "When a pull request is merged", false},
	{"pullrequest:rejected", "Pull Request", "Declined", "When a pull request is declined", false},
	{"pullrequest:comment_created", "Pull Request", "Comment created", "When someone comments on a pull request", false},
	{"pullrequest:comment_updated", "Pull Request", "Comment updated", "When a comment changes", false},
	{"pullrequest:comment_deleted", "Pull Request", "Comment deleted", "When a comment is deleted", false},
	{"pullrequest:comment_resolved", "Pull Request", "Comment resolved", "When a thread is resolved", false},
	{"pullrequest:comment_reopened", "Pull Request", "Comment reopened", "When a thread is opened again", false},
}

func workspaceEvents() []hookEvent { return hookEvents }

func repositoryEvents() (list []hookEvent) {
	for _, ev := range hookEvents {
		if !ev.workspaceOnly {
			list = append(list, ev)
		}
	}
	return list
}

func (ev hookEvent) encode(e *encoder) {
	e.str("event", ev.name)
	e.str("category", ev.category)
	e.str("label", ev.label)
	e.str("description", ev.description)
}

// routeHookEvents serves /hook_events, one object, and the list of each kind of subject.
func (rq *request) routeHookEvents(seg []string) {
	rq.scope = ""
	if len(seg) == 0 {
		rq.single(func(e *encoder) {
			for _, kind := range []string{"repository", "workspace"} {
				if e.open(kind) {
					if e.open("links") {
						e.link("events", apiRoot, "/hook_events/", kind)
						e.close()
					}
					e.close()
				}
			}
		})
		return
	}
	if len(seg) > 1 {
		rq.noAPI()
		return
	}
	c := collection[hookEvent]{encode: hookEvent.encode, def: 30}
	switch seg[0] {
	case "repository":
		c.items = repositoryEvents()
	case "workspace":
		c.items = workspaceEvents()
	default: // those of users and teams are gone
		rq.fail(http.StatusNotFound, "Unknown subject type "+seg[0])
		return
	}
	c.serve(rq, nil)
}
