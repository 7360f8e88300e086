package schema

const (
	// Bitbucket writes some settings of pipelines below one path, and some below another.
	pipelineConfigPath = repositoryPath + "/pipelines_config"
	pipelineHyphenPath = repositoryPath + "/pipelines-config"
)

// PipelinesConfig is whether repositories have pipelines.
var PipelinesConfig = Table{
	Name:        "PipelinesConfig",
	Description: "Whether pipelines are switched on: one row, for administrators of the repository.",
	Scope:       RepositoryScope,
	Key:         []string{"RepositoryUUID"},
	Columns: append([]Column{
		{Name: "Enabled", Type: Boolean, Path: "enabled", Description: "Whether pipelines are switched on."},
	}, repository("", "repository", "the repository")...),
	Endpoints: []Endpoint{{
		Path: pipelineConfigPath, Paging: One, AbsentWhenOff: true,
		Scope: administerScope, TokenScope: administerAccess,
	}},
	Examples: []Example{
		{
			Says: "Repositories that do not build:",
			SQL: "SELECT r.Slug\nFROM Repositories r\nLEFT JOIN Workspace.PipelinesConfig c ON c.RepositorySlug = r.Slug\n" +
				"WHERE c.Enabled IS NOT 1",
		},
		{
			Says: "Whether pipelines are switched on:",
			SQL:  "SELECT Enabled\nFROM platform.PipelinesConfig",
		},
	},
}

