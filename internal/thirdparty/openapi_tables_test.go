package thirdparty

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// undocumented are the columns whose members the document does not declare, each with the proof that Bitbucket returns them:
// an example file and the place in its objects, or a reason.
var undocumented = map[string]struct{ file, member, reason string }{
	"Repositories.Slug":                  {file: "jenkins.repository.json", member: "slug"},
	"Repositories.Website":               {file: "jenkins.repository.json", member: "website"},
	"Repositories.EnforcedSignedCommits": {file: "jenkins.repository.json", member: "enforced_signed_commits"},
	"Repositories.OverrideSettings":      {file: "jenkins.repository.json", member: "override_settings"},
	"Repositories.WorkspaceUUID":         {file: "jenkins.repository.json", member: "workspace.uuid"},
	"Repositories.WorkspaceSlug":         {file: "jenkins.repository.json", member: "workspace.slug"},
	"Repositories.WorkspaceName":         {file: "jenkins.repository.json", member: "workspace.name"},

	"CommitStatuses.RepositoryUUID":                {file: "go-scm.status.json", member: "repository.uuid"},
	"CommitStatuses.RepositoryName":                {file: "go-scm.status.json", member: "repository.name"},
	"CommitStatuses.RepositoryFullName":            {file: "go-scm.status.json", member: "repository.full_name"},
	"CommitPullRequests.Description":               {file: "jenkins.pullrequests-1.json", member: "description"},
	"MergeBases.HtmlURL":                           {file: "gildas.commit.json", member: "links.html.href"},
	"MergeBases.Links":                             {file: "gildas.commit.json", member: "links"},
	"Files.Size":                                   {file: "jenkins.src-master-folder_2Ffile.properties_format_meta.json", member: "size"},
	"Files.Attributes":                             {file: "jenkins.src-master-folder_2Ffile.properties_format_meta.json", member: "attributes"},
	"Files.MimeType":                               {file: "jenkins.src-master-folder_2Ffile.properties_format_meta.json", member: "mimetype"},
	"Files.EscapedPath":                            {file: "jenkins.src-master-folder_2Ffile.properties_format_meta.json", member: "escaped_path"},
	"Files.Links":                                  {file: "jenkins.src-master-folder_2Ffile.properties_format_meta.json", member: "links"},
	"FileHistory.Size":                             {reason: "a member of the same objects in listings of directories"},
	"FileHistory.MimeType":                         {reason: "a member of the same objects in listings of directories"},
	"FileHistory.Links":                            {reason: "a member of the same objects in listings of directories"},
	"FileHistory.Attributes":                       {reason: "a list in listings of directories, which the document declares as one of its elements"},
	"DiffStats.OldAttributes":                      {reason: "a list in listings of directories, which the document declares as one of its elements"},
	"DiffStats.NewAttributes":                      {reason: "a list in listings of directories, which the document declares as one of its elements"},
	"DiffStats.OldLinks":                           {file: "spec.repo-diffstat-_spec_.200.json", member: "old.links"},
	"DiffStats.NewLinks":                           {file: "spec.repo-diffstat-_spec_.200.json", member: "new.links"},
	"BranchingModel.Links":                         {file: "spec.repo-branching-model.200.json", member: "links"},
	"BranchingModelSettings.DefaultBranchDeletion": {file: "spec.repo-branching-model-settings.200.json", member: "default_branch_deletion"},
	"DeployKeys.Id":                                {file: "spec.repo-deploy-keys.200.json", member: "id"},
	"DeployKeys.CreatedOn":                         {file: "spec.repo-deploy-keys.200.json", member: "created_on"},
	"Forks.Slug":                                   {file: "jenkins.repository.json", member: "slug"},
	"Forks.Website":                                {file: "jenkins.repository.json", member: "website"},
	"Forks.EnforcedSignedCommits":                  {file: "jenkins.repository.json", member: "enforced_signed_commits"},
	"Forks.WorkspaceUUID":                          {file: "jenkins.repository.json", member: "workspace.uuid"},
	"Forks.WorkspaceSlug":                          {file: "jenkins.repository.json", member: "workspace.slug"},
	"Forks.WorkspaceName":                          {file: "jenkins.repository.json", member: "workspace.name"},
	"Forks.OverrideSettings":                       {file: "jenkins.repository.json", member: "override_settings"},
	"Webhooks.SkipCertVerification":                {file: "jenkins.hooks.json", member: "skip_cert_verification"},
	"Webhooks.HistoryEnabled":                      {file: "jenkins.hooks.json", member: "history_enabled"},
	"Webhooks.ReadOnly":                            {file: "jenkins.hooks.json", member: "read_only"},
	"Webhooks.Source":                              {file: "jenkins.hooks.json", member: "source"},
	"Webhooks.Links":                               {file: "jenkins.hooks.json", member: "links"},
	"OverrideSettings.DefaultMergeStrategy":        {file: "jenkins.repository.json", member: "override_settings.default_merge_strategy"},
	"OverrideSettings.BranchingModel":              {file: "jenkins.repository.json", member: "override_settings.branching_model"},

	"Users.UserEmail":                        {reason: "the description of GET /workspaces/{workspace}/members tells of it"},
	"Users.Location":                         {file: "go-scm.user.json", member: "location"},
	"Users.Website":                          {file: "go-scm.user.json", member: "website"},
	"Branches.SyncStrategies":                {file: "jenkins.refs-branches-feature_2Fdraft.json", member: "sync_strategies"},
	"Commits.HtmlURL":                        {file: "gildas.commit.json", member: "links.html.href"},
	"Commits.Links":                          {file: "gildas.commit.json", member: "links"},
	"PullRequests.Description":               {file: "jenkins.pullrequests-1.json", member: "description"},
	"PullRequestComments.InlineOutdated":     {file: "gildas.activity-comment.json", member: "comment.inline.outdated"},
	"PullRequestComments.InlineContextLines": {file: "gildas.activity-comment.json", member: "comment.inline.context_lines"},
	"PullRequestStatuses.CommitHash":         {file: "apy.repo-pullrequests-1-statuses.json", member: "commit.hash"},
	"PullRequestStatuses.RepositoryUUID":     {file: "apy.repo-pullrequests-1-statuses.json", member: "repository.uuid"},
	"PullRequestStatuses.RepositoryName":     {file: "apy.repo-pullrequests-1-statuses.json", member: "repository.name"},
	"PullRequestStatuses.RepositoryFullName": {file: "apy.repo-pullrequests-1-statuses.json", member: "repository.full_name"},
	"Issues.Watches":                         {file: "apy.repo-issues-3.json", member: "watches"},
	"IssueChanges.Id":                        {file: "spec.repo-issues-_issue_id_-changes.200.json", member: "id"},
	"IssueChanges.AssigneeAccountIdOld":      {file: "spec.repo-issues-_issue_id_-changes.200.json", member: "changes.assignee_account_id.old"},
	"IssueChanges.AssigneeAccountIdNew":      {file: "spec.repo-issues-_issue_id_-changes.200.json", member: "changes.assignee_account_id.new"},
	"IssueChanges.HtmlURL":                   {file: "spec.repo-issues-_issue_id_-changes.200.json", member: "links.html.href"},
	"Pipelines.TargetPullRequestId":          {file: "gildas.pipeline-pullrequest.json", member: "target.pullrequest.id"},
	"Pipelines.TargetSource":                 {file: "gildas.pipeline-pullrequest.json", member: "target.source"},
	"Pipelines.TargetDestination":            {file: "gildas.pipeline-pullrequest.json", member: "target.destination"},
	"Pipelines.TriggerName":                  {file: "apy.repo-pipelines.json", member: "trigger.name"},
	"Pipelines.DurationInSeconds":            {file: "gildas.pipeline.json", member: "duration_in_seconds"},
	"Pipelines.RunNumber":                    {file: "apy.repo-pipelines.json", member: "run_number"},
	"Pipelines.FirstSuccessful":              {file: "apy.repo-pipelines.json", member: "first_successful"},
	"Pipelines.Expired":                      {file: "apy.repo-pipelines.json", member: "expired"},
	"Pipelines.HasVariables":                 {file: "apy.repo-pipelines.json", member: "has_variables"},
	"Pipelines.TerminatorUUID":               {file: "apy.repo-pipelines.json", member: "state.result.terminator.uuid"},
	"Pipelines.TerminatorName":               {file: "apy.repo-pipelines.json", member: "state.result.terminator.display_name"},
	"Pipelines.Labels":                       {reason: "seen in live answers of October 2026 (api-facts.md)"},
	"PipelineSteps.Name":                     {file: "gildas.pipeline-step.json", member: "name"},
	"PipelineSteps.StageName":                {reason: "declared for pipelines; for steps there is no proof"},
	"PipelineSteps.DurationInSeconds":        {file: "gildas.pipeline-step.json", member: "duration_in_seconds"},
	"PipelineSteps.BuildSecondsUsed":         {file: "gildas.pipeline-step.json", member: "build_seconds_used"},
	"PipelineSteps.MaxTime":                  {file: "gildas.pipeline-step.json", member: "maxTime"},
	"PipelineSteps.RunNumber":                {file: "gildas.pipeline-step.json", member: "run_number"},
	"PipelineSteps.TriggerType":              {file: "gildas.pipeline-step.json", member: "trigger.type"},
	"PipelineSteps.TeardownCommands":         {file: "gildas.pipeline-step.json", member: "teardown_commands"},
	"Environments.Slug":                      {file: "hand.environment.json", member: "slug"},
	"Environments.EnvironmentTypeName":       {file: "hand.environment.json", member: "environment_type.name"},
	"Environments.EnvironmentTypeRank":       {file: "hand.environment.json", member: "environment_type.rank"},
	"Environments.Rank":                      {file: "hand.environment.json", member: "rank"},
	"Environments.Hidden":                    {file: "hand.environment.json", member: "hidden"},
	"Deployments.CommitHash":                 {file: "hand.deployment.json", member: "deployable.commit.hash"},
	"Deployments.CreatedOn":                  {file: "hand.deployment.json", member: "created_on"},
	"Deployments.UpdatedOn":                  {file: "hand.deployment.json", member: "last_update_time"},
	"Deployments.StartedOn":                  {reason: "its first path is declared, the second is a guess"},
	"Deployments.CompletedOn":                {reason: "its first path is declared, the second is a guess"},
}

