-- Branches, tags, commits, pipelines and deployments.

-- name: refs branch by name
SELECT Name, TargetCommitHash FROM Branches WHERE Name = 'main';

-- name: refs branch by name with slash
SELECT Name FROM Branches WHERE Name = 'release/2.1';

-- name: refs branches like
SELECT Name FROM Branches WHERE Name LIKE 'release/%' OR Name LIKE '%größe%';

-- name: refs branches with odd names
SELECT Name FROM Branches WHERE Name LIKE '%100!%%' ESCAPE '!' OR Name LIKE '%a\_b%' ESCAPE '\';

-- name: refs branch missing
SELECT Name FROM Branches WHERE Name = 'no/such/branch';

-- name: refs tags annotated
SELECT Name, Message, TaggerName FROM Tags WHERE Message IS NOT NULL;

-- name: refs tag with odd name
SELECT Name FROM Tags WHERE Name = 'special-;&#=@|.,/täg';

-- name: refs tags and branches on one commit
SELECT t.Name, b.Name FROM Tags t JOIN Branches b ON b.TargetCommitHash = t.TargetCommitHash;

-- name: refs commits of an author
SELECT Hash, Message FROM Commits WHERE AuthorName = 'Priya Raghunathan';

-- name: refs commits count
SELECT COUNT(*), COUNT(AuthorUUID), COUNT(DISTINCT AuthorRaw) FROM Commits;

-- name: refs commit by hash
SELECT c.Hash, c.Message FROM Commits c WHERE c.Hash = (SELECT TargetCommitHash FROM Branches WHERE Name = 'main');

-- name: refs merge commits of pull requests
SELECT p.Id, c.Date FROM PullRequests p JOIN Commits c ON c.Hash = p.MergeCommitHash WHERE p.Id BETWEEN 10 AND 25;

-- name: refs pipelines by result
SELECT BuildNumber, ResultName, DurationInSeconds FROM Pipelines WHERE ResultName IN ('FAILED', 'ERROR');

-- name: refs pipelines of main
SELECT BuildNumber FROM Pipelines WHERE TargetRefType = 'branch' AND TargetRefName = 'main' AND ResultName = 'SUCCESSFUL';

-- name: refs pipeline by number
SELECT BuildNumber, StateName FROM Pipelines WHERE BuildNumber = 12;

-- name: refs pipelines not completed
SELECT BuildNumber FROM Pipelines WHERE NOT StateName = 'COMPLETED' OR ResultName IS NULL;

-- name: refs slowest steps
SELECT s.Name, COUNT(*), MAX(s.DurationInSeconds) FROM Pipelines p JOIN PipelineSteps s ON s.PipelineUUID = p.UUID WHERE p.ResultName = 'FAILED' GROUP BY s.Name;

-- name: refs deployments to production
SELECT d.StateName, d.StatusName, COUNT(*) FROM Deployments d JOIN Environments e ON e.UUID = d.EnvironmentUUID WHERE e.Name = 'Production' GROUP BY d.StateName, d.StatusName;

-- name: refs environment with quotes
SELECT Name, Slug FROM Environments WHERE Name = 'Staging EU "blue"';

-- name: refs comments of one pull request
-- ordered: true
SELECT Id, ParentId, UserName, ContentRaw FROM PullRequestComments WHERE PullRequestId = 10 ORDER BY Id;

-- name: refs activity of one pull request
SELECT Kind, Date, UserName FROM PullRequestActivity WHERE PullRequestId = 11;

-- name: refs inline comments
SELECT PullRequestId, Id, InlinePath, InlineTo FROM PullRequestComments WHERE PullRequestId IN (1, 2, 3, 4, 5, 6) AND InlinePath IS NOT NULL;

-- name: refs reviewers who want changes
SELECT PullRequestId, UserName FROM PullRequestReviewers WHERE State = 'changes_requested' AND PullRequestState = 'OPEN';
