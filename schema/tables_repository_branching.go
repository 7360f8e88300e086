package schema

import "slices"

const (
	administerScope  = "repository:admin"
	administerAccess = "admin:repository:bitbucket"
)

// BranchRestrictions are what must be so, or who may, on branches.
var BranchRestrictions = Table{
	Name:        "BranchRestrictions",
	Description: "Restrictions on branches: who may push, delete or merge, and what a merge needs. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"Id"},
	Columns: []Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the restriction."},
		{Name: "Kind", Type: Text, Path: "kind", Description: "What is restricted or needed: push, delete, force, restrict_merges, require_approvals_to_merge, require_passing_builds_to_merge and others."},
		{Name: "BranchMatchKind", Type: Text, Path: "branch_match_kind", Description: "How its branches are chosen: glob, by Pattern, or branching_model, by BranchType."},
		{Name: "Pattern", Type: Text, Path: "pattern", Description: "Pattern of the branches' names; empty when they are chosen by type."},
		{Name: "BranchType", Type: Text, Path: "branch_type", Description: "Type of the branches: feature, bugfix, release, hotfix, development or production."},
		{Name: "Value", Type: Integer, Path: "value", Description: "Number that goes with some kinds, such as how many approvals are required."},
		{Name: "Users", Type: JSON, Path: "users", Description: "Accounts that are exempt, as a JSON array."},
		{Name: "Groups", Type: JSON, Path: "groups", Description: "Groups that are exempt, as a JSON array."},
		allLinks,
	},
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/branch-restrictions", TrailingSlash: true, Paging: Numbered, MaxPage: 100,
			Filters: []Filter{{Column: "Kind", Param: "kind", Ops: EQ}, {Column: "Pattern", Param: "pattern", Ops: EQ}},
			Scope:   administerScope, TokenScope: administerAccess,
		},
		{
			Path: repositoryPath + "/branch-restrictions/{id}", Paging: One, Binds: map[string]string{"id": "Id"},
			Scope: administerScope, TokenScope: administerAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Repositories where no rule by name restricts pushes to the main branch:",
			SQL: "SELECT r.Slug, r.MainBranchName\nFROM Repositories r\nWHERE r.MainBranchName IS NOT NULL AND NOT EXISTS (\n" +
				"  SELECT 1 FROM Workspace.BranchRestrictions b\n" +
				"  WHERE b.RepositorySlug = r.Slug AND b.Kind = 'push' AND b.Pattern IN (r.MainBranchName, '*', '**'))",
		},
		{
			Says: "Who may push where others may not:",
			SQL: "SELECT b.Pattern, b.BranchType, u.value ->> 'display_name' AS UserName\n" +
				"FROM platform.BranchRestrictions b, json_each(b.Users) u\nWHERE b.Kind = 'push'",
		},
	},
}

// modelBranch is the columns of a branch of a branching model.
func modelBranch(prefix, path, what string) []Column {
	return []Column{
		{Name: prefix + "Name", Type: Text, Path: path + ".name", Description: "Name of the " + what + " branch, whether it exists or not."},
		{Name: prefix + "UseMainBranch", Type: Boolean, Path: path + ".use_mainbranch", Description: "Whether the main branch is the " + what + " branch."},
		{Name: prefix + "BranchName", Type: Text, Path: path + ".branch.name", References: "Branches.Name", Description: "Name of the " + what + " branch; NULL when it does not exist."},
		{Name: prefix + "CommitHash", Type: Text, Path: path + ".branch.target.hash", References: "Commits.Hash", Description: "Newest commit of the " + what + " branch."},
	}
}

// modelColumns are the columns of a branching model.
func modelColumns() []Column {
	return slices.Concat([]Column{
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of object; there is one a repository."},
	}, modelBranch("Development", "development", "development"), modelBranch("Production", "production", "production"), []Column{
		{Name: "BranchTypes", Type: JSON, Path: "branch_types", Description: "Types of branches in use, each with the prefix of their names, as a JSON array."},
	})
}

