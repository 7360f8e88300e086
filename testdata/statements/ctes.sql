-- Common table expressions.

-- name: cte simple
WITH o AS (SELECT Id, AuthorName FROM PullRequests WHERE State = 'OPEN') SELECT AuthorName, COUNT(*) FROM o GROUP BY AuthorName;

-- name: cte twice used
WITH p AS (SELECT Id, State, AuthorUUID FROM PullRequests WHERE Id <= 60) SELECT a.Id, b.Id FROM p a JOIN p b ON a.AuthorUUID = b.AuthorUUID AND a.Id < b.Id WHERE a.State = 'OPEN';

-- name: cte chain
WITH a AS (SELECT * FROM PullRequests WHERE State = 'MERGED'), b AS (SELECT AuthorName, COUNT(*) AS n FROM a GROUP BY AuthorName), c AS (SELECT MAX(n) AS top FROM b) SELECT b.AuthorName, b.n FROM b, c WHERE b.n = c.top;

-- name: cte with column names
WITH p(number, words) AS (SELECT Id, Title FROM PullRequests WHERE Id < 30) SELECT number, words FROM p WHERE words LIKE '%dark%';

-- name: cte filtered from outside
WITH p AS (SELECT Id, State, CommentCount FROM PullRequests) SELECT Id FROM p WHERE State = 'OPEN' AND CommentCount >= 2;

-- name: cte materialized
WITH p AS MATERIALIZED (SELECT Id, State FROM PullRequests) SELECT COUNT(*) FROM p WHERE State = 'OPEN';

-- name: cte not materialized
WITH p AS NOT MATERIALIZED (SELECT Id, State FROM PullRequests) SELECT COUNT(*) FROM p WHERE State = 'OPEN';

-- name: cte recursive numbers
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i, (SELECT Title FROM PullRequests WHERE Id = i) AS Title FROM n;

-- name: cte recursive months
WITH RECURSIVE m(start) AS (SELECT '2025-01-01' UNION ALL SELECT date(start, '+1 month') FROM m WHERE start < '2025-12-01') SELECT m.start, COUNT(p.Id) AS Opened FROM m LEFT JOIN PullRequests p ON p.CreatedOn >= m.start AND p.CreatedOn < date(m.start, '+1 month') GROUP BY m.start;

-- name: cte recursive comment threads
WITH RECURSIVE t(Id, depth) AS (SELECT Id, 0 FROM PullRequestComments WHERE PullRequestId = 6 AND ParentId IS NULL UNION ALL SELECT c.Id, t.depth + 1 FROM PullRequestComments c JOIN t ON c.ParentId = t.Id WHERE c.PullRequestId = 6) SELECT Id, depth FROM t;

-- name: cte recursive forks
WITH RECURSIVE f(UUID, Slug, level) AS (SELECT UUID, Slug, 0 FROM Information.Repositories WHERE ParentUUID IS NULL UNION ALL SELECT r.UUID, r.Slug, f.level + 1 FROM Information.Repositories r JOIN f ON r.ParentUUID = f.UUID) SELECT Slug, level FROM f;

-- name: cte with union
WITH r AS (SELECT Name, 'branch' AS Kind FROM Branches UNION ALL SELECT Name, 'tag' FROM Tags) SELECT Kind, COUNT(*), MIN(Name), MAX(Name) FROM r GROUP BY Kind;

-- name: cte hides a table
WITH Branches AS (SELECT 'only' AS Name) SELECT Name FROM Branches;

-- name: cte in subquery
SELECT Id FROM PullRequests WHERE Id IN (WITH x AS (SELECT Id FROM PullRequests WHERE State = 'DECLINED') SELECT Id FROM x WHERE Id > 40);

-- name: cte with TOP
WITH newest AS (SELECT TOP 5 Id, Title FROM PullRequests ORDER BY Id DESC) SELECT COUNT(*), MIN(Id) FROM newest;