// RepositoryVariables are the variables of the pipelines of repositories.
var RepositoryVariables = Table{
	Name:        "RepositoryVariables",
	Description: "Variables that all pipelines of a repository get.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns:     variableColumns(),
	Endpoints: []Endpoint{
		{
			Path: pipelineConfigPath + "/variables", Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelineConfigPath + "/variables/{variable_uuid}", Paging: One,
			Binds: map[string]string{"variable_uuid": "UUID"}, Forms: map[string]Form{"variable_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Variables that several repositories define, and that could move to the workspace:",
			SQL: "SELECT Key, COUNT(DISTINCT RepositorySlug) AS Repositories, MAX(Secured) AS Secured\n" +
				"FROM Workspace.RepositoryVariables\nGROUP BY Key\nHAVING COUNT(DISTINCT RepositorySlug) >= 3",
		},
		{
			Says: "Variables of a repository that the workspace has, too:",
			SQL: "SELECT r.Key, r.Value AS InRepository, w.Value AS InWorkspace\nFROM platform.RepositoryVariables r\n" +
				"JOIN WorkspaceVariables w ON w.Key = r.Key",
		},
	},
}

// DeploymentVariables are the variables of deployment environments.
var DeploymentVariables = Table{
	Name:        "DeploymentVariables",
	Description: "Variables that steps get when they deploy to an environment.",
	Scope:       RepositoryScope,
	Key:         []string{"EnvironmentUUID", "UUID"},
	Columns: append([]Column{{
		Name: "EnvironmentUUID", Type: Text, Param: "environment_uuid", References: "Environments.UUID",
		Description: "UUID of the environment, in braces. Without a condition on it, every environment is asked.",
	}}, variableColumns()...),
	Parent: &Parent{Table: "Environments", Columns: map[string]string{"EnvironmentUUID": "UUID"}},
	Endpoints: []Endpoint{{
		Path:   repositoryPath + "/deployments_config/environments/{environment_uuid}/variables",
		Paging: Numbered, MaxPage: 100,
		Binds: map[string]string{"environment_uuid": "EnvironmentUUID"}, Forms: map[string]Form{"environment_uuid": UUIDForm},
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "Variables by environment:",
			SQL: "SELECT v.Key, STRING_AGG(e.Name, ', ') AS Environments\nFROM platform.Environments e\n" +
				"JOIN platform.DeploymentVariables v ON v.EnvironmentUUID = e.UUID\nGROUP BY v.Key",
		},
		{
			Says: "Variables of production that staging lacks:",
			SQL: "SELECT v.Key\nFROM platform.Environments e\n" +
				"JOIN platform.DeploymentVariables v ON v.EnvironmentUUID = e.UUID\nWHERE e.Name = 'Production'\n" +
				"  AND v.Key NOT IN (SELECT v.Key FROM platform.Environments e\n" +
				"    JOIN platform.DeploymentVariables v ON v.EnvironmentUUID = e.UUID WHERE e.Name = 'Staging')",
		},
	},
}

// PipelineSchedules are the times at which pipelines start by themselves.
var PipelineSchedules = Table{
	Name:        "PipelineSchedules",
	Description: "Schedules by which pipelines start.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the schedule, in braces."},
		{Name: "Enabled", Type: Boolean, Path: "enabled", Description: "Whether it starts pipelines."},
		{Name: "CronPattern", Type: Text, Path: "cron_pattern", Description: "When, in seven fields from second to year, in UTC: 0 0 6 * * ? * is every day at six."},
		{Name: "TargetRefType", Type: Text, Path: "target.ref_type", Description: "What the pipelines run for: branch."},
		{Name: "TargetRefName", Type: Text, Path: "target.ref_name", References: "Branches.Name", Description: "Branch that they run for."},
		{Name: "TargetSelectorType", Type: Text, Path: "target.selector.type", Description: "Section of the configuration that chooses their steps."},
		{Name: "TargetSelectorPattern", Type: Text, Path: "target.selector.pattern", Description: "Pattern or name in that section."},
		{Name: "TargetCommitHash", Type: Text, Path: "target.commit.hash", References: "Commits.Hash", Description: "Commit that they run for; NULL for the newest of the branch."},
		{Name: "TargetType", Type: Text, Path: "target.type", Description: "Type of the target: pipeline_ref_target."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
	},
	Endpoints: []Endpoint{
		{
			Path: pipelineConfigPath + "/schedules", Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelineConfigPath + "/schedules/{schedule_uuid}", Paging: One,
			Binds: map[string]string{"schedule_uuid": "UUID"}, Forms: map[string]Form{"schedule_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What is scheduled, over all repositories:",
			SQL: "SELECT RepositorySlug, CronPattern, TargetRefName, TargetSelectorPattern\nFROM Workspace.PipelineSchedules\n" +
				"WHERE Enabled",
		},
		{
			Says: "Which branches are built on schedule, and how many schedules are switched off:",
			SQL: "SELECT TargetRefName, COUNT(*) AS Schedules, SUM(NOT Enabled) AS SwitchedOff\n" +
				"FROM platform.PipelineSchedules\nGROUP BY TargetRefName",
		},
	},
}

// PipelineScheduleExecutions are what schedules did.
var PipelineScheduleExecutions = Table{
	Name:        "PipelineScheduleExecutions",
	Description: "What schedules did: the pipelines that they started, and the errors that kept them from it. Nothing tells errors of the same kind apart.",
	Scope:       RepositoryScope,
	Key:         []string{"ScheduleUUID", "Type", "PipelineUUID", "ErrorKey", "ErrorMessage"},
	Columns: []Column{
		{
			Name: "ScheduleUUID", Type: Text, Param: "schedule_uuid", References: "PipelineSchedules.UUID",
			Description: "UUID of the schedule, in braces. Without a condition on it, every schedule is asked.",
		},
		{Name: "Type", Type: Text, Path: "type", Description: "pipeline_schedule_execution_executed or pipeline_schedule_execution_errored."},
		{Name: "PipelineUUID", Type: Text, Path: "pipeline.uuid", References: "Pipelines.UUID", Description: "UUID of the pipeline that was started; NULL after an error."},
		{Name: "PipelineBuildNumber", Type: Integer, Path: "pipeline.build_number", References: "Pipelines.BuildNumber", Description: "Number of that pipeline, where Bitbucket gives it."},
		{Name: "PipelineCreatedOn", Type: Timestamp, Path: "pipeline.created_on", Description: "When it was started, where Bitbucket gives it."},
		{Name: "PipelineStateName", Type: Text, Path: "pipeline.state.name", Description: "State of that pipeline, where Bitbucket gives it."},
		{Name: "PipelineResultName", Type: Text, Path: "pipeline.state.result.name", Description: "Result of that pipeline, where Bitbucket gives it."},
		{Name: "ErrorKey", Type: Text, Path: "error.key", Description: "Key of the error; NULL when a pipeline was started."},
		{Name: "ErrorMessage", Type: Text, Path: "error.message", Description: "Message of the error."},
	},
	Parent: &Parent{Table: "PipelineSchedules", Columns: map[string]string{"ScheduleUUID": "UUID"}},
	Endpoints: []Endpoint{{
		Path: pipelineConfigPath + "/schedules/{schedule_uuid}/executions", Paging: Numbered, MaxPage: 100,
		Binds: map[string]string{"schedule_uuid": "ScheduleUUID"}, Forms: map[string]Form{"schedule_uuid": UUIDForm},
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "How the schedules of a repository fared:",
			SQL: "SELECT s.CronPattern, x.PipelineResultName, COUNT(*)\nFROM platform.PipelineSchedules s\n" +
				"JOIN platform.PipelineScheduleExecutions x ON x.ScheduleUUID = s.UUID\n" +
				"GROUP BY s.UUID, s.CronPattern, x.PipelineResultName",
		},
		{
			Says: "When a schedule could not start its pipeline, and why:",
			SQL: "SELECT ScheduleUUID, ErrorKey, ErrorMessage\nFROM platform.PipelineScheduleExecutions\n" +
				"WHERE ErrorKey IS NOT NULL",
		},
	},
}

// PipelineSSHKeyPair is the key with which pipelines log in elsewhere.
var PipelineSSHKeyPair = Table{
	Name:        "PipelineSSHKeyPair",
	Description: "Key with which the pipelines of a repository log in elsewhere: one row, or none. Bitbucket never shows the private half.",
	Scope:       RepositoryScope,
	Key:         []string{"PublicKey"},
	Columns: []Column{
		{Name: "PublicKey", Type: Text, Path: "public_key", Description: "The public half, as in authorized_keys."},
	},
	Endpoints: []Endpoint{{
		Path: pipelineConfigPath + "/ssh/key_pair", Paging: One, AbsentWhenOff: true,
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "The public key to give to hosts that pipelines log on to:",
			SQL:  "SELECT PublicKey\nFROM platform.PipelineSSHKeyPair",
		},
		{
			Says: "Repositories whose pipelines have a key pair, and of which kind:",
			SQL: "SELECT RepositorySlug, SUBSTR(PublicKey, 1, INSTR(PublicKey, ' ') - 1) AS Kind\n" +
				"FROM Workspace.PipelineSSHKeyPair",
		},
	},
}

// PipelineKnownHosts are the hosts that pipelines trust.
var PipelineKnownHosts = Table{
	Name:        "PipelineKnownHosts",
	Description: "Hosts whose keys the pipelines of a repository trust.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the known host, in braces."},
		{Name: "Hostname", Type: Text, Path: "hostname", Description: "Name or address of the host."},
		{Name: "KeyType", Type: Text, Path: "public_key.key_type", Description: "Kind of its key, such as ssh-ed25519."},
		{Name: "PublicKey", Type: Text, Path: "public_key.key", Description: "Its key, in base64."},
		{Name: "MD5Fingerprint", Type: Text, Path: "public_key.md5_fingerprint", Description: "MD5 fingerprint of its key."},
		{Name: "SHA256Fingerprint", Type: Text, Path: "public_key.sha256_fingerprint", Description: "SHA-256 fingerprint of its key."},
	},
	Endpoints: []Endpoint{
		{
			Path: pipelineConfigPath + "/ssh/known_hosts", Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelineConfigPath + "/ssh/known_hosts/{known_host_uuid}", Paging: One,
			Binds: map[string]string{"known_host_uuid": "UUID"}, Forms: map[string]Form{"known_host_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Hosts that pipelines know by a key of an old kind:",
			SQL: "SELECT RepositorySlug, Hostname, KeyType\nFROM Workspace.PipelineKnownHosts\n" +
				"WHERE KeyType IN ('ssh-rsa', 'ssh-dss')",
		},
		{
			Says: "The known hosts as a known_hosts file:",
			SQL: "SELECT STRING_AGG(Hostname || ' ' || KeyType || ' ' || PublicKey, CHAR(10)) AS KnownHosts\n" +
				"FROM platform.PipelineKnownHosts",
		},
	},
}

