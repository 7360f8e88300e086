package schema

import "slices"

// Downloads are the files that were put beside a repository.
var Downloads = Table{
	Name:        "Downloads",
	Description: "Files that were uploaded to the repository's downloads.",
	Scope:       RepositoryScope,
	Key:         []string{"Name"},
	Columns: slices.Concat([]Column{
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the file."},
		{Name: "Size", Type: Integer, Path: "size", Description: "Size in bytes."},
		{Name: "Downloads", Type: Integer, Path: "downloads", Description: "How often it was downloaded."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was uploaded."},
	}, account("User", "user", "the account that uploaded it"), []Column{
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of object: download."},
		allLinks,
	}),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/downloads", Paging: Numbered, MaxPage: 100, NoSize: true,
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "The newest file to download:",
			SQL:  "SELECT Name, Size, CreatedOn\nFROM platform.Downloads\nORDER BY CreatedOn DESC\nLIMIT 1",
		},
		{
			Says: "What downloads take up, and how often they are fetched:",
			SQL: "SELECT RepositorySlug, COUNT(*) AS Files, SUM(Size) AS Bytes, SUM(Downloads) AS Fetched\n" +
				"FROM Workspace.Downloads\nGROUP BY RepositorySlug\nORDER BY Bytes DESC",
		},
	},
}

// DownloadContents are what is in downloads. Nothing supplies their names: a forgotten condition would fetch all of them.
var DownloadContents = Table{
	Name:        "DownloadContents",
	Description: "What is in a file of the repository's downloads. Needs Name.",
	Scope:       RepositoryScope,
	Key:         []string{"Name"},
	Columns: append([]Column{
		{Name: "Name", Type: Text, Param: "filename", References: "Downloads.Name", Description: "Name of the file."},
	}, document("file", "")...),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/downloads/{filename}", Paging: Raw, Stored: true, Binds: map[string]string{"filename": "Name"},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "One file:",
			SQL:  "SELECT Size, Content\nFROM platform.DownloadContents\nWHERE Name = 'platform-13.tar.gz'",
		},
		{
			Says: "The newest file:",
			SQL: "SELECT d.Name, c.Size\nFROM (SELECT Name FROM platform.Downloads ORDER BY CreatedOn DESC LIMIT 1) d\n" +
				"JOIN platform.DownloadContents c ON c.Name = d.Name",
		},
	},
}

// objectColumns are the columns that a table's objects hold, without those that repeat a parameter of its own endpoints.
func objectColumns(t *Table) []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Param != "" })
}

// Forks are the repositories that were made from a repository.
var Forks = Table{
	Name:        "Forks",
	Description: "Forks of the repository that the caller can see, in whatever workspace they are.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: append(objectColumns(&Repositories), Column{
		Name: "Role", Type: Text, Param: "role",
		Description: "Only forks in which the caller has this role at least: member, contributor, admin or owner; NULL, for all, when the query does not compare it with =.",
	}),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/forks", Paging: Numbered, MaxPage: 100, NoSize: true, Query: "q", Stable: "created_on",
		Inputs: map[string]string{"role": "Role"},
		Filters: []Filter{
			{Column: "Name", Field: "name", Ops: Equality | LIKE},
			{Column: "FullName", Field: "full_name", Ops: Equality | LIKE},
			{Column: "Description", Field: "description", Ops: LIKE},
			{Column: "IsPrivate", Field: "is_private", Ops: EQ},
			{Column: "Language", Field: "language", Ops: Equality},
			{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges},
			{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges},
		},
		Sorts: []Sort{{Column: "CreatedOn", Field: "created_on"}, {Column: "UpdatedOn", Field: "updated_on"}},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "How many days a fork is ahead of its original, or behind it:",
			SQL: "SELECT f.FullName, f.UpdatedOn, DATEDIFF(day, r.UpdatedOn, f.UpdatedOn) AS Days\nFROM [docs-site].Forks f\n" +
				"JOIN Repositories r ON r.UUID = f.ParentUUID",
		},
		{
			Says: "Who forked which repository:",
			SQL:  "SELECT RepositorySlug, FullName, OwnerName, CreatedOn\nFROM Workspace.Forks\nORDER BY CreatedOn DESC",
		},
	},
}

