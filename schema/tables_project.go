package schema

import "slices"

const projectPath = "/workspaces/{workspace}/projects/{project_key}"

// ProjectUserPermissions are the permissions that users were given in a project.
var ProjectUserPermissions = Table{
	Name:        "ProjectUserPermissions",
	Description: "Permissions that were given to users in a project, directly and not by a group.",
	Scope:       ProjectScope,
	Key:         []string{"UserUUID"},
	Columns: slices.Concat([]Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "admin, create-repo, write or read."},
	}, account("User", "user", "the user"), []Column{
		userType,
	}, projectOf(), []Column{allLinks}),
	Endpoints: []Endpoint{{
		Path: projectPath + "/permissions-config/users", Paging: Numbered, MaxPage: 100,
		Scope: "project:admin", TokenScope: "read:project:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Who may administer a project:",
			SQL:  "SELECT UserName, Permission\nFROM PLAT.ProjectUserPermissions\nWHERE Permission = 'admin'",
		},
		{
			Says: "People who were given access to several projects:",
			SQL: "SELECT UserName, COUNT(*) AS Projects, STRING_AGG(ProjectKey || ': ' || Permission, ', ') AS Permissions\n" +
				"FROM Workspace.ProjectUserPermissions\nGROUP BY UserUUID, UserName\nHAVING COUNT(*) > 1",
		},
	},
}

// ProjectGroupPermissions are the permissions that groups were given in a project.
var ProjectGroupPermissions = Table{
	Name:        "ProjectGroupPermissions",
	Description: "Permissions that were given to groups in a project.",
	Scope:       ProjectScope,
	Key:         []string{"GroupSlug"},
	Columns: slices.Concat([]Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "admin, create-repo, write or read."},
		{Name: "GroupName", Type: Text, Path: "group.name", Description: "Name of the group."},
		{Name: "GroupSlug", Type: Text, Path: "group.slug", Description: "Slug of the group, unique in the workspace."},
		{Name: "GroupFullSlug", Type: Text, Path: "group.full_slug", Description: "Workspace slug and group slug, with a colon between."},
		{Name: "GroupOwnerUUID", Type: Text, Path: "group.owner.uuid", Description: "UUID of the account that owns the group, in braces."},
		{Name: "GroupOwnerName", Type: Text, Path: "group.owner.display_name", Description: "Display name of the account that owns the group."},
		{Name: "GroupWorkspaceUUID", Type: Text, Path: "group.workspace.uuid", References: "Workspaces.UUID", Description: "UUID of the group's workspace."},
		{Name: "GroupWorkspaceSlug", Type: Text, Path: "group.workspace.slug", References: "Workspaces.Slug", Description: "Slug of the group's workspace."},
	}, projectOf(), []Column{allLinks}),
	Endpoints: []Endpoint{{
		Path: projectPath + "/permissions-config/groups", Paging: Numbered, MaxPage: 100,
		Scope: "project:admin", TokenScope: "read:project:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Groups that may create repositories in a project, or more:",
			SQL: "SELECT GroupName, Permission\nFROM PLAT.ProjectGroupPermissions\n" +
				"WHERE Permission IN ('create-repo', 'admin')",
		},
		{
			Says: "The groups' permissions, a column for each project:",
			SQL: "SELECT GroupSlug, MAX(CASE ProjectKey WHEN 'PLAT' THEN Permission END) AS PLAT,\n" +
				"  MAX(CASE ProjectKey WHEN 'WEB' THEN Permission END) AS WEB\nFROM Workspace.ProjectGroupPermissions\n" +
				"WHERE ProjectKey IN ('PLAT', 'WEB')\nGROUP BY GroupSlug",
		},
	},
}

