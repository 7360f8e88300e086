package schema

import "slices"

const (
	pipelinePath   = repositoryPath + "/pipelines"
	pipelineScope  = "pipeline"
	pipelineAccess = "read:pipeline:bitbucket"
)

// Pipelines are the pipeline runs of a repository.
var Pipelines = Table{
	Name:        "Pipelines",
	Description: "Pipeline runs of a repository, oldest first. None where pipelines are switched off.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the pipeline, in braces."},
		{Name: "BuildNumber", Type: Integer, Path: "build_number", Description: "Number of the pipeline, unique in the repository."},
		{Name: "StateName", Type: Text, Path: "state.name", Description: "PENDING, IN_PROGRESS or COMPLETED."},
		{Name: "ResultName", Type: Text, Path: "state.result.name", Description: "SUCCESSFUL, FAILED, ERROR, STOPPED or EXPIRED; NULL until it is completed."},
		{Name: "StageName", Type: Text, Path: "state.stage.name", Description: "RUNNING, PAUSED or the like while it is in progress."},
		{Name: "TargetType", Type: Text, Path: "target.type", Description: "pipeline_ref_target, pipeline_commit_target or pipeline_pullrequest_target."},
		{Name: "TargetRefType", Type: Text, Path: "target.ref_type", Description: "branch or tag."},
		{Name: "TargetRefName", Type: Text, Path: "target.ref_name", Description: "Branch or tag that it ran for."},
		{Name: "TargetCommitHash", Type: Text, Path: "target.commit.hash", References: "Commits.Hash", Description: "Commit that it ran for."},
		{Name: "TargetSelectorType", Type: Text, Path: "target.selector.type", Description: "Section of the configuration that chose its steps."},
		{Name: "TargetSelectorPattern", Type: Text, Path: "target.selector.pattern", Description: "Pattern or name in that section."},
		{Name: "TargetPullRequestId", Type: Integer, Path: "target.pullrequest.id", References: "PullRequests.Id", Description: "Pull request that it ran for."},
		{Name: "TargetSource", Type: Text, Path: "target.source", Description: "Source branch of that pull request."},
		{Name: "TargetDestination", Type: Text, Path: "target.destination", Description: "Destination branch of that pull request."},
		{Name: "TriggerName", Type: Text, Path: "trigger.name", Description: "What started it: PUSH, MANUAL, SCHEDULE or the like."},
		{Name: "TriggerType", Type: Text, Path: "trigger.type", Description: "Type of the trigger."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was started."},
		{Name: "CompletedOn", Type: Timestamp, Path: "completed_on", Description: "When it was completed; NULL until then."},
		{Name: "DurationInSeconds", Type: Integer, Path: "duration_in_seconds", Description: "Time from start to end, in seconds."},
		{Name: "BuildSecondsUsed", Type: Integer, Path: "build_seconds_used", Description: "Build time that it was charged, in seconds."},
		{Name: "RunNumber", Type: Integer, Path: "run_number", Description: "Number of the run: 2 and more when it was run again."},
		{Name: "FirstSuccessful", Type: Boolean, Path: "first_successful", Description: "Whether it is the first successful one."},
		{Name: "Expired", Type: Boolean, Path: "expired", Description: "Whether its logs and artifacts are gone."},
		{Name: "HasVariables", Type: Boolean, Path: "has_variables", Description: "Whether it was started with variables."},
	}, account("Creator", "creator", "the account that started it"), []Column{
		{Name: "TerminatorUUID", Type: Text, Path: "state.result.terminator.uuid", References: "Users.UUID", Description: "UUID of the account that stopped it."},
		{Name: "TerminatorName", Type: Text, Path: "state.result.terminator.display_name", Description: "Display name of the account that stopped it."},
		{Name: "ErrorKey", Type: Text, Path: "state.result.error.key", Description: "Key of the error that ended it."},
		{Name: "ErrorMessage", Type: Text, Path: "state.result.error.message", Description: "Message of the error that ended it."},
	}, repository("", "repository", "the repository"), []Column{
		{Name: "ConfigurationSources", Type: JSON, Path: "configuration_sources", Description: "Where its configuration came from, as a JSON array."},
		{Name: "Labels", Type: JSON, Path: "labels", Description: "Labels, as a JSON object."},
		allLinks,
	}),
	Endpoints: []Endpoint{
		{
			Path: pipelinePath, TrailingSlash: true, Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Filters: []Filter{
				{Column: "CreatorUUID", Param: "creator.uuid", Ops: EQ, Exact: EQ, Form: UUIDForm},
				{Column: "TargetRefType", Param: "target.ref_type", Ops: EQ, Spelling: map[string]string{"branch": "BRANCH", "tag": "TAG"}},
				{Column: "TargetRefName", Param: "target.ref_name", Ops: EQ},
				{Column: "TargetCommitHash", Param: "target.commit.hash", Ops: EQ, Form: HashForm},
				{Column: "TriggerName", Param: "trigger_type", Ops: EQ, Spelling: map[string]string{"PUSH": "PUSH", "MANUAL": "MANUAL"}},
				{
					Column: "ResultName", Param: "status", Ops: Equality,
					Spelling: map[string]string{"SUCCESSFUL": "PASSED", "FAILED": "FAILED", "ERROR": "ERROR", "STOPPED": "STOPPED"},
				},
			},
			Sorts: []Sort{{Column: "CreatedOn", Field: "created_on"}},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelinePath + "/{pipeline_uuid}", Paging: One,
			Binds: map[string]string{"pipeline_uuid": "UUID"}, Forms: map[string]Form{"pipeline_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelinePath + "/{pipeline_uuid}", Paging: One, Binds: map[string]string{"pipeline_uuid": "BuildNumber"},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Build minutes of all repositories, by month:",
			SQL: "SELECT STRFTIME('%Y-%m', CreatedOn) AS Month, RepositorySlug, SUM(BuildSecondsUsed) / 60 AS Minutes\n" +
				"FROM Workspace.Pipelines\nGROUP BY Month, RepositorySlug\nORDER BY Month DESC, Minutes DESC",
		},
		{
			Says: "The last pipeline of the main branch that succeeded:",
			SQL: "SELECT BuildNumber, TargetCommitHash, CompletedOn, DurationInSeconds\nFROM platform.Pipelines\n" +
				"WHERE TargetRefName = 'main' AND ResultName = 'SUCCESSFUL'\nORDER BY CreatedOn DESC\nLIMIT 1",
		},
	},
}

