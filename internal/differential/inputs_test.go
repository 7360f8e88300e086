package differential

import (
	"slices"
	"testing"
)

// TestInputs runs statements of tables whose rows depend on what the statement says of them, which plain tables cannot hold:
// the ways of the driver must agree among themselves, and find something.
func TestInputs(t *testing.T) {
	h := newHarness(t, "platform")
	for _, text := range []string{
		"SELECT b.Name, COUNT(*) FROM Branches b JOIN Commits c ON c.Revision = b.Name WHERE b.Name IN ('main', 'develop') GROUP BY b.Name",
		"SELECT b.Name, f.Path FROM Branches b JOIN Files f ON f.Revision = b.TargetCommitHash WHERE f.Directory = 'docs' AND b.Name LIKE 'm%'",
		"SELECT Path FROM Files WHERE MaxDepth = 9 AND Type = 'commit_file' AND Size > 100",
		"SELECT Revision, Path FROM Files WHERE (Revision = 'main' AND Path LIKE 'R%') OR (Revision = 'develop' AND Path LIKE 'R%')",
		"SELECT Revision, Path, Size FROM Files WHERE Revision IN ('main', 'develop')",
		"SELECT Size, ContentText, Content FROM FileContents WHERE Path IN ('README.md', 'no such file')",
		"SELECT c.Hash, d.Status, d.NewPath FROM (SELECT Hash FROM Commits ORDER BY Date DESC, Hash LIMIT 3) c JOIN DiffStats d ON d.Spec = c.Hash",
		"SELECT Hash FROM Commits WHERE Revision = 'main' AND Message LIKE '%fix%'",
		"SELECT h.Path, COUNT(*) FROM FileHistory h WHERE h.Path = 'README.md' GROUP BY h.Path",
		"SELECT length(ContentText) > 0 FROM PullRequestDiffs WHERE PullRequestId IN (SELECT Id FROM PullRequests WHERE State = 'OPEN' ORDER BY Id DESC LIMIT 3)",
		"SELECT s.Name, length(l.ContentText) FROM Pipelines p JOIN PipelineSteps s ON s.PipelineUUID = p.UUID " +
			"JOIN PipelineStepLogs l ON l.PipelineUUID = p.UUID AND l.StepUUID = s.UUID WHERE p.BuildNumber = 3",
		"SELECT r.StepUUID, COUNT(*) FROM Pipelines p JOIN PipelineSteps s ON s.PipelineUUID = p.UUID " +
			"JOIN PipelineTestCases c ON c.PipelineUUID = p.UUID AND c.StepUUID = s.UUID JOIN PipelineTestCaseReasons r " +
			"ON r.PipelineUUID = p.UUID AND r.StepUUID = s.UUID AND r.TestCaseUUID = c.UUID WHERE p.BuildNumber < 12 AND c.Status = 'FAILED' GROUP BY 1",
		"SELECT AppKey, PropertyName, Value FROM RepositoryProperties WHERE AppKey = 'acme-app' AND PropertyName = 'notes'",
		"SELECT SubjectType, COUNT(*) FROM HookEvents GROUP BY SubjectType",
		"SELECT u.DisplayName, a.DisplayName FROM Users u JOIN Accounts a ON a.UUID = u.UUID",
		"SELECT FilePath FROM CodeSearch WHERE SearchQuery = 'config'",
	} {
		want := answer{}
		for i, m := range h.modes[1:] {
			got := m.run(t.Context(), text, nil)
			if got.err != nil {
				t.Errorf("%s: %v\n%s", m.name, got.err, text)
				continue
			}
			slices.Sort(got.rows)
			if i == 0 {
				if want = got; len(want.rows) == 0 {
					t.Errorf("%s: no rows\n%s", m.name, text)
				}
				continue
			}
			if !slices.Equal(got.rows, want.rows) {
				t.Errorf("%s: %s\n%s", m.name, difference(got.rows, want.rows), text)
			}
		}
	}
}
