-- name: count by state
SELECT State, COUNT(*) FROM PullRequests GROUP BY State;

-- name: count by state in order
-- ordered: true
SELECT State, COUNT(*) AS n FROM PullRequests GROUP BY State ORDER BY State DESC;

-- name: count by state, the most frequent first
-- ordered: true
SELECT State, COUNT(*) AS n FROM PullRequests GROUP BY State ORDER BY n DESC, State LIMIT 2;

-- name: states
SELECT DISTINCT State FROM PullRequests;

-- name: first states in order
-- ordered: true
SELECT State FROM PullRequests ORDER BY State LIMIT 40 OFFSET 3;

-- name: count of cases
SELECT COUNT(CASE WHEN State = 'OPEN' THEN 1 END), SUM(State = 'MERGED'), COUNT(*) FILTER (WHERE State = 'DECLINED') FROM PullRequests;

-- name: count by state of some states
SELECT State, COUNT(*) FROM PullRequests WHERE State IN ('OPEN', 'SUPERSEDED', 'nonsense') GROUP BY State;

-- name: count by state of all but one
SELECT State, COUNT(*) FROM PullRequests WHERE State <> 'OPEN' GROUP BY State HAVING COUNT(*) > 1;

-- name: count by state of a range
SELECT State, COUNT(*) FROM PullRequests WHERE CreatedOn >= '2025-01-01' AND Id > 5 GROUP BY State;

-- name: count by state and draft
SELECT State, Draft, COUNT(*) FROM PullRequests GROUP BY State, Draft;

-- name: count by state of each repository
SELECT RepositorySlug, State, COUNT(*) FROM Workspace.PullRequests GROUP BY RepositorySlug, State;

-- name: count by state of joined repositories
SELECT r.ProjectKey, p.State, COUNT(*) FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug GROUP BY r.ProjectKey, p.State;

-- name: count by state in a subquery
SELECT x.State, y.n FROM (SELECT DISTINCT State FROM PullRequests) x JOIN (SELECT State, COUNT(*) AS n FROM [web-app].PullRequests GROUP BY State) y USING (State);

-- name: running count over states
-- ordered: true
SELECT State, COUNT(*) OVER (PARTITION BY State) AS n FROM PullRequests ORDER BY State;

-- name: count of a list
SELECT COUNT(*) FROM PullRequests WHERE State IN ('OPEN', 'MERGED');

-- name: count of a list of parameters
-- args: ["OPEN", "nonsense"]
SELECT COUNT(*) FROM PullRequests WHERE State IN (?, ?);

-- name: count of a range
-- args: ["2025-01-01T00:00:00Z", "2026-06-01"]
SELECT COUNT(*), 'x', COUNT(1) FROM PullRequests p WHERE p.CreatedOn >= ? AND CreatedOn < ?;

-- name: count between
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn BETWEEN '2025-01-01' AND '2026-06-01' AND Id > 3 AND Id <> 7 AND State <> 'OPEN';

-- name: count of an empty range
SELECT COUNT(*) FROM PullRequests WHERE Id > 5 AND Id < 6;

-- name: count of a range of one
SELECT COUNT(*) FROM PullRequests WHERE Id > 5 AND Id < 7 AND State IN ('OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED');

-- name: count of what a function bounds
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn < datetime('2026-03-01', '-7 days');

-- name: count where the column is read elsewhere
SELECT COUNT(*), COUNT(CASE WHEN Id > 20 THEN 1 END) FROM PullRequests WHERE Id > 10;

-- name: count with a filter on the column
SELECT COUNT(*) FILTER (WHERE Id > 20) FROM PullRequests WHERE Id > 10;

-- name: count where an arithmetic bounds
SELECT COUNT(*) FROM PullRequests WHERE Id > 10 + 5 AND Id + 0 < 60;

-- name: count of null
SELECT COUNT(*) FROM PullRequests WHERE Id > NULL AND State <> 'OPEN';

-- name: count of a fraction
SELECT COUNT(*) FROM PullRequests WHERE Id > 5.5 AND Id <= '30';

-- name: count of a fine instant
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn > '2025-08-01 00:00:00.1234567';

-- name: count with another collation
SELECT COUNT(*) FROM PullRequests WHERE State = 'open' COLLATE NOCASE AND Id > 3;

-- name: count with a limit
SELECT COUNT(*) FROM PullRequests WHERE State IN ('OPEN', 'MERGED') LIMIT 1;