// BranchingModel is how a repository names its branches.
var BranchingModel = Table{
	Name:        "BranchingModel",
	Description: "How a repository names its branches and which of them are for development and production: one row.",
	Scope:       RepositoryScope,
	Key:         []string{"Type"},
	Columns:     append(modelColumns(), allLinks),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/branching-model", Paging: One, Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Prefixes that new branches of a repository should have:",
			SQL: "SELECT t.value ->> 'kind' AS Kind, t.value ->> 'prefix' AS Prefix\n" +
				"FROM platform.BranchingModel m, json_each(m.BranchTypes) t",
		},
		{
			Says: "Commits of the production branch that development lacks:",
			SQL: "SELECT c.Hash, c.Date, c.Message\nFROM platform.BranchingModel m\n" +
				"JOIN platform.Commits c ON c.Revision = m.ProductionCommitHash AND c.Exclude = m.DevelopmentCommitHash\n" +
				"LIMIT 20",
		},
	},
}

// EffectiveBranchingModel is the branching model that counts.
var EffectiveBranchingModel = Table{
	Name:        "EffectiveBranchingModel",
	Description: "The branching model that counts for a repository, its own or that of its project: one row.",
	Scope:       RepositoryScope,
	Key:         []string{"Type"},
	Columns:     modelColumns(),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/effective-branching-model", Paging: One, Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Repositories that have no production branch:",
			SQL:  "SELECT RepositorySlug, DevelopmentName\nFROM Workspace.EffectiveBranchingModel\nWHERE ProductionName IS NULL",
		},
		{
			Says: "Branches whose name no prefix of the model allows:",
			SQL: "SELECT b.Name\nFROM platform.Branches b\n" +
				"WHERE b.Name NOT IN (SELECT DevelopmentName FROM platform.EffectiveBranchingModel\n" +
				"    UNION SELECT ProductionName FROM platform.EffectiveBranchingModel)\n" +
				"  AND NOT EXISTS (SELECT 1 FROM platform.EffectiveBranchingModel m, json_each(m.BranchTypes) t\n" +
				"    WHERE b.Name LIKE (t.value ->> 'prefix') || '%')",
		},
	},
}

// modelSetting is the columns of a branch of the settings of a branching model.
func modelSetting(prefix, path, what string) []Column {
	return []Column{
		{Name: prefix + "Name", Type: Text, Path: path + ".name", Description: "Name set for the " + what + " branch; NULL when it is the main branch."},
		{Name: prefix + "UseMainBranch", Type: Boolean, Path: path + ".use_mainbranch", Description: "Whether the main branch is the " + what + " branch."},
		{Name: prefix + "IsValid", Type: Boolean, Path: path + ".is_valid", Description: "Whether the " + what + " branch exists."},
	}
}

// BranchingModelSettings are the settings of a branching model.
var BranchingModelSettings = Table{
	Name:        "BranchingModelSettings",
	Description: "Settings of a repository's branching model, those that are switched off too: one row. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"Type"},
	Columns: slices.Concat([]Column{
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of object; there is one a repository."},
	}, modelSetting("Development", "development", "development"), modelSetting("Production", "production", "production"), []Column{
		{Name: "ProductionEnabled", Type: Boolean, Path: "production.enabled", Description: "Whether there is a production branch."},
		{Name: "BranchTypes", Type: JSON, Path: "branch_types", Description: "All types of branches, each with its prefix and whether it is in use, as a JSON array."},
		{Name: "DefaultBranchDeletion", Type: Text, Path: "default_branch_deletion", Description: "Whether merging closes branches unless told otherwise: true or false, as text."},
		allLinks,
	}),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/branching-model/settings", Paging: One, Scope: administerScope, TokenScope: administerAccess,
	}},
	Examples: []Example{
		{
			Says: "Repositories whose model names a branch that is not there:",
			SQL: "SELECT RepositorySlug, DevelopmentName, DevelopmentIsValid, ProductionName, ProductionIsValid\n" +
				"FROM Workspace.BranchingModelSettings\nWHERE DevelopmentIsValid = 0 OR ProductionIsValid = 0",
		},
		{
			Says: "Kinds of branches, and whether the repository uses them:",
			SQL: "SELECT t.value ->> 'kind' AS Kind, t.value ->> 'prefix' AS Prefix, t.value ->> 'enabled' AS Enabled\n" +
				"FROM platform.BranchingModelSettings s, json_each(s.BranchTypes) t",
		},
	},
}
