// Package schema is the data model: every table of Bitbucket Cloud as a literal. A table says what its rows are, where they
// come from, and what Bitbucket can do for a query of it; it holds no behaviour. Requests, decoding, documentation and
// metadata are all derived from these literals, so a new table is a new literal and nothing else (see CONTRIBUTING.md).
//
// Facts about endpoints come from Atlassian's REST documentation, https://developer.atlassian.com/cloud/bitbucket/rest/.
package schema

// Scope says in which schemas a table appears.
type Scope uint8

const (
	// InformationScope is a table of the workspace or the caller, in the schema Information.
	InformationScope Scope = iota
	// RepositoryScope is a table of one repository, in the schema named by the repository's slug, and again in the schema
	// Workspace over all repositories, with RepositorySlug as its first column.
	RepositoryScope
	// ProjectScope is a table of one project, in the schema named by the project's key, and again in the schema Workspace over
	// all projects, with ProjectKey as its first column.
	ProjectScope
)

// The schemas that are not named after a repository.
const (
	// Information holds the tables of the workspace and of the caller.
	Information = "Information"
	// Workspace holds every repository table over all repositories.
	Workspace = "Workspace"
)

// The columns that the tables of the schema Workspace begin with.
const (
	RepositorySlug = "RepositorySlug"
	ProjectKey     = "ProjectKey"
)

// Type is the type of a column.
type Type uint8

// The types of columns, with the declared type that SQLite sees.
const (
	Text      Type = iota // TEXT
	Integer               // INTEGER, 64 bits
	Real                  // REAL
	Boolean               // BOOLEAN, kept as 0 and 1
	Timestamp             // TIMESTAMP, kept as UTC text "2006-01-02 15:04:05.999999999"
	JSON                  // JSON, kept as compact JSON text
	Blob                  // BLOB: the bytes of a file
)

// String returns the name of the type as database/sql shows it.
func (t Type) String() string {
	return [...]string{"TEXT", "INTEGER", "REAL", "BOOLEAN", "TIMESTAMP", "JSON", "BLOB"}[t]
}

// Table is a table of Bitbucket.
type Table struct {
	// Name is the table's name in SQL, PascalCase and plural.
	Name string
	// Description says in a sentence what a row is.
	Description string
	Scope       Scope
	// Key are the columns that identify a row within the schema. A table without a natural key lists the columns that tell
	// its rows apart.
	Key     []string
	Columns []Column
	// Endpoints are the ways to its rows. The planner takes the cheapest whose path can be filled.
	Endpoints []Endpoint
	// Parent supplies path parameters that the query does not give, by a scan of another table.
	Parent *Parent
	// Retired says since when Bitbucket no longer has what the table showed, and what is left: a sentence for its description
	// and its errors. A retired table is not in the schema Workspace.
	Retired string
	// Examples are queries for the table's page, which a test runs. Two are made from the literal where there are none; a table
	// that needs a value has its own.
	Examples []Example
	// Detail is a GET of one object that completes a row: it is made only when a column marked Detail is read.
	Detail *Endpoint
}

// Example is a query of a table that is worth knowing.
type Example struct {
	// Says is what the query answers, as a sentence.
	Says string
	// SQL is the query, over the sample workspace acme and its repository platform.
	SQL string
}

// Column is a column of a table.
type Column struct {
	Name string
	Type Type
	// Path is the member of the row's JSON object, dotted: "author.display_name". Alternatives are separated by "|": the
	// first that is present counts. "." is the whole object, and of a raw answer its body.
	Path string
	// Param is the path parameter or input whose value the column repeats, for rows whose object does not hold it.
	Param string
	// Variant makes the column name the first of these paths that is present, by its first member: for lists of objects of
	// several kinds.
	Variant []string
	// Detail says that Path is found in the object of Table.Detail.
	Detail bool
	// Description says what the value means, with units.
	Description string
	// References names the column that this one points to, as "Table.Column".
	References string
}

// Parent names the table that supplies path parameters.
type Parent struct {
	Table string
	// Columns maps columns of this table to the parent's columns that supply their values.
	Columns map[string]string
}

// Paging is how an endpoint hands out a long list.
type Paging uint8

