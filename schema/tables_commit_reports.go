package schema

// CommitReports are the reports of other tools on commits.
var CommitReports = Table{
	Name:        "CommitReports",
	Description: "Reports of other tools on commits: security, coverage, tests and bugs (code insights).",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "UUID"},
	Columns: []Column{
		commitHash(),
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the report."},
		{Name: "ExternalId", Type: Text, Path: "external_id", Description: "Id that the tool gave the report."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title."},
		{Name: "Details", Type: Text, Path: "details", Description: "What the report is about."},
		{Name: "ReportType", Type: Text, Path: "report_type", Description: "SECURITY, COVERAGE, TEST or BUG."},
		{Name: "Result", Type: Text, Path: "result", Description: "PASSED, FAILED or PENDING."},
		{Name: "Reporter", Type: Text, Path: "reporter", Description: "Tool or company that made the report."},
		{Name: "Link", Type: Text, Path: "link", Description: "Address of the results at the tool."},
		{Name: "LogoURL", Type: Text, Path: "logo_url", Description: "Address of the report's logo."},
		{Name: "RemoteLinkEnabled", Type: Boolean, Path: "remote_link_enabled", Description: "Whether Jira links to it from the work item of the commit."},
		{Name: "Data", Type: JSON, Path: "data", Description: "Up to ten figures, each with title, type and value, as a JSON array."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
	},
	Parent: &commitOf,
	Endpoints: []Endpoint{
		{
			Path: commitPath + "/reports", Paging: Numbered, MaxPage: 100, NoSize: true,
			Binds: map[string]string{"commit": "CommitHash"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: commitPath + "/reports/{reportId}", Paging: One,
			Binds: map[string]string{"commit": "CommitHash", "reportId": "UUID"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: commitPath + "/reports/{reportId}", Paging: One,
			Binds: map[string]string{"commit": "CommitHash", "reportId": "ExternalId"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Reports on the newest commit of each branch:",
			SQL: "SELECT b.Name, r.ReportType, r.Result, r.Title\nFROM platform.Branches b\n" +
				"JOIN platform.CommitReports r ON r.CommitHash = b.TargetCommitHash",
		},
		{
			Says: "The figures of the reports, a row each:",
			SQL: "SELECT r.Title, d.value ->> 'title' AS figure, d.value ->> 'value' AS value\n" +
				"FROM platform.Branches b\nJOIN platform.CommitReports r ON r.CommitHash = b.TargetCommitHash\nJOIN json_each(r.Data) d",
		},
	},
}

// CommitReportAnnotations are what reports say of lines.
var CommitReportAnnotations = Table{
	Name:        "CommitReportAnnotations",
	Description: "What reports on commits say of single files and lines.",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "ReportUUID", "UUID"},
	Columns: []Column{
		commitHash(),
		{
			Name: "ReportUUID", Type: Text, Param: "reportId", References: "CommitReports.UUID",
			Description: "UUID of the report; Bitbucket finds it by its external id, too. Without a condition on it, every report of the commit is asked.",
		},
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the annotation."},
		{Name: "ExternalId", Type: Text, Path: "external_id", Description: "Id that the tool gave the annotation."},
		{Name: "AnnotationType", Type: Text, Path: "annotation_type", Description: "VULNERABILITY, CODE_SMELL or BUG."},
		{Name: "Path", Type: Text, Path: "path", Description: "File that it is about."},
		{Name: "Line", Type: Integer, Path: "line", Description: "Line that it is about; 0 for the whole file."},
		{Name: "Summary", Type: Text, Path: "summary", Description: "What it says."},
		{Name: "Details", Type: Text, Path: "details", Description: "What it says at length."},
		{Name: "Result", Type: Text, Path: "result", Description: "PASSED, FAILED, SKIPPED or IGNORED."},
		{Name: "Severity", Type: Text, Path: "severity", Description: "CRITICAL, HIGH, MEDIUM or LOW."},
		{Name: "Link", Type: Text, Path: "link", Description: "Address of the annotation at the tool."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
	},
	Parent: &Parent{Table: "CommitReports", Columns: map[string]string{"CommitHash": "CommitHash", "ReportUUID": "UUID"}},
	Endpoints: []Endpoint{
		{
			Path: commitPath + "/reports/{reportId}/annotations", Paging: Numbered, MaxPage: 100, NoSize: true,
			Binds: map[string]string{"commit": "CommitHash", "reportId": "ReportUUID"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: commitPath + "/reports/{reportId}/annotations/{annotationId}", Paging: One,
			Binds: map[string]string{"commit": "CommitHash", "reportId": "ReportUUID", "annotationId": "UUID"}, Forms: commitForms,
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What is wrong on the main branch:",
			SQL: "SELECT a.Severity, a.Path, a.Line, a.Summary\nFROM platform.Branches b\n" +
				"JOIN platform.CommitReportAnnotations a ON a.CommitHash = b.TargetCommitHash\nWHERE b.Name = 'main'",
		},
		{
			Says: "Annotations by severity, over the newest commits of all branches:",
			SQL: "SELECT a.Severity, COUNT(*)\nFROM platform.Branches b\n" +
				"JOIN platform.CommitReportAnnotations a ON a.CommitHash = b.TargetCommitHash\nGROUP BY a.Severity",
		},
	},
}