// Webhooks are the addresses that are told of what happens in a repository.
var Webhooks = Table{
	Name:        "Webhooks",
	Description: "Webhooks of the repository: addresses that Bitbucket tells of events.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the webhook, in braces."},
		{Name: "URL", Type: Text, Path: "url", Description: "Address that is told."},
		{Name: "Description", Type: Text, Path: "description", Description: "What it is for."},
		{Name: "Active", Type: Boolean, Path: "active", Description: "Whether it is switched on."},
		{Name: "Events", Type: JSON, Path: "events", Description: "Events that it is told of, as a JSON array."},
		{Name: "CreatedAt", Type: Timestamp, Path: "created_at", Description: "When it was made."},
		{Name: "SubjectType", Type: Text, Path: "subject_type|subject.type", Description: "What it belongs to: repository."},
		{Name: "SecretSet", Type: Boolean, Path: "secret_set", Description: "Whether it signs with a secret; the secret itself cannot be read."},
		{Name: "SkipCertVerification", Type: Boolean, Path: "skip_cert_verification", Description: "Whether the certificate of the address is not checked."},
		{Name: "HistoryEnabled", Type: Boolean, Path: "history_enabled", Description: "Whether its requests are kept."},
		{Name: "ReadOnly", Type: Boolean, Path: "read_only", Description: "Whether it cannot be changed, as those of apps."},
		{Name: "Source", Type: Text, Path: "source", Description: "App that made it; NULL for people."},
		{Name: "Subject", Type: JSON, Path: "subject", Description: "What it belongs to, as a JSON object."},
		allLinks,
	},
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/hooks", Paging: Numbered, MaxPage: 100,
			Scope: "webhook", TokenScope: "read:webhook:bitbucket",
		},
		{
			Path: repositoryPath + "/hooks/{uid}", Paging: One,
			Binds: map[string]string{"uid": "UUID"}, Forms: map[string]Form{"uid": UUIDForm},
			Scope: "webhook", TokenScope: "read:webhook:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Webhooks of all repositories that go out without TLS, or do not check it:",
			SQL: "SELECT RepositorySlug, URL, SkipCertVerification\nFROM Workspace.Webhooks\n" +
				"WHERE Active AND (URL LIKE 'http:%' OR SkipCertVerification)",
		},
		{
			Says: "Webhooks that hear of a push:",
			SQL: "SELECT h.URL, h.SecretSet\nFROM platform.Webhooks h, json_each(h.Events) e\n" +
				"WHERE e.value = 'repo:push' AND h.Active",
		},
	},
}

// OverrideSettings are what a repository does not take from its project.
var OverrideSettings = Table{
	Name:        "OverrideSettings",
	Description: "Which settings the repository has of its own and does not take from its project: one row. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"Type"},
	Columns: []Column{
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of object; there is one a repository."},
		{Name: "DefaultMergeStrategy", Type: Boolean, Path: "override_settings.default_merge_strategy", Description: "Whether the default merge strategy is its own."},
		{Name: "BranchingModel", Type: Boolean, Path: "override_settings.branching_model", Description: "Whether the branching model is its own."},
		{Name: "OverrideSettings", Type: JSON, Path: "override_settings", Description: "All of them, as a JSON object."},
	},
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/override-settings", Paging: One, Scope: administerScope, TokenScope: administerAccess,
	}},
	Examples: []Example{
		{
			Says: "Repositories that do not keep to the branching model of their project:",
			SQL:  "SELECT RepositorySlug\nFROM Workspace.OverrideSettings\nWHERE BranchingModel",
		},
		{
			Says: "Everything that a repository may set for itself, and whether it does:",
			SQL: "SELECT s.key AS Setting, s.value AS Overridden\n" +
				"FROM platform.OverrideSettings o, json_each(o.OverrideSettings) s",
		},
	},
}

// RepositoryProperties are values that apps stored for repositories.
var RepositoryProperties = Table{
	Name:        "RepositoryProperties",
	Description: "Values that apps stored for the repository. Needs AppKey and PropertyName; Bitbucket cannot list properties.",
	Scope:       RepositoryScope,
	Key:         []string{"AppKey", "PropertyName"},
	Columns:     property("repository"),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/properties/{app_key}/{property_name}", Paging: One,
		Binds:      map[string]string{"app_key": "AppKey", "property_name": "PropertyName"},
		TokenScope: "admin:workspace:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "What an app stored:",
			SQL:  "SELECT Value\nFROM platform.RepositoryProperties\nWHERE AppKey = 'acme-app' AND PropertyName = 'notes'",
		},
		{
			Says: "The same in some repositories:",
			SQL: "SELECT RepositorySlug, Value ->> 'stars' AS stars\nFROM Workspace.RepositoryProperties\n" +
				"WHERE AppKey = 'acme-app' AND PropertyName = 'notes' AND RepositorySlug IN ('platform', 'cli-tools')",
		},
	},
}
