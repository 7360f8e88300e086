package schema

import "slices"

// pipelineStepOf is the parent of tables of one step.
var pipelineStepOf = Parent{Table: "PipelineSteps", Columns: map[string]string{"PipelineUUID": "PipelineUUID", "StepUUID": "UUID"}}

var (
	stepBinds = map[string]string{"pipeline_uuid": "PipelineUUID", "step_uuid": "StepUUID"}
	stepForms = map[string]Form{"pipeline_uuid": UUIDForm, "step_uuid": UUIDForm}
)

const stepPath = pipelinePath + "/{pipeline_uuid}/steps/{step_uuid}"

// pipelineStep is the columns that name a step; more is what a query that leaves them out costs.
func pipelineStep(more string) []Column {
	return []Column{
		{Name: "PipelineUUID", Type: Text, Param: "pipeline_uuid", References: "Pipelines.UUID", Description: "UUID of the pipeline, in braces." + more},
		{Name: "StepUUID", Type: Text, Param: "step_uuid", References: "PipelineSteps.UUID", Description: "UUID of the step, in braces." + more},
	}
}

const everyStep = " Without conditions on pipeline and step, every step of every pipeline is asked."

// logText is the columns of a log.
func logText() []Column {
	return []Column{
		{Name: "ContentText", Type: Text, Path: ".", Description: "The log as text; bytes that are no UTF-8 are replaced."},
		{Name: "Content", Type: Blob, Path: ".", Description: "The log as it is."},
		{Name: "Size", Type: Integer, Path: ".", Description: "Length in bytes."},
	}
}

