package schema

import "slices"

const (
	repositoryPath = "/repositories/{workspace}/{repo_slug}"
	commitPath     = repositoryPath + "/commit/{commit}"

	sourceScope  = "repository"
	sourceAccess = "read:repository:bitbucket"
)

// commitOf is the parent of tables of one commit.
var commitOf = Parent{Table: "Commits", Columns: map[string]string{"CommitHash": "Hash"}}

// commitForms keeps the path of a commit to hashes: a branch's name would find a commit that the rows then do not name.
var commitForms = map[string]Form{"commit": HashForm}

// commitHash is the first column of tables of one commit.
func commitHash() Column {
	return Column{
		Name: "CommitHash", Type: Text, Param: "commit", References: "Commits.Hash",
		Description: "Full hash of the commit. Without a condition on it, every commit of the repository is asked, by a request each.",
	}
}

// CommitComments are the comments on commits, deleted ones too.
var CommitComments = Table{
	Name:        "CommitComments",
	Description: "Comments on commits: general and inline ones, replies, and deleted ones without their text.",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "Id"},
	Columns:     slices.Concat([]Column{commitHash()}, comment(), inline(), textMarkup(), links("")),
	Parent:      &commitOf,
	Endpoints: []Endpoint{
		{
			Path: commitPath + "/comments", Paging: Numbered, MaxPage: 100, NoSize: true, Query: "q",
			Binds: map[string]string{"commit": "CommitHash"}, Forms: commitForms,
			Filters: []Filter{
				{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges},
				{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges},
			},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: commitPath + "/comments/{comment_id}", Paging: One,
			Binds: map[string]string{"commit": "CommitHash", "comment_id": "Id"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What was said about the newest commit of each branch:",
			SQL:  "SELECT b.Name, c.UserName, c.ContentRaw\nFROM platform.Branches b\nJOIN platform.CommitComments c ON c.CommitHash = b.TargetCommitHash",
		},
		{
			Says: "Inline comments on the newest commits:",
			SQL: "SELECT k.Hash, c.InlinePath, c.InlineTo, c.ContentRaw\nFROM (SELECT Hash FROM platform.Commits LIMIT 50) k\n" +
				"JOIN platform.CommitComments c ON c.CommitHash = k.Hash\nWHERE c.InlinePath IS NOT NULL",
		},
	},
}

