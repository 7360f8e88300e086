-- Set operations.

-- name: set union
SELECT Name FROM Branches UNION SELECT Name FROM Tags;

-- name: set union all
SELECT Id, 'platform' AS Repository FROM PullRequests WHERE State = 'OPEN' UNION ALL SELECT Id, 'web-app' FROM [web-app].PullRequests WHERE State = 'OPEN';

-- name: set union removes repeats
SELECT State FROM PullRequests UNION SELECT State FROM [web-app].PullRequests;

-- name: set intersect
SELECT AuthorUUID FROM PullRequests INTERSECT SELECT AuthorUUID FROM [web-app].PullRequests;

-- name: set except
SELECT UUID FROM Information.Users EXCEPT SELECT AuthorUUID FROM PullRequests WHERE State = 'OPEN';

-- name: set minus
SELECT Name FROM Tags MINUS SELECT 'v0.1.0';

-- name: set chain from the left
SELECT Id FROM PullRequests WHERE Id < 10 UNION SELECT Id FROM PullRequests WHERE State = 'OPEN' EXCEPT SELECT Id FROM PullRequests WHERE Draft = 1;

-- name: set ordered
-- ordered: true
SELECT Name, 'branch' AS Kind FROM Branches UNION ALL SELECT Name, 'tag' FROM Tags ORDER BY Name, Kind;

-- name: set ordered with limit
-- ordered: true
SELECT Id FROM PullRequests UNION SELECT BuildNumber FROM Pipelines ORDER BY 1 DESC LIMIT 5 OFFSET 2;

-- name: set arms in parentheses
(SELECT Id FROM PullRequests WHERE State = 'OPEN') UNION (SELECT Id FROM PullRequests WHERE Draft = 1);

-- name: set arms with limits of their own
(SELECT Id FROM PullRequests ORDER BY Id LIMIT 3) UNION ALL (SELECT Id FROM PullRequests ORDER BY Id DESC LIMIT 3);

-- name: set grouped by parentheses
(SELECT Id FROM PullRequests WHERE Id < 20 UNION SELECT BuildNumber FROM Pipelines WHERE BuildNumber < 30) EXCEPT SELECT Id FROM PullRequests WHERE State = 'MERGED';

-- name: set arms with TOP
SELECT TOP 1000 Id FROM PullRequests WHERE State = 'OPEN' UNION ALL SELECT TOP 2 Id FROM PullRequests WHERE Id = 1;

-- name: set as table
SELECT State, COUNT(*) FROM (SELECT State FROM PullRequests UNION ALL SELECT State FROM [web-app].PullRequests UNION ALL SELECT State FROM billing.PullRequests) GROUP BY State;

-- name: set filtered from outside
SELECT * FROM (SELECT Id, State, 'a' AS r FROM PullRequests UNION ALL SELECT Id, State, 'b' FROM [web-app].PullRequests) WHERE State = 'DECLINED' AND r = 'b';

-- name: set union distinct
SELECT AuthorName FROM PullRequests UNION DISTINCT SELECT TargetAuthorName FROM Branches;

-- name: set values
VALUES (1, 'one'), (2, 'two'), (3, NULL);