-- name: rows with a limit
SELECT 1 FROM PullRequests WHERE State IN ('OPEN', 'MERGED') LIMIT 7;

-- name: count of each repository
SELECT RepositorySlug, COUNT(*) FROM Workspace.PullRequests WHERE State = 'OPEN' GROUP BY RepositorySlug;

-- name: count of some repositories
SELECT RepositorySlug, COUNT(*) FROM Workspace.Branches WHERE RepositorySlug IN ('platform', 'web-app', 'sandbox', 'Platform') GROUP BY 1;

-- name: count over all repositories
SELECT COUNT(*) FROM Workspace.PullRequests WHERE State IN ('OPEN', 'MERGED') AND CreatedOn >= '2025-03-01';

-- name: count of comments of each pull request
SELECT PullRequestId, COUNT(*) FROM PullRequestComments WHERE PullRequestId > 110 GROUP BY PullRequestId;

-- name: least and greatest
SELECT MIN(CreatedOn), MAX(CreatedOn) FROM PullRequests;

-- name: least and greatest of a range
-- args: ["2025-01-01", "2026-06-01"]
SELECT MAX(p.CreatedOn), MIN(p.CreatedOn) AS first FROM PullRequests p WHERE CreatedOn > ? AND CreatedOn < ? AND State IN ('OPEN', 'MERGED');

-- name: least and greatest of no row
SELECT MIN(Id), MAX(Id) FROM PullRequests WHERE Id > 5 AND Id < 6;

-- name: least with a filter
SELECT MIN(Id) FILTER (WHERE Draft), MAX(Id) FROM PullRequests;

-- name: least and greatest with an inexact condition
SELECT MIN(Id), MAX(Id) FROM PullRequests WHERE Title LIKE '%fix%';

-- name: least and greatest with a computed condition
SELECT MIN(UpdatedOn), MAX(UpdatedOn) FROM PullRequests WHERE Id % 7 = 3;

-- name: least and greatest of several columns
SELECT MIN(CreatedOn), MAX(UpdatedOn) FROM PullRequests WHERE State = 'OPEN';

-- name: least and greatest over all repositories
SELECT MIN(UpdatedOn), MAX(UpdatedOn) FROM Workspace.PullRequests WHERE State = 'OPEN';

-- name: greatest over all repositories
SELECT MAX(CreatedOn) FROM Workspace.PullRequests;

-- name: least of a date that may be missing
SELECT MIN(TargetDate), MAX(TargetDate) FROM Tags;

-- name: least of each repository
SELECT r.Slug, (SELECT MIN(CreatedOn) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug AND p.State = 'MERGED') FROM Repositories r;

-- name: newest of all repositories
-- ordered: true
SELECT RepositorySlug, Id, UpdatedOn FROM Workspace.PullRequests WHERE State = 'OPEN' ORDER BY UpdatedOn DESC LIMIT 20;

-- name: oldest of all repositories, behind some
-- ordered: true
SELECT UpdatedOn FROM Workspace.PullRequests ORDER BY UpdatedOn LIMIT 70 OFFSET 15;

-- name: newest of some repositories
-- ordered: true
-- args: [12]
SELECT CreatedOn FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'web-app', 'sandbox') AND CreatedOn < '2026-06-01' ORDER BY CreatedOn DESC LIMIT ?;

-- name: newest of all repositories with an inexact condition
-- ordered: true
SELECT UpdatedOn FROM Workspace.PullRequests WHERE Title LIKE '%e%' ORDER BY UpdatedOn DESC LIMIT 20;

-- name: newest of all repositories without a limit
-- ordered: true
SELECT UpdatedOn FROM Workspace.PullRequests WHERE State = 'OPEN' ORDER BY UpdatedOn DESC LIMIT -1;

-- name: highest numbers of all repositories
-- ordered: true
SELECT Id FROM Workspace.PullRequests ORDER BY Id DESC LIMIT 25;

-- name: count of a column that is never null
SELECT COUNT(Id), COUNT(*) FROM PullRequests WHERE State IN ('OPEN', 'MERGED');

-- name: count of a column that is never null, above a number
SELECT COUNT(p.Id), COUNT(Id) FROM PullRequests p WHERE Id > 17;

-- name: count of columns that may be null
SELECT COUNT(MergeCommitHash), COUNT(State), COUNT(CreatedOn) FROM PullRequests WHERE CreatedOn > '2025-03-01';

-- name: count of different values
SELECT COUNT(DISTINCT Id), COUNT(DISTINCT State) FROM PullRequests;