// PipelineSteps are the steps of pipeline runs.
var PipelineSteps = Table{
	Name:        "PipelineSteps",
	Description: "Steps of pipeline runs.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "UUID"},
	Columns: []Column{
		{
			Name: "PipelineUUID", Type: Text, Param: "pipeline_uuid", References: "Pipelines.UUID",
			Description: "UUID of the pipeline, in braces. Without a condition on it, every pipeline is asked.",
		},
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the step, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the step in the configuration."},
		{Name: "StateName", Type: Text, Path: "state.name", Description: "PENDING, READY, IN_PROGRESS or COMPLETED."},
		{Name: "ResultName", Type: Text, Path: "state.result.name", Description: "SUCCESSFUL, FAILED, ERROR, STOPPED, EXPIRED or NOT_RUN; NULL until it is completed."},
		{Name: "StageName", Type: Text, Path: "state.stage.name", Description: "RUNNING, PAUSED or the like while it is in progress."},
		{Name: "StartedOn", Type: Timestamp, Path: "started_on", Description: "When it was started; NULL until then."},
		{Name: "CompletedOn", Type: Timestamp, Path: "completed_on", Description: "When it was completed; NULL until then."},
		{Name: "DurationInSeconds", Type: Integer, Path: "duration_in_seconds", Description: "Time from start to end, in seconds."},
		{Name: "BuildSecondsUsed", Type: Integer, Path: "build_seconds_used", Description: "Build time that it was charged, in seconds."},
		{Name: "MaxTime", Type: Integer, Path: "maxTime", Description: "Time after which it is stopped, in minutes."},
		{Name: "RunNumber", Type: Integer, Path: "run_number", Description: "Number of the run: 2 and more when it was run again."},
		{Name: "ImageName", Type: Text, Path: "image.name", Description: "Docker image that it ran in."},
		{Name: "TriggerType", Type: Text, Path: "trigger.type", Description: "Whether it starts by itself or by hand."},
		{Name: "SetupCommands", Type: JSON, Path: "setup_commands", Description: "Commands that prepared it, as a JSON array."},
		{Name: "ScriptCommands", Type: JSON, Path: "script_commands", Description: "Commands of its script, as a JSON array."},
		{Name: "TeardownCommands", Type: JSON, Path: "teardown_commands", Description: "Commands that cleaned up after it, as a JSON array."},
	},
	Parent: &Parent{Table: "Pipelines", Columns: map[string]string{"PipelineUUID": "UUID"}},
	Endpoints: []Endpoint{
		{
			Path: pipelinePath + "/{pipeline_uuid}/steps", Paging: Single,
			Binds: map[string]string{"pipeline_uuid": "PipelineUUID"}, Forms: map[string]Form{"pipeline_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: pipelinePath + "/{pipeline_uuid}/steps/{step_uuid}", Paging: One,
			Binds: map[string]string{"pipeline_uuid": "PipelineUUID", "step_uuid": "UUID"},
			Forms: map[string]Form{"pipeline_uuid": UUIDForm, "step_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Steps that fail most often in the last twenty failed pipelines:",
			SQL: "SELECT s.Name, COUNT(*) AS Failures\n" +
				"FROM (SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED' ORDER BY CreatedOn DESC LIMIT 20) p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\nWHERE s.ResultName = 'FAILED'\nGROUP BY s.Name\n" +
				"ORDER BY Failures DESC",
		},
		{
			Says: "Where the time of one pipeline went:",
			SQL: "SELECT s.Name, s.ImageName, s.DurationInSeconds, s.ResultName\nFROM platform.Pipelines p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\nWHERE p.BuildNumber = 132\n" +
				"ORDER BY s.DurationInSeconds DESC",
		},
	},
}

// Environments are the deployment environments of a repository.
var Environments = Table{
	Name:        "Environments",
	Description: "Deployment environments of a repository.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the environment, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the environment."},
		{Name: "Slug", Type: Text, Path: "slug", Description: "Slug of the environment."},
		{Name: "EnvironmentTypeName", Type: Text, Path: "environment_type.name", Description: "Test, Staging or Production."},
		{Name: "EnvironmentTypeRank", Type: Integer, Path: "environment_type.rank", Description: "Place of the type in the order from test to production."},
		{Name: "Rank", Type: Integer, Path: "rank", Description: "Place of the environment among those of its type."},
		{Name: "Hidden", Type: Boolean, Path: "hidden", Description: "Whether it is hidden from the deployments page."},
	},
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/environments", TrailingSlash: true, Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: repositoryPath + "/environments/{environment_uuid}", Paging: One,
			Binds: map[string]string{"environment_uuid": "UUID"}, Forms: map[string]Form{"environment_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The way of a release from test to production:",
			SQL:  "SELECT Name, EnvironmentTypeName\nFROM platform.Environments\nORDER BY EnvironmentTypeRank, Rank",
		},
		{
			Says: "Repositories that deploy to production:",
			SQL: "SELECT RepositorySlug, COUNT(*) AS Environments\nFROM Workspace.Environments\n" +
				"WHERE EnvironmentTypeName = 'Production'\nGROUP BY RepositorySlug",
		},
	},
}