// unjudged are endpoints whose answers the document leaves without a schema.
var unjudged = []string{
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/commits",
	"/repositories/{workspace}/{repo_slug}/downloads",
	"/repositories/{workspace}/{repo_slug}/pullrequests/activity",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/activity",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/diffstat",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/conflicts",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/mergeability/checks",
	"/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge/task-status/{task_id}",
	"/repositories/{workspace}/{repo_slug}/pipelines/{pipeline_uuid}/steps/{step_uuid}/test_reports",
	"/repositories/{workspace}/{repo_slug}/pipelines/{pipeline_uuid}/steps/{step_uuid}/test_reports/test_cases",
	"/repositories/{workspace}/{repo_slug}/pipelines/{pipeline_uuid}/steps/{step_uuid}/test_reports/test_cases/{test_case_uuid}/test_case_reasons",
}

// deprecated are the tables that read what Atlassian has deprecated, with the reason that they do.
var deprecated = map[string]string{}

// endpoints calls f for every endpoint of every table.
func endpoints(f func(table *schema.Table, e *schema.Endpoint, detail bool)) {
	for _, table := range schema.Tables() {
		for i := range table.Endpoints {
			f(table, &table.Endpoints[i], false)
		}
		if table.Detail != nil {
			f(table, table.Detail, true)
		}
	}
}