// PipelineCaches are what pipelines keep from one run to the next.
var PipelineCaches = Table{
	Name:        "PipelineCaches",
	Description: "Caches of the pipelines of a repository.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the cache, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the cache in the configuration."},
		{Name: "Path", Type: Text, Path: "path", Description: "Directory that it keeps."},
		{Name: "FileSizeBytes", Type: Integer, Path: "file_size_bytes", Description: "Size in bytes."},
		{Name: "KeyHash", Type: Text, Path: "key_hash", Description: "Hash of the files that it depends on; NULL for caches that depend on none."},
		{Name: "PipelineUUID", Type: Text, Path: "pipeline_uuid", References: "Pipelines.UUID", Description: "UUID of the pipeline that made it."},
		{Name: "StepUUID", Type: Text, Path: "step_uuid", References: "PipelineSteps.UUID", Description: "UUID of the step that made it."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
	},
	Endpoints: []Endpoint{{
		Path: pipelineHyphenPath + "/caches", Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "How large the caches of each repository are:",
			SQL: "SELECT RepositorySlug, COUNT(*) AS Caches, SUM(FileSizeBytes) / 1048576 AS MiB\n" +
				"FROM Workspace.PipelineCaches\nGROUP BY RepositorySlug\nORDER BY MiB DESC",
		},
		{
			Says: "Caches older than a week, which Bitbucket is about to drop:",
			SQL: "SELECT Name, Path, FileSizeBytes, CreatedOn\nFROM platform.PipelineCaches\n" +
				"WHERE CreatedOn < DATEADD(day, -7, GETDATE())",
		},
	},
}