// projectOf is the columns of the project that an object names; its key is the schema's name.
func projectOf() []Column {
	return []Column{
		{Name: "ProjectUUID", Type: Text, Path: "project.uuid", References: "Projects.UUID", Description: "UUID of the project; NULL where Bitbucket does not repeat it."},
		{Name: "ProjectName", Type: Text, Path: "project.name", Description: "Name of the project; NULL where Bitbucket does not repeat it."},
	}
}

// ProjectDefaultReviewers are the default reviewers of a project.
var ProjectDefaultReviewers = Table{
	Name:        "ProjectDefaultReviewers",
	Description: "Users who are asked to review new pull requests in every repository of a project.",
	Scope:       ProjectScope,
	Key:         []string{"UserUUID"},
	Columns: slices.Concat(account("User", "user", "the reviewer"), []Column{
		{Name: "ReviewerType", Type: Text, Path: "reviewer_type", Description: "Where the reviewer was set: project."},
		userType,
		{Name: "UserLinks", Type: JSON, Path: "user.links", Description: "All links of the reviewer, as a JSON object."},
	}),
	Endpoints: []Endpoint{{
		Path: projectPath + "/default-reviewers", Paging: Numbered, MaxPage: 100,
		Scope: "project:admin", TokenScope: "read:pullrequest:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Projects whose pull requests get no reviewer by default:",
			SQL: "SELECT p.Key, p.Name\nFROM Projects p\n" +
				"WHERE p.Key NOT IN (SELECT ProjectKey FROM Workspace.ProjectDefaultReviewers)",
		},
		{
			Says: "How many open reviews the default reviewers of a project have in one repository:",
			SQL: "SELECT d.UserName, COUNT(r.PullRequestId) AS OpenReviews\nFROM PLAT.ProjectDefaultReviewers d\n" +
				"LEFT JOIN platform.PullRequestReviewers r ON r.UserUUID = d.UserUUID AND r.PullRequestState = 'OPEN'\n" +
				"GROUP BY d.UserName",
		},
	},
}

// ProjectDeployKeys are the deploy keys of a project.
var ProjectDeployKeys = Table{
	Name:        "ProjectDeployKeys",
	Description: "SSH keys that may read every repository of a project.",
	Scope:       ProjectScope,
	Key:         []string{"Id"},
	Columns: slices.Concat([]Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the key."},
		{Name: "Label", Type: Text, Path: "label", Description: "Name of the key."},
		{Name: "Key", Type: Text, Path: "key", Description: "The public key, as OpenSSH writes it."},
		{Name: "Comment", Type: Text, Path: "comment", Description: "Comment at the end of the key."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on|added_on", Description: "When the key was added."},
		{Name: "LastUsed", Type: Timestamp, Path: "last_used", Description: "When the key was last used; NULL if never."},
	}, account("CreatedBy", "created_by", "the account that added the key"), projectOf(), []Column{allLinks}),
	Endpoints: []Endpoint{
		{
			Path: projectPath + "/deploy-keys", Paging: Numbered, MaxPage: 100,
			Scope: "project project:admin", TokenScope: "admin:project:bitbucket",
		},
		{
			Path: projectPath + "/deploy-keys/{key_id}", Paging: One, Binds: map[string]string{"key_id": "Id"},
			Scope: "project project:admin", TokenScope: "admin:project:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Deploy keys of any project that were never used:",
			SQL: "SELECT ProjectKey, Id, Label, CreatedOn, CreatedByName\nFROM Workspace.ProjectDeployKeys\n" +
				"WHERE LastUsed IS NULL",
		},
		{
			Says: "How many keys each project has, and when one was last used:",
			SQL: "SELECT ProjectKey, COUNT(*) AS Keys, MAX(LastUsed) AS LastUsed\nFROM Workspace.ProjectDeployKeys\n" +
				"GROUP BY ProjectKey",
		},
	},
}