var pathParameter = regexp.MustCompile(`\{([^}]*)\}`)

// Every endpoint of a table is a GET of the document, and the table knows exactly its path parameters.
func TestEndpointsAreDocumented(t *testing.T) {
	d := openDocument(t)
	entries, old := readLedger(t), make(map[string]bool)
	endpoints(func(table *schema.Table, e *schema.Endpoint, detail bool) {
		operation, item := d.of(table).get(e.Path)
		if operation == nil {
			if entries[operationName("GET", e.Path)].kind != beyond {
				t.Errorf("%s: GET %s is not in the document", table.Name, e.Path)
			}
			return
		}
		if operation.Deprecated && table.Retired == "" {
			if old[table.Name] = true; deprecated[table.Name] == "" {
				t.Errorf("%s: GET %s is deprecated", table.Name, e.Path)
			}
		}
		want := map[string]bool{}
		for _, p := range parameters(operation, item) {
			if p.In == openapi3.ParameterInPath {
				want[p.Name] = true
			}
			if p.In == openapi3.ParameterInQuery && p.Required && !slices.Contains(e.Required, p.Name) &&
				!slices.ContainsFunc(e.Always, func(a schema.Parameter) bool { return a.Name == p.Name }) {
				t.Errorf("%s: GET %s needs the parameter %s", table.Name, e.Path, p.Name)
			}
		}
		for _, m := range pathParameter.FindAllStringSubmatch(e.Path, -1) {
			name := m[1]
			if !want[name] {
				t.Errorf("%s: {%s} of %s is no parameter of the document", table.Name, name, e.Path)
			}
			delete(want, name)
			column, bound := e.Binds[name]
			known := name == "workspace" || name == "repo_slug" && table.Scope == schema.RepositoryScope ||
				name == "project_key" && table.Scope == schema.ProjectScope
			switch {
			case !bound && !known:
				t.Errorf("%s: nothing fills {%s} of %s", table.Name, name, e.Path)
			case bound && table.Column(column) < 0:
				t.Errorf("%s: {%s} of %s is bound to %s, which is no column", table.Name, name, e.Path, column)
			}
		}
		for name := range want {
			t.Errorf("%s: the document wants {%s} in %s", table.Name, name, e.Path)
		}
		for name := range e.Binds {
			if !strings.Contains(e.Path, "{"+name+"}") {
				t.Errorf("%s: %s has no {%s} to bind", table.Name, e.Path, name)
			}
		}
		for name := range e.Inputs {
			if !slices.ContainsFunc(parameters(operation, item), func(p *openapi3.Parameter) bool { return p.In == openapi3.ParameterInQuery && p.Name == name }) &&
				!strings.Contains(operation.Description, name+"=") { // told of in the text alone, as those of commits
				t.Errorf("%s: GET %s has no parameter %s to repeat", table.Name, e.Path, name)
			}
		}
	})
	for name := range deprecated {
		if !old[name] {
			t.Errorf("nothing that %s reads is deprecated", name)
		}
	}
}