const (
	// Numbered lists take ?page=N and say how many rows there are: their pages can be fetched in parallel.
	Numbered Paging = iota
	// Chained lists name only their next page.
	Chained
	// Single lists are one answer, whatever their length.
	Single
	// One is not a list but one object: a GET by key, or the only object of its kind in a repository, project or workspace.
	One
	// Raw is not JSON: its body is one row.
	Raw
)

// Endpoint is a GET operation of Bitbucket that supplies rows.
type Endpoint struct {
	// Path is the path as in Atlassian's OpenAPI document, with {parameters}.
	Path string
	// TrailingSlash says that Bitbucket wants the path to end in a slash, whatever the document says.
	TrailingSlash bool
	// Binds maps path parameters to the columns that an equality must fix or a parent supply; {workspace} and {repo_slug} are
	// known.
	Binds map[string]string
	// Inputs maps query parameters to the columns that repeat what the statement says they equal: parameters that change what
	// the rows are, rather than filter them. Without an equality one is not sent and its column is NULL, except for those that
	// Required names, which the endpoint cannot do without.
	Inputs   map[string]string
	Required []string
	// Defaults are the values that a path parameter takes, one after the other, when the statement says nothing of it.
	Defaults map[string][]string
	// Forms are the forms of values that may fill path parameters; a parameter without one takes any value.
	Forms  map[string]Form
	Paging Paging
	// MaxPage is the longest page that the endpoint serves, in rows.
	MaxPage int
	// NoSize says that a numbered list may come without the number of all rows, so that it cannot be counted by one page.
	NoSize bool
	// Query is the name of the parameter that takes BBQL, "q", or empty where there is none.
	Query string
	// Unfiltered is sent when no BBQL is: parameters that keep the endpoint from leaving rows out on its own.
	Unfiltered []Parameter
	// Always is sent with every request.
	Always []Parameter
	// Stable is the sort under which rows that others add come last, so that they move no row from one page to another while
	// the list is read whole. Empty where the list's own order is like that, or where there is none.
	Stable string
	// NewestFirst is the timestamp column by which the list mostly falls: the dates of commits, whose order is that of the history
	// and follows their dates only where clocks were right. Empty where the list has no such order.
	NewestFirst string
	// Hidden are members that the objects of the list lack unless the request names them.
	Hidden  []string
	Filters []Filter
	Sorts   []Sort
	// Each says that every object of the list holds rows of this table in a member.
	Each *Each
	// Stored says that a raw document is what somebody has stored, of any type, even HTML: Bitbucket sends it as an attachment.
	Stored bool
	// AbsentWhenOff says that the endpoint answers 404 in a repository where the feature is switched off, or for an object that has
	// none of what it gives: no rows.
	AbsentWhenOff bool
	// Scope is the OAuth scope that the endpoint needs, and TokenScope the scope of API tokens.
	Scope, TokenScope string
}

// Parameter is a query parameter with a fixed value.
type Parameter struct{ Name, Value string }

// Each names the list member of an object whose elements are rows.
type Each struct {
	// Member is the list: "participants". Columns whose path begins with "^." read the object around it.
	Member string
	// Where keeps only elements whose member has the value, when set.
	Where, Equals string
}

// Ops is a set of comparison operators.
type Ops uint16

// The comparison operators that can be pushed.
const (
	EQ Ops = 1 << iota
	NE
	LT
	LE
	GT
	GE
	IN
	LIKE
	ISNULL
	NOTNULL

	Equality = EQ | IN
	Ranges   = LT | LE | GT | GE
)

// Filter is what an endpoint can do with comparisons of one column.
type Filter struct {
	Column string
	// Field is the BBQL field, or Param the endpoint's own query parameter.
	Field, Param string
	// Ops are the operators that may be pushed: those for which Bitbucket never leaves out a row that SQL would keep.
	Ops Ops
	// Exact are those of Ops whose meaning at Bitbucket is exactly SQLite's for every value that is pushed.
	Exact Ops
	// Values are the only values that may be pushed, when set: those of an enumeration.
	Values []string
	// Spelling maps the column's values to what the endpoint wants to read; other values are not pushed.
	Spelling map[string]string
	// Form is the form that a value must have to be pushed.
	Form Form
	// MaxList is the longest IN list of one request; 0 means 50.
	MaxList int
	// Needed says that the column has a value only when this filter is sent.
	Needed bool
}