// ProjectBranchingModel is the branching model of a project.
var ProjectBranchingModel = Table{
	Name:        "ProjectBranchingModel",
	Description: "Branching model of a project, which its repositories can inherit: one row.",
	Scope:       ProjectScope,
	Key:         []string{"DevelopmentName"},
	Columns: []Column{
		{Name: "DevelopmentName", Type: Text, Path: "development.name", Description: "Name of the development branch."},
		{Name: "DevelopmentUseMainBranch", Type: Boolean, Path: "development.use_mainbranch", Description: "Whether development follows the main branch of each repository."},
		{Name: "ProductionName", Type: Text, Path: "production.name", Description: "Name of the production branch; NULL when there is none."},
		{Name: "ProductionUseMainBranch", Type: Boolean, Path: "production.use_mainbranch", Description: "Whether production follows the main branch of each repository."},
		{Name: "BranchTypes", Type: JSON, Path: "branch_types", Description: "Kinds of branches in use, each with its prefix, as a JSON array."},
		allLinks,
	},
	Endpoints: []Endpoint{{
		Path: projectPath + "/branching-model", Paging: One,
		Scope: "project:admin", TokenScope: "read:repository:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Prefixes of branches that a project prescribes:",
			SQL: "SELECT t.value ->> 'kind' AS Kind, t.value ->> 'prefix' AS Prefix\n" +
				"FROM PLAT.ProjectBranchingModel m, json_each(m.BranchTypes) t",
		},
		{
			Says: "Where the projects develop, and what they ship from:",
			SQL: "SELECT ProjectKey, DevelopmentName, ProductionName\nFROM Workspace.ProjectBranchingModel\n" +
				"ORDER BY ProjectKey",
		},
	},
}

// ProjectBranchingModelSettings are the settings of a project's branching model.
var ProjectBranchingModelSettings = Table{
	Name:        "ProjectBranchingModelSettings",
	Description: "Settings of a project's branching model, what is switched off included: one row.",
	Scope:       ProjectScope,
	Key:         []string{"DevelopmentName"},
	Columns: []Column{
		{Name: "DevelopmentName", Type: Text, Path: "development.name", Description: "Name that was set for the development branch."},
		{Name: "DevelopmentUseMainBranch", Type: Boolean, Path: "development.use_mainbranch", Description: "Whether development follows the main branch of each repository."},
		{Name: "DevelopmentIsValid", Type: Boolean, Path: "development.is_valid", Description: "Whether the development branch exists."},
		{Name: "ProductionName", Type: Text, Path: "production.name", Description: "Name that was set for the production branch."},
		{Name: "ProductionUseMainBranch", Type: Boolean, Path: "production.use_mainbranch", Description: "Whether production follows the main branch of each repository."},
		{Name: "ProductionIsValid", Type: Boolean, Path: "production.is_valid", Description: "Whether the production branch exists."},
		{Name: "ProductionEnabled", Type: Boolean, Path: "production.enabled", Description: "Whether there is a production branch."},
		{Name: "BranchTypes", Type: JSON, Path: "branch_types", Description: "All kinds of branches, each with its prefix and whether it is in use, as a JSON array."},
		{Name: "DefaultBranchDeletion", Type: Text, Path: "default_branch_deletion", Description: "Whether a merge deletes the source branch unless told otherwise: true or false."},
		allLinks,
	},
	Endpoints: []Endpoint{{
		Path: projectPath + "/branching-model/settings", Paging: One,
		Scope: "project:admin", TokenScope: "admin:project:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Kinds of branches that a project has switched off:",
			SQL: "SELECT t.value ->> 'kind' AS Kind, t.value ->> 'prefix' AS Prefix\n" +
				"FROM PLAT.ProjectBranchingModelSettings s, json_each(s.BranchTypes) t\nWHERE NOT (t.value ->> 'enabled')",
		},
		{
			Says: "Projects whose merges keep the source branch by default:",
			SQL: "SELECT ProjectKey, ProductionName\nFROM Workspace.ProjectBranchingModelSettings\n" +
				"WHERE DefaultBranchDeletion = 'false'",
		},
	},
}