// Deployments are the deployments of a repository.
var Deployments = Table{
	Name:        "Deployments",
	Description: "Deployments of a repository to its environments.",
	Scope:       RepositoryScope,
	Key:         []string{"UUID"},
	Columns: slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the deployment, in braces."},
		{Name: "StateName", Type: Text, Path: "state.name", Description: "UNDEPLOYED, IN_PROGRESS or COMPLETED."},
		{Name: "StatusName", Type: Text, Path: "state.status.name", Description: "SUCCESSFUL, FAILED or STOPPED; NULL until it is completed."},
		{Name: "EnvironmentUUID", Type: Text, Path: "environment.uuid", References: "Environments.UUID", Description: "UUID of the environment."},
		{Name: "EnvironmentName", Type: Text, Path: "environment.name", Description: "Name of the environment, where Bitbucket gives it."},
		{Name: "ReleaseUUID", Type: Text, Path: "release.uuid", Description: "UUID of the release."},
		{Name: "ReleaseName", Type: Text, Path: "release.name", Description: "Name of the release."},
		{Name: "ReleaseURL", Type: Text, Path: "release.url", Description: "Address of the pipeline that made the release."},
		{Name: "ReleaseCommitHash", Type: Text, Path: "release.commit.hash", Description: "Commit of the release."},
		{Name: "ReleaseCreatedOn", Type: Timestamp, Path: "release.created_on", Description: "When the release was made."},
		{Name: "CommitHash", Type: Text, Path: "deployable.commit.hash|release.commit.hash", References: "Commits.Hash", Description: "Commit that was deployed."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the deployment was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "last_update_time", Description: "When it last changed."},
		{Name: "StartedOn", Type: Timestamp, Path: "state.start_date|state.started_on", Description: "When it started."},
		{Name: "CompletedOn", Type: Timestamp, Path: "state.completion_date|state.completed_on", Description: "When it was completed."},
		{Name: "StateURL", Type: Text, Path: "state.url", Description: "Address of the pipeline step that deploys."},
	}, account("Deployer", "state.deployer", "the account that deployed")),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/deployments", TrailingSlash: true, Paging: Numbered, MaxPage: 100, AbsentWhenOff: true,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: repositoryPath + "/deployments/{deployment_uuid}", Paging: One,
			Binds: map[string]string{"deployment_uuid": "UUID"}, Forms: map[string]Form{"deployment_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What is deployed where now:",
			SQL: "SELECT EnvironmentName, ReleaseName, CommitHash, MAX(CompletedOn) AS CompletedOn\n" +
				"FROM platform.Deployments\nWHERE StatusName = 'SUCCESSFUL'\nGROUP BY EnvironmentName",
		},
		{
			Says: "Deployments to production by month, and how many failed:",
			SQL: "SELECT RepositorySlug, STRFTIME('%Y-%m', CompletedOn) AS Month, COUNT(*) AS Deployments,\n" +
				"  SUM(StatusName = 'FAILED') AS Failed\nFROM Workspace.Deployments\n" +
				"WHERE EnvironmentName = 'Production' AND StateName = 'COMPLETED'\nGROUP BY RepositorySlug, Month",
		},
	},
}