// PipelineCacheURIs are where the contents of caches can be fetched.
var PipelineCacheURIs = Table{
	Name:        "PipelineCacheURIs",
	Description: "Addresses from which the contents of caches can be fetched, for a short time.",
	Scope:       RepositoryScope,
	Key:         []string{"CacheUUID"},
	Columns: []Column{
		{
			Name: "CacheUUID", Type: Text, Param: "cache_uuid", References: "PipelineCaches.UUID",
			Description: "UUID of the cache, in braces. Without a condition on it, every cache is asked.",
		},
		{Name: "URI", Type: Text, Path: "uri", Description: "The address. Whoever knows it can read the cache while it is valid."},
	},
	Parent: &Parent{Table: "PipelineCaches", Columns: map[string]string{"CacheUUID": "UUID"}},
	Endpoints: []Endpoint{{
		Path: pipelineHyphenPath + "/caches/{cache_uuid}/content-uri", Paging: One,
		Binds: map[string]string{"cache_uuid": "CacheUUID"}, Forms: map[string]Form{"cache_uuid": UUIDForm},
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "Where to download one cache:",
			SQL: "SELECT u.URI\nFROM platform.PipelineCaches c\nJOIN platform.PipelineCacheURIs u ON u.CacheUUID = c.UUID\n" +
				"WHERE c.Name = 'node'",
		},
		{
			Says: "Addresses of the largest caches:",
			SQL: "SELECT c.Name, c.FileSizeBytes, u.URI\n" +
				"FROM (SELECT UUID, Name, FileSizeBytes FROM platform.PipelineCaches ORDER BY FileSizeBytes DESC LIMIT 3) c\n" +
				"JOIN platform.PipelineCacheURIs u ON u.CacheUUID = c.UUID",
		},
	},
}

// RepositoryRunners are the self-hosted runners of repositories.
var RepositoryRunners = Table{
	Name:        "RepositoryRunners",
	Description: "Self-hosted runners of a repository, without those of its workspace.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns:     runnerColumns(),
	Endpoints: []Endpoint{
		{
			Path: pipelineHyphenPath + "/runners", Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: "runner", TokenScope: "read:runner:bitbucket",
		},
		{
			Path: pipelineHyphenPath + "/runners/{runner_uuid}", Paging: One,
			Binds: map[string]string{"runner_uuid": "UUID"}, Forms: map[string]Form{"runner_uuid": UUIDForm},
			Scope: "runner", TokenScope: "read:runner:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Runners of all repositories that are not at work:",
			SQL: "SELECT RepositorySlug, Name, StateStatus, StateUpdatedOn\nFROM Workspace.RepositoryRunners\n" +
				"WHERE StateStatus <> 'ONLINE'",
		},
		{
			Says: "Runners that should be updated:",
			SQL: "SELECT Name, StateVersion, StateVersionCurrent\nFROM platform.RepositoryRunners\n" +
				"WHERE StateVersion <> StateVersionCurrent",
		},
	},
}