// Form is the only form that the values of a column have. A value of another form equals no row, and what Bitbucket would
// make of it (a branch name where a hash was meant, a UUID without braces) is not asked.
type Form uint8

const (
	// AnyForm is any value.
	AnyForm Form = iota
	// UUIDForm is a lower-case UUID in braces, as Bitbucket writes them.
	UUIDForm
	// HashForm is a full commit hash: 40 lower-case hexadecimal digits.
	HashForm
	// SlugForm is the slug of a repository: lower-case letters, digits, '.', '_' and '-'. Bitbucket also finds a repository by
	// its slug in capitals, which is a value that no row has.
	SlugForm
	// KeyForm is the key of a project: letters, digits and '_'.
	KeyForm
	// PathForm is the path of a file or directory, whose slashes stay what they are in the path of a request: '/', or names with
	// slashes between, and perhaps around. Names that a server would take for steps up the tree ('..') are none.
	PathForm
)

// Sort is an ORDER BY column that the endpoint sorts exactly as SQLite does.
type Sort struct {
	Column string
	// Field is the value of the sort parameter.
	Field string
	// Unique says that no two rows have the same value, so that further ORDER BY terms change nothing.
	Unique bool
}

// Tables are all tables, in the order in which they are documented.
func Tables() []*Table {
	return []*Table{
		&Workspaces, &Projects, &Repositories, &Users,
		&CurrentUser, &CurrentUserEmails, &CurrentUserWorkspacePermissions, &CurrentUserRepositoryPermissions, &Accounts,
		&SSHKeys, &GPGKeys, &UserVariables, &UserProperties, &UserPullRequests,
		&WorkspacePermissions, &RepositoryPermissions, &WorkspaceWebhooks, &HookEvents, &WorkspaceVariables, &WorkspaceRunners,
		&WorkspaceGPGKeys, &OIDCConfiguration, &OIDCKeys, &CodeSearch,
		&ProjectUserPermissions, &ProjectGroupPermissions, &ProjectDefaultReviewers, &ProjectDeployKeys,
		&ProjectBranchingModel, &ProjectBranchingModelSettings,
		&Snippets, &SnippetFiles, &SnippetComments, &SnippetCommits, &SnippetRevisions, &SnippetWatchers,
		&SnippetFileContents, &SnippetFileVersions, &SnippetDiffs, &SnippetPatches,
		&Branches, &Tags, &Refs, &Commits,
		&CommitComments, &CommitParticipants, &CommitStatuses, &CommitPullRequests, &CommitReports, &CommitReportAnnotations, &CommitProperties, &MergeBases,
		&Files, &FileContents, &FileHistory, &Diffs, &Patches, &DiffStats, &FileConflicts,
		&BranchRestrictions, &BranchingModel, &EffectiveBranchingModel, &BranchingModelSettings,
		&DefaultReviewers, &EffectiveDefaultReviewers, &Watchers, &DeployKeys, &RepositoryUserPermissions, &RepositoryGroupPermissions,
		&Downloads, &DownloadContents, &Forks, &Webhooks, &OverrideSettings, &RepositoryProperties,
		&PullRequests, &PullRequestReviewers, &PullRequestComments, &PullRequestCommits, &PullRequestActivity,
		&PullRequestParticipants, &PullRequestTasks, &PullRequestStatuses, &PullRequestDiffStats, &PullRequestDiffs, &PullRequestPatches,
		&PullRequestConflicts, &PullRequestMergeabilityChecks, &PullRequestMergeTasks, &PullRequestProperties,
		&Pipelines, &PipelineSteps, &Environments, &Deployments,
		&PipelineStepLogs, &PipelineContainerLogs, &PipelineTestReports, &PipelineTestCases, &PipelineTestCaseReasons,
		&PipelinesConfig, &RepositoryVariables, &DeploymentVariables, &PipelineSchedules, &PipelineScheduleExecutions,
		&PipelineSSHKeyPair, &PipelineKnownHosts, &PipelineCaches, &PipelineCacheURIs, &RepositoryRunners,
		&Issues, &IssueComments, &IssueChanges, &IssueAttachments, &IssueAttachmentContents, &Components, &Milestones, &Versions,
	}
}

// Lookup returns the table of that name, or nil. Names are compared without regard to case, as SQL does.
func Lookup(name string) *Table { return lookup(Tables(), name) }