// The scopes of the tables, which the driver names in errors and documentation, are those of the document.
func TestScopesAreDocumented(t *testing.T) {
	d := openDocument(t)
	endpoints(func(table *schema.Table, e *schema.Endpoint, detail bool) {
		operation, _ := d.of(table).get(e.Path)
		if operation == nil {
			return // TestEndpointsAreDocumented tells
		}
		var oauth []string
		if operation.Security != nil {
			for _, requirement := range *operation.Security {
				oauth = append(oauth, requirement["oauth2"]...)
			}
		}
		if got := strings.Fields(e.Scope); !slices.Equal(got, oauth) && !(len(got) == 0 && len(oauth) == 0) {
			t.Errorf("%s: GET %s needs the OAuth scopes %q, the table says %q", table.Name, e.Path, oauth, got)
		}
		if token := tokenScopes(t, operation); !slices.Equal(strings.Fields(e.TokenScope), token) {
			t.Errorf("%s: GET %s needs the token scopes %q, the table says %q", table.Name, e.Path, token, e.TokenScope)
		}
	})
}

func tokenScopes(t *testing.T, operation *openapi3.Operation) []string {
	t.Helper()
	data, err := json.Marshal(operation.Extensions["x-atlassian-oauth2-scopes"])
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		State, Scheme string
		Scopes        []string
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	var scopes []string
	for _, l := range list {
		if l.State == "Current" {
			scopes = append(scopes, l.Scopes...)
		}
	}
	return scopes
}

// rowSchemas are the schemas of an endpoint's rows, and of the objects around them when a row is an element of a member.
func (d *document) rowSchemas(e *schema.Endpoint) (row, around []*openapi3.SchemaRef, problem string) {
	operation, _ := d.get(e.Path)
	if operation == nil {
		return nil, nil, "is not in the document"
	}
	answered := answer(operation)
	if answered == nil {
		return nil, nil, "has no schema"
	}
	row = []*openapi3.SchemaRef{answered}
	if e.Paging != schema.One {
		if row = elements(d.members(answered, "values")); len(row) == 0 {
			return nil, nil, "is no list"
		}
	}
	if e.Each != nil {
		around = row
		list, missing := d.resolve(around, e.Each.Member)
		if missing != "" {
			return nil, nil, "has no " + missing
		}
		row = elements(list)
	}
	return row, around, ""
}

