-- Subqueries as values, lists, conditions and tables; correlated or not.

-- name: subquery scalar
SELECT Id, (SELECT COUNT(*) FROM Branches) AS Branches FROM PullRequests WHERE Id < 5;

-- name: subquery scalar in WHERE
SELECT Id, CreatedOn FROM PullRequests WHERE CreatedOn = (SELECT MAX(CreatedOn) FROM PullRequests);

-- name: subquery scalar without rows
SELECT Id, (SELECT Title FROM PullRequests WHERE Id = -1) AS Missing FROM PullRequests WHERE Id < 4;

-- name: subquery scalar correlated
SELECT p.Id, (SELECT COUNT(*) FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id) AS Reviewers FROM PullRequests p WHERE p.State = 'OPEN';

-- name: subquery scalar correlated in ORDER BY
-- ordered: true
SELECT u.DisplayName FROM Information.Users u ORDER BY (SELECT COUNT(*) FROM PullRequests p WHERE p.AuthorUUID = u.UUID) DESC, u.UUID;

-- name: subquery IN
SELECT Id, Title FROM PullRequests WHERE AuthorUUID IN (SELECT UUID FROM Information.Users WHERE Nickname LIKE 'a%');

-- name: subquery NOT IN
SELECT Id FROM PullRequests WHERE SourceBranchName NOT IN (SELECT Name FROM Branches);

-- name: subquery NOT IN with NULLs
SELECT Id FROM PullRequests WHERE Id NOT IN (SELECT TargetPullRequestId FROM Pipelines);

-- name: subquery IN of two columns
SELECT Id FROM PullRequests WHERE (SourceBranchName, AuthorName) IN (SELECT Name, TargetAuthorName FROM Branches);

-- name: subquery IN of keys
SELECT PullRequestId, Id, ContentRaw FROM PullRequestComments WHERE PullRequestId IN (SELECT Id FROM PullRequests WHERE State = 'OPEN' AND CommentCount > 3);

-- name: subquery EXISTS
SELECT p.Id FROM PullRequests p WHERE EXISTS (SELECT 1 FROM Branches b WHERE b.Name = p.SourceBranchName);

-- name: subquery NOT EXISTS
SELECT p.Id FROM PullRequests p WHERE p.State = 'OPEN' AND NOT EXISTS (SELECT * FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id AND r.Approved = 1);

-- name: subquery EXISTS or condition
SELECT p.Id FROM PullRequests p WHERE p.Draft = 1 OR EXISTS (SELECT 1 FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id AND r.State = 'changes_requested');

-- name: subquery EXISTS uncorrelated
SELECT COUNT(*) FROM PullRequests WHERE EXISTS (SELECT 1 FROM Tags WHERE Name = 'v0.1.0');

-- name: subquery as table
SELECT x.State, x.n FROM (SELECT State, COUNT(*) AS n FROM PullRequests GROUP BY State) AS x WHERE x.n > 10;

-- name: subquery as table with filter from outside
SELECT * FROM (SELECT Id, State, AuthorName FROM PullRequests) x WHERE x.State = 'OPEN' AND x.AuthorName IS NOT NULL;

-- name: subquery three levels deep
SELECT COUNT(*) FROM (SELECT Id FROM (SELECT Id, State FROM (SELECT * FROM PullRequests WHERE Id > 10) WHERE State = 'MERGED') WHERE Id < 80);

-- name: subquery with limit inside
SELECT COUNT(*), MIN(Id), MAX(Id) FROM (SELECT Id FROM PullRequests WHERE State = 'MERGED' ORDER BY Id DESC LIMIT 7);

-- name: subquery with TOP inside
SELECT MIN(Id) FROM (SELECT TOP 5 Id FROM PullRequests ORDER BY Id DESC) AS t;

-- name: subquery latest of each
SELECT p.AuthorName, p.Id FROM PullRequests p WHERE p.AuthorUUID IS NOT NULL AND p.Id = (SELECT MAX(q.Id) FROM PullRequests q WHERE q.AuthorUUID = p.AuthorUUID);

-- name: subquery compared with row value
SELECT Id FROM PullRequests WHERE (State, Draft) = ('OPEN', 1);

-- name: subquery in CASE
SELECT Slug, CASE WHEN ProjectKey IN (SELECT Key FROM Information.Projects WHERE IsPrivate = 1) THEN 'private' ELSE 'public' END FROM Information.Repositories;

-- name: subquery in SELECT list with EXISTS
SELECT Name, EXISTS (SELECT 1 FROM PullRequests p WHERE p.SourceBranchName = b.Name AND p.State = 'OPEN') AS Busy FROM Branches b;

-- name: subquery in HAVING
SELECT AuthorName, COUNT(*) FROM PullRequests GROUP BY AuthorName HAVING COUNT(*) > (SELECT COUNT(*) / 20 FROM PullRequests);

-- name: subquery IN of union
SELECT Id FROM PullRequests WHERE SourceBranchName IN (SELECT Name FROM Branches UNION SELECT Name FROM Tags);