// PipelineStepLogs are the logs of steps.
var PipelineStepLogs = Table{
	Name:        "PipelineStepLogs",
	Description: "Logs of the scripts of steps. Needs PipelineUUID and StepUUID. A step that did not run, or whose log has expired, has none.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "StepUUID"},
	Columns:     slices.Concat(pipelineStep(""), logText()),
	Examples: []Example{
		{
			Says: "The logs of the steps that failed in the last pipeline that failed:",
			SQL: "SELECT s.Name, l.ContentText\n" +
				"FROM (SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED' ORDER BY CreatedOn DESC LIMIT 1) p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\n" +
				"JOIN platform.PipelineStepLogs l ON l.PipelineUUID = s.PipelineUUID AND l.StepUUID = s.UUID\n" +
				"WHERE s.ResultName = 'FAILED'",
		},
		{
			Says: "Steps of one pipeline whose log speaks of an error:",
			SQL: "SELECT s.Name, l.Size\nFROM platform.Pipelines p\nJOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\n" +
				"JOIN platform.PipelineStepLogs l ON l.PipelineUUID = p.UUID AND l.StepUUID = s.UUID\n" +
				"WHERE p.BuildNumber = 136 AND l.ContentText LIKE '%error%'",
		},
	},
	Endpoints: []Endpoint{{
		Path: stepPath + "/log", Paging: Raw, AbsentWhenOff: true, Binds: stepBinds, Forms: stepForms,
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
}

// PipelineContainerLogs are the logs of the containers of steps.
var PipelineContainerLogs = Table{
	Name:        "PipelineContainerLogs",
	Description: "Logs of the build container and the service containers of steps. Needs PipelineUUID, StepUUID and LogUUID.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "StepUUID", "LogUUID"},
	Columns: slices.Concat(pipelineStep(""), []Column{
		{Name: "LogUUID", Type: Text, Param: "log_uuid", Description: "UUID of the log, in braces: that of the step for its build container, or that of a service."},
	}, logText()),
	Examples: []Example{
		{
			Says: "The log of the build container of each step of one pipeline:",
			SQL: "SELECT s.Name, l.ContentText\nFROM platform.Pipelines p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\n" +
				"JOIN platform.PipelineContainerLogs l ON l.PipelineUUID = p.UUID AND l.StepUUID = s.UUID AND l.LogUUID = s.UUID\n" +
				"WHERE p.BuildNumber = 2",
		},
		{
			Says: "How much the last three pipelines that succeeded have logged:",
			SQL: "SELECT p.BuildNumber, SUM(l.Size) AS Bytes\n" +
				"FROM (SELECT UUID, BuildNumber FROM platform.Pipelines WHERE ResultName = 'SUCCESSFUL' ORDER BY CreatedOn DESC LIMIT 3) p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\n" +
				"JOIN platform.PipelineContainerLogs l ON l.PipelineUUID = p.UUID AND l.StepUUID = s.UUID AND l.LogUUID = s.UUID\n" +
				"GROUP BY p.BuildNumber",
		},
	},
	Endpoints: []Endpoint{{
		Path: stepPath + "/logs/{log_uuid}", Paging: Raw,
		Binds: map[string]string{"pipeline_uuid": "PipelineUUID", "step_uuid": "StepUUID", "log_uuid": "LogUUID"},
		Forms: map[string]Form{"pipeline_uuid": UUIDForm, "step_uuid": UUIDForm, "log_uuid": UUIDForm},
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
}

// PipelineTestReports are the sums of the test results of steps.
var PipelineTestReports = Table{
	Name:        "PipelineTestReports",
	Description: "Test results of steps, summed up. A step without tests has none. Atlassian's document does not say what they are made of: columns are as seen, the rest is in Object.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "StepUUID"},
	Columns: slices.Concat(pipelineStep(everyStep), []Column{
		{Name: "TestCases", Type: Integer, Path: "number_of_test_cases", Description: "Number of test cases."},
		{Name: "SuccessfulTestCases", Type: Integer, Path: "number_of_successful_test_cases", Description: "Number of test cases that succeeded."},
		{Name: "FailedTestCases", Type: Integer, Path: "number_of_failed_test_cases", Description: "Number of test cases that failed."},
		{Name: "ErrorTestCases", Type: Integer, Path: "number_of_error_test_cases", Description: "Number of test cases that ended in an error."},
		{Name: "SkippedTestCases", Type: Integer, Path: "number_of_skipped_test_cases", Description: "Number of test cases that were skipped."},
		{Name: "Object", Type: JSON, Path: ".", Description: "The whole report, as a JSON object."},
	}),
	Parent: &pipelineStepOf,
	Endpoints: []Endpoint{{
		Path: stepPath + "/test_reports", Paging: One, AbsentWhenOff: true, Binds: stepBinds, Forms: stepForms,
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "Tests of the last five pipelines of the main branch:",
			SQL: "SELECT p.BuildNumber, SUM(t.TestCases) AS Tests, SUM(t.FailedTestCases) AS Failed, SUM(t.SkippedTestCases) AS Skipped\n" +
				"FROM (SELECT UUID, BuildNumber FROM platform.Pipelines WHERE TargetRefName = 'main' ORDER BY CreatedOn DESC LIMIT 5) p\n" +
				"JOIN platform.PipelineTestReports t ON t.PipelineUUID = p.UUID\nGROUP BY p.BuildNumber",
		},
		{
			Says: "Steps of one pipeline, with the share of their tests that succeeded:",
			SQL: "SELECT s.Name, 100 * t.SuccessfulTestCases / t.TestCases AS Percent\nFROM platform.Pipelines p\n" +
				"JOIN platform.PipelineSteps s ON s.PipelineUUID = p.UUID\n" +
				"JOIN platform.PipelineTestReports t ON t.PipelineUUID = p.UUID AND t.StepUUID = s.UUID\n" +
				"WHERE p.BuildNumber = 2",
		},
	},
}

// PipelineTestCases are the test cases of steps.
var PipelineTestCases = Table{
	Name:        "PipelineTestCases",
	Description: "Test cases that steps ran, with their results. Atlassian's document does not say what they are made of: columns are as seen, the rest is in Object.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "StepUUID", "UUID"},
	Columns: slices.Concat(pipelineStep(everyStep), []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the test case, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the test case."},
		{Name: "FullyQualifiedName", Type: Text, Path: "fully_qualified_name", Description: "Name of the test case with its package and class."},
		{Name: "PackageName", Type: Text, Path: "package_name", Description: "Package of the test case."},
		{Name: "Status", Type: Text, Path: "status", Description: "SUCCESSFUL, FAILED, ERROR or SKIPPED."},
		{Name: "Duration", Type: Text, Path: "duration", Description: "How long it took, as an ISO 8601 duration such as PT0.25S."},
		{Name: "Object", Type: JSON, Path: ".", Description: "The whole test case, as a JSON object."},
	}),
	Parent: &pipelineStepOf,
	Endpoints: []Endpoint{{
		Path: stepPath + "/test_reports/test_cases", Paging: Chained, AbsentWhenOff: true, MaxPage: 100, Binds: stepBinds, Forms: stepForms,
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
	Examples: []Example{
		{
			Says: "Tests that failed in the last five failed pipelines:",
			SQL: "SELECT c.FullyQualifiedName, c.Status, COUNT(*) AS Times\n" +
				"FROM (SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED' ORDER BY CreatedOn DESC LIMIT 5) p\n" +
				"JOIN platform.PipelineTestCases c ON c.PipelineUUID = p.UUID\nWHERE c.Status IN ('FAILED', 'ERROR')\n" +
				"GROUP BY c.FullyQualifiedName, c.Status\nORDER BY Times DESC",
		},
		{
			Says: "The slowest tests of one pipeline, in seconds:",
			SQL: "SELECT c.FullyQualifiedName, CAST(SUBSTR(c.Duration, 3) AS REAL) AS Seconds\nFROM platform.Pipelines p\n" +
				"JOIN platform.PipelineTestCases c ON c.PipelineUUID = p.UUID\nWHERE p.BuildNumber = 2\n" +
				"ORDER BY Seconds DESC\nLIMIT 5",
		},
	},
}

// PipelineTestCaseReasons are the outputs of test cases.
var PipelineTestCaseReasons = Table{
	Name:        "PipelineTestCaseReasons",
	Description: "Why test cases failed: their output. Needs PipelineUUID, StepUUID and TestCaseUUID. Atlassian's document does not say what they are made of: columns are as seen, the rest is in Object.",
	Scope:       RepositoryScope,
	Key:         []string{"PipelineUUID", "StepUUID", "TestCaseUUID", "Message", "StackTrace", "Output"},
	Columns: slices.Concat(pipelineStep(""), []Column{
		{Name: "TestCaseUUID", Type: Text, Param: "test_case_uuid", References: "PipelineTestCases.UUID", Description: "UUID of the test case, in braces."},
		{Name: "Message", Type: Text, Path: "message", Description: "Message of the failure."},
		{Name: "StackTrace", Type: Text, Path: "stack_trace", Description: "Stack trace of the failure."},
		{Name: "Output", Type: Text, Path: "output", Description: "What the test case wrote."},
		{Name: "Object", Type: JSON, Path: ".", Description: "The whole reason, as a JSON object."},
	}),
	Examples: []Example{
		{
			Says: "Why tests of the last pipeline that failed did so:",
			SQL: "SELECT c.FullyQualifiedName, r.Message\n" +
				"FROM (SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED' ORDER BY CreatedOn DESC LIMIT 1) p\n" +
				"JOIN platform.PipelineTestCases c ON c.PipelineUUID = p.UUID\nJOIN platform.PipelineTestCaseReasons r\n" +
				"  ON r.PipelineUUID = c.PipelineUUID AND r.StepUUID = c.StepUUID AND r.TestCaseUUID = c.UUID\n" +
				"WHERE c.Status IN ('FAILED', 'ERROR')",
		},
		{
			Says: "Messages that came up most in the last five failed pipelines:",
			SQL: "SELECT r.Message, COUNT(*) AS Times\n" +
				"FROM (SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED' ORDER BY CreatedOn DESC LIMIT 5) p\n" +
				"JOIN platform.PipelineTestCases c ON c.PipelineUUID = p.UUID AND c.Status = 'FAILED'\n" +
				"JOIN platform.PipelineTestCaseReasons r\n" +
				"  ON r.PipelineUUID = c.PipelineUUID AND r.StepUUID = c.StepUUID AND r.TestCaseUUID = c.UUID\n" +
				"GROUP BY r.Message\nORDER BY Times DESC",
		},
	},
	Endpoints: []Endpoint{{
		Path: stepPath + "/test_reports/test_cases/{test_case_uuid}/test_case_reasons", Paging: Chained, MaxPage: 100, AbsentWhenOff: true,
		Binds: map[string]string{"pipeline_uuid": "PipelineUUID", "step_uuid": "StepUUID", "test_case_uuid": "TestCaseUUID"},
		Forms: map[string]Form{"pipeline_uuid": UUIDForm, "step_uuid": UUIDForm, "test_case_uuid": UUIDForm},
		Scope: pipelineScope, TokenScope: pipelineAccess,
	}},
}