// Every column's value is a member that the document declares, of a fitting type, or one that examples prove.
func TestColumnsAreDocumented(t *testing.T) {
	d := openDocument(t)
	needed, without := make(map[string]bool), make(map[string]bool)
	fault := func(column, format string, args ...any) {
		if needed[column] = true; undocumented[column] == (struct{ file, member, reason string }{}) {
			t.Errorf("%s: %s", column, fmt.Sprintf(format, args...))
		}
	}
	endpoints(func(table *schema.Table, e *schema.Endpoint, detail bool) {
		d := d.of(table)
		if e.Paging == schema.Raw {
			return // a document, with or without a schema
		}
		row, around, problem := d.rowSchemas(e)
		if problem != "" {
			if without[e.Path] = true; !slices.Contains(unjudged, e.Path) {
				t.Errorf("%s: GET %s %s", table.Name, e.Path, problem)
			}
			return
		}
		for _, column := range table.Columns {
			if column.Detail != detail {
				continue
			}
			paths := slices.Clone(column.Variant)
			if column.Path != "" {
				paths = append(paths, strings.Split(column.Path, "|")...)
			}
			if len(paths) == 0 && column.Param == "" {
				t.Errorf("%s.%s has no path", table.Name, column.Name)
			}
			for _, path := range paths {
				if path == "." {
					continue // the whole object
				}
				from := row
				inner, outer := strings.CutPrefix(path, "^.")
				if outer {
					from, path = around, inner
				}
				found, missing := d.resolve(from, path)
				if missing != "" {
					fault(table.Name+"."+column.Name, "GET %s has no %s according to the document", e.Path, missing)
				} else if !slices.ContainsFunc(found, func(s *openapi3.SchemaRef) bool { return fits(column.Type, s.Value) }) {
					fault(table.Name+"."+column.Name, "is %s, in the document %s is %s", column.Type, path, typeOf(found[0].Value))
				}
			}
		}
	})
	for column, proof := range undocumented {
		if !needed[column] {
			t.Errorf("the exception for %s is not needed", column)
		}
		if proof.file != "" && !slices.ContainsFunc(exampleObjects(t, proof.file), func(o any) bool { _, ok := dig(o, proof.member); return ok }) {
			t.Errorf("%s: there is no %s in %s", column, proof.member, proof.file)
		}
	}
	for _, path := range unjudged {
		if !without[path] {
			t.Errorf("the exception for %s is not needed", path)
		}
	}
}

// exampleObjects are the objects of an example file: of its list, or the one.
func exampleObjects(t *testing.T, file string) []any {
	t.Helper()
	data, err := os.ReadFile(shared(t, "examples/"+file))
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(data, &body); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if values, ok := body["values"].([]any); ok {
		return values
	}
	return []any{body}
}

// dig follows a dotted path into a JSON value and tells whether there is something, null included.
func dig(value any, path string) (found any, ok bool) {
	for piece := range strings.SplitSeq(path, ".") {
		object, isObject := value.(map[string]any)
		if value, ok = object[piece]; !isObject || !ok {
			return nil, false
		}
	}
	return value, true
}

func typeOf(s *openapi3.Schema) string {
	if s.Type == nil {
		return "any type"
	}
	return fmt.Sprint(s.Type.Slice(), " ", s.Format)
}

// fits tells whether a column of the type can hold the values of the schema.
func fits(t schema.Type, s *openapi3.Schema) bool {
	object := len(s.AllOf) > 0 || len(s.Properties) > 0 || s.Type.Is("object")
	switch t {
	case schema.Text:
		return s.Type.Is("string") && s.Format != "date-time"
	case schema.Timestamp:
		return s.Type.Is("string") && s.Format == "date-time"
	case schema.Integer:
		return s.Type.Is("integer") || s.Type.Is("number")
	case schema.Real:
		return s.Type.Is("number") || s.Type.Is("integer")
	case schema.Boolean:
		return s.Type.Is("boolean")
	case schema.JSON:
		return object || s.Type.Is("array")
	}
	return false
}
