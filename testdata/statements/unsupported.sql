-- Statements of other dialects that SQLite refuses even respelled: each must give an error, never rows.

-- name: unsupported lateral
SELECT p.Id, x.UserName FROM PullRequests p, LATERAL (SELECT UserName FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id LIMIT 1) x;

-- name: unsupported cross apply
SELECT p.Id, x.UserName FROM PullRequests p CROSS APPLY (SELECT TOP 1 UserName FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id) x;

-- name: unsupported compare with all
SELECT Id FROM PullRequests WHERE Id > ALL (SELECT BuildNumber FROM Pipelines);

-- name: unsupported compare with any
SELECT Id FROM PullRequests WHERE Id = ANY (SELECT BuildNumber FROM Pipelines);

-- name: unsupported rollup
SELECT State, AuthorName, COUNT(*) FROM PullRequests GROUP BY ROLLUP (State, AuthorName);

-- name: unsupported with rollup
SELECT State, COUNT(*) FROM PullRequests GROUP BY State WITH ROLLUP;

-- name: unsupported grouping sets
SELECT State, Draft, COUNT(*) FROM PullRequests GROUP BY GROUPING SETS ((State), (Draft), ());

-- name: unsupported distinct on
SELECT DISTINCT ON (AuthorUUID) AuthorUUID, Id FROM PullRequests ORDER BY AuthorUUID, Id DESC;

-- name: unsupported top percent
SELECT TOP 10 PERCENT Id FROM PullRequests ORDER BY Id;

-- name: unsupported top with ties
SELECT TOP 5 WITH TIES Id, CommentCount FROM PullRequests ORDER BY CommentCount DESC;

-- name: unsupported qualify
SELECT Id FROM PullRequests QUALIFY ROW_NUMBER() OVER (PARTITION BY State ORDER BY Id) = 1;

-- name: unsupported pivot
SELECT * FROM (SELECT State, Id FROM PullRequests) PIVOT (COUNT(Id) FOR State IN ('OPEN', 'MERGED'));

-- name: unsupported intersect all
SELECT State FROM PullRequests INTERSECT ALL SELECT State FROM [web-app].PullRequests;

-- name: unsupported similar to
SELECT Id FROM PullRequests WHERE Title SIMILAR TO '%(fix|add)%';

-- name: unsupported array
SELECT ARRAY[1, 2, 3];

-- name: unsupported distinct group concat with separator
SELECT GROUP_CONCAT(DISTINCT State SEPARATOR ';') FROM PullRequests;

-- name: unsupported double-quoted string
SELECT Id FROM PullRequests WHERE State = "NO SUCH COLUMN";
