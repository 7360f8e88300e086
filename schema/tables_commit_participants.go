package schema

import "slices"

// CommitParticipants are those who took part in commits.
var CommitParticipants = Table{
	Name:        "CommitParticipants",
	Description: "Who approved a commit or commented on it.",
	Scope:       RepositoryScope,
	Key:         []string{"CommitHash", "UserUUID"},
	Columns: slices.Concat([]Column{commitHash()}, account("User", "user", "the participant"), []Column{
		{Name: "Role", Type: Text, Path: "role", Description: "PARTICIPANT or REVIEWER."},
		{Name: "Approved", Type: Boolean, Path: "approved", Description: "Whether the participant approved."},
		{Name: "State", Type: Text, Path: "state", Description: "approved or changes_requested; NULL while there is no verdict."},
		{Name: "ParticipatedOn", Type: Timestamp, Path: "participated_on", Description: "When the participant last took part; NULL if never."},
		{Name: "CommitDate", Type: Timestamp, Path: "^.date", Description: "Date of the commit."},
		{Name: "CommitMessage", Type: Text, Path: "^.message", Description: "Message of the commit."},
	}),
	Parent: &commitOf,
	Endpoints: []Endpoint{{
		Path: commitPath, Paging: One, Each: &Each{Member: "participants"},
		Binds: map[string]string{"commit": "CommitHash"}, Forms: commitForms,
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Who approved the heads of branches:",
			SQL: "SELECT b.Name, p.UserName, p.ParticipatedOn\nFROM platform.Branches b\n" +
				"JOIN platform.CommitParticipants p ON p.CommitHash = b.TargetCommitHash\nWHERE p.Approved = 1",
		},
		{
			Says: "Commits of one's own that one approved, in a small repository:",
			SQL: "SELECT c.Hash, c.AuthorName\nFROM [cli-tools].Commits c\n" +
				"JOIN [cli-tools].CommitParticipants p ON p.CommitHash = c.Hash AND p.UserUUID = c.AuthorUUID\nWHERE p.Approved = 1",
		},
	},
}