// CommitStatuses are the build results of commits.
var CommitStatuses = Table{
	Name:        "CommitStatuses",
	Description: "Build results and the like that other systems reported for commits.",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "Key"},
	Columns: slices.Concat([]Column{
		commitHash(),
		{Name: "Key", Type: Text, Path: "key", Description: "Key of the status, unique for the commit."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the build."},
		{Name: "State", Type: Text, Path: "state", Description: "SUCCESSFUL, FAILED, INPROGRESS or STOPPED."},
		{Name: "RefName", Type: Text, Path: "refname", Description: "Branch or tag that the build was of, where the reporter said so."},
		{Name: "URL", Type: Text, Path: "url", Description: "Address of the build at the system that reported it."},
		{Name: "Description", Type: Text, Path: "description", Description: "The result in words."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was first reported."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last reported."},
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of status: build."},
	}, repository("", "repository", "the repository"), []Column{allLinks}),
	Parent: &commitOf,
	Endpoints: []Endpoint{
		{
			Path: commitPath + "/statuses", Paging: Numbered, MaxPage: 100, Query: "q",
			Binds: map[string]string{"commit": "CommitHash"}, Forms: commitForms,
			Filters: []Filter{
				{Column: "State", Field: "state", Ops: Equality, Values: []string{"FAILED", "INPROGRESS", "STOPPED", "SUCCESSFUL"}},
				{Column: "RefName", Param: "refname", Ops: EQ}, // keeps those without a name, too
				{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges},
				{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges},
			},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: commitPath + "/statuses/build/{key}", Paging: One,
			Binds: map[string]string{"commit": "CommitHash", "key": "Key"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Branches whose newest commit does not build:",
			SQL: "SELECT b.Name, s.Name, s.State, s.URL\nFROM platform.Branches b\n" +
				"JOIN platform.CommitStatuses s ON s.CommitHash = b.TargetCommitHash\nWHERE s.State = 'FAILED'",
		},
		{
			Says: "Results of the newest fifty commits:",
			SQL: "SELECT s.State, COUNT(*)\nFROM (SELECT Hash FROM platform.Commits LIMIT 50) c\n" +
				"JOIN platform.CommitStatuses s ON s.CommitHash = c.Hash\nGROUP BY s.State",
		},
	},
}

// pullRequestReference is the columns of a pull request in a table of something else.
func pullRequestReference() []Column {
	columns := slices.Clone(PullRequests.Columns)
	for i := range columns {
		if columns[i].Name == "Id" {
			columns[i].References = "PullRequests.Id"
		}
	}
	return columns
}

// CommitPullRequests are the pull requests that commits came with.
var CommitPullRequests = Table{
	Name: "CommitPullRequests",
	Description: "Pull requests that commits were reviewed in. Bitbucket knows them once its app Pull Request Commit Links is installed, " +
		"which a click on \"Go to pull request\" of any commit does; until then there are no rows.",
	Scope:   RepositoryScope,
	Key:     []string{"CommitHash", "Id"},
	Columns: append([]Column{commitHash()}, pullRequestReference()...),
	Parent:  &commitOf,
	Endpoints: []Endpoint{{
		Path: commitPath + "/pullrequests", Paging: Numbered, MaxPage: 50, NoSize: true, AbsentWhenOff: true,
		Hidden: []string{"participants", "reviewers"},
		Binds:  map[string]string{"commit": "CommitHash"}, Forms: commitForms,
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "Where the newest commits were reviewed:",
			SQL: "SELECT c.Hash, p.Id, p.Title\nFROM (SELECT Hash FROM platform.Commits LIMIT 50) c\n" +
				"JOIN platform.CommitPullRequests p ON p.CommitHash = c.Hash",
		},
		{
			Says: "Pull requests with the newest commit of a branch:",
			SQL: "SELECT b.Name, p.Id, p.State\nFROM platform.Branches b\n" +
				"JOIN platform.CommitPullRequests p ON p.CommitHash = b.TargetCommitHash",
		},
	},
}

// property is the columns of a value that an app stored.
func property(on string) []Column {
	return []Column{
		{Name: "AppKey", Type: Text, Param: "app_key", Description: "Key of the app that stored the property."},
		{Name: "PropertyName", Type: Text, Param: "property_name", Description: "Name of the property."},
		{Name: "Value", Type: JSON, Path: ".", Description: "What the app stored for the " + on + ", as a JSON object."},
		{Name: "Attributes", Type: JSON, Path: "_attributes", Description: "Who may read and change it besides the app: public, read_only; as a JSON array."},
	}
}

// CommitProperties are values that apps stored for commits.
var CommitProperties = Table{
	Name:        "CommitProperties",
	Description: "Values that apps stored for commits. Needs AppKey and PropertyName; Bitbucket cannot list properties.",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "AppKey", "PropertyName"},
	Columns:     append([]Column{commitHash()}, property("commit")...),
	Parent:      &commitOf,
	Endpoints: []Endpoint{{
		Path: commitPath + "/properties/{app_key}/{property_name}", Paging: One,
		Binds: map[string]string{"commit": "CommitHash", "app_key": "AppKey", "property_name": "PropertyName"}, Forms: commitForms,
		TokenScope: "admin:workspace:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "What an app knows of the newest commit of each branch:",
			SQL: "SELECT b.Name, p.Value\nFROM platform.Branches b\nJOIN platform.CommitProperties p ON p.CommitHash = b.TargetCommitHash\n" +
				"WHERE p.AppKey = 'acme-app' AND p.PropertyName = 'notes'",
		},
		{
			Says: "One member of the value:",
			SQL: "SELECT c.Hash, p.Value ->> 'stars' AS stars\nFROM (SELECT Hash FROM platform.Commits LIMIT 10) c\n" +
				"JOIN platform.CommitProperties p ON p.CommitHash = c.Hash\nWHERE p.AppKey = 'acme-app' AND p.PropertyName = 'notes'",
		},
	},
}

// MergeBases are the common ancestors of two commits.
var MergeBases = Table{
	Name:        "MergeBases",
	Description: "The best common ancestor of two commits. Needs Spec. Where there are several, Bitbucket chooses one.",
	Scope:       RepositoryScope,
	Key:         []string{"Spec"},
	Columns: append([]Column{{
		Name: "Spec", Type: Text, Param: "revspec",
		Description: "The two commits, with two dots between: hashes, branches or tags, such as develop..main.",
	}}, commitColumns()...),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/merge-base/{revspec}", Paging: One, Binds: map[string]string{"revspec": "Spec"},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Where a branch left the main branch:",
			SQL:  "SELECT Hash, Date, Message\nFROM platform.MergeBases\nWHERE Spec = 'develop..main'",
		},
		{
			Says: "How old the branches are:",
			SQL: "SELECT b.Name, m.Date\nFROM platform.Branches b\nJOIN platform.MergeBases m ON m.Spec = b.TargetCommitHash || '..main'\n" +
				"ORDER BY m.Date",
		},
	},
}
