-- CASE, CAST, concatenation, arithmetic.

-- name: expression case searched
SELECT Id, CASE WHEN State = 'OPEN' AND Draft = 1 THEN 'draft' WHEN State = 'OPEN' THEN 'open' ELSE LOWER(State) END AS Phase FROM PullRequests;

-- name: expression case simple
SELECT Id, CASE State WHEN 'OPEN' THEN 1 WHEN 'MERGED' THEN 2 END FROM PullRequests;

-- name: expression case in WHERE
SELECT Id FROM PullRequests WHERE CASE WHEN Draft = 1 THEN 'x' ELSE State END = 'OPEN';

-- name: expression case in aggregate
SELECT AuthorName, SUM(CASE WHEN State = 'MERGED' THEN 1 ELSE 0 END) AS Merged, SUM(CASE WHEN State = 'DECLINED' THEN 1 ELSE 0 END) AS Declined FROM PullRequests GROUP BY AuthorName;

-- name: expression cast to integer
SELECT CAST('12' AS INTEGER) + Id AS n, CAST(Id AS TEXT) || '!' AS s FROM PullRequests WHERE Id < 5;

-- name: expression cast to varchar with length
SELECT Id, CAST(Title AS VARCHAR(7)) AS Short FROM PullRequests WHERE State = 'OPEN';

-- name: expression cast to date
SELECT Id, CAST(CreatedOn AS DATE) AS Day FROM PullRequests WHERE Id <= 25;

-- name: expression cast to decimal
SELECT BuildNumber, CAST(DurationInSeconds / 60.0 AS DECIMAL(10, 2)) AS Minutes FROM Pipelines;

-- name: expression cast to boolean
SELECT Id, CAST(CommentCount AS BOOLEAN) AS Discussed, 'true'::boolean AS t, CAST('off' AS BOOL) AS f FROM PullRequests WHERE Id < 30;

-- name: expression cast by colons
SELECT Id::text || '-' || State AS k, CommentCount::real / 2 AS h FROM PullRequests WHERE Id < 12;

-- name: expression cast by colons without alias
SELECT Id::text, CreatedOn::date FROM PullRequests WHERE Id < 8;

-- name: expression convert
SELECT CONVERT(VARCHAR(10), CreatedOn, 120) AS Day, CONVERT(Id, CHAR) AS Number FROM PullRequests WHERE Id < 8;

-- name: expression concatenation
SELECT AuthorName || ' <' || AuthorNickname || '>' AS Who FROM PullRequests WHERE State = 'OPEN';

-- name: expression concatenation in WHERE
SELECT Id FROM PullRequests WHERE State || '/' || DestinationBranchName = 'OPEN/main';

-- name: expression concatenation with NULL
SELECT Id, MergeCommitHash || '' AS h FROM PullRequests WHERE Id <= 40;

-- name: expression arithmetic
SELECT Id, Id % 7 AS m, Id / 7 AS d, -Id AS n, (Id + 1) * 2 AS x, Id & 3 AS b, Id | 8 AS o, Id << 2 AS s FROM PullRequests WHERE Id < 40;

-- name: expression arithmetic in WHERE
SELECT Id FROM PullRequests WHERE Id % 10 = 3 AND CommentCount + TaskCount > 1;

-- name: expression coalesce
SELECT Id, COALESCE(MergeCommitHash, SourceCommitHash, 'none') AS Commit_, IFNULL(ClosedByName, '-') AS Closer, NULLIF(State, 'OPEN') AS Ended FROM PullRequests;

-- name: expression iif
SELECT Id, IIF(Draft, 'draft', 'ready') AS Readiness FROM PullRequests WHERE State = 'OPEN';

-- name: expression isnull of two arguments
SELECT Id, ISNULL(MergeCommitHash, 'not merged') AS h FROM PullRequests WHERE Id <= 30;

-- name: expression boolean result
SELECT Id, State = 'OPEN' AS o, Draft IS TRUE AS d, CommentCount > 2 OR TaskCount > 0 AS busy FROM PullRequests WHERE Id <= 60;

-- name: expression json
SELECT Slug, json_extract(Links, '$.html.href') AS a, Links ->> '$.html.href' AS b FROM Information.Repositories WHERE ProjectKey = 'WEB';

-- name: expression json each
SELECT c.Hash, json_array_length(c.Parents) AS Parents FROM Commits c WHERE json_array_length(c.Parents) > 1;

-- name: expression between text and number
SELECT Id FROM PullRequests WHERE Id = '7' OR Id = 8.0 OR CommentCount = '1';

-- name: expression without table
SELECT 1 + 1 AS two, 'x' || 'y' AS xy, NULL AS n;

-- name: expression from dual
SELECT 40 + 2 AS answer FROM dual;

-- name: expression null-safe equality
SELECT Id FROM PullRequests WHERE AuthorUUID <=> NULL;
