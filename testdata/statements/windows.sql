-- Window functions.

-- name: window row number
SELECT Id, ROW_NUMBER() OVER (ORDER BY Id DESC) AS n FROM PullRequests WHERE State = 'OPEN';

-- name: window row number of each partition
SELECT Id, State, ROW_NUMBER() OVER (PARTITION BY State ORDER BY Id) AS n FROM PullRequests;

-- name: window latest of each partition
SELECT * FROM (SELECT Id, AuthorName, ROW_NUMBER() OVER (PARTITION BY AuthorUUID ORDER BY CreatedOn DESC, Id DESC) AS n FROM PullRequests) WHERE n = 1;

-- name: window rank
SELECT Id, CommentCount, RANK() OVER (ORDER BY CommentCount DESC), DENSE_RANK() OVER (ORDER BY CommentCount DESC) FROM PullRequests;

-- name: window running sum
-- ordered: true
SELECT BuildNumber, SUM(DurationInSeconds) OVER (ORDER BY BuildNumber) FROM Pipelines WHERE StateName = 'COMPLETED' ORDER BY BuildNumber;

-- name: window moving frame
SELECT Id, SUM(CommentCount) OVER (ORDER BY Id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM PullRequests WHERE Id <= 40;

-- name: window range frame
SELECT Id, COUNT(*) OVER (ORDER BY Id RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE CURRENT ROW) FROM PullRequests WHERE State = 'DECLINED';

-- name: window lag and lead
SELECT BuildNumber, LAG(ResultName) OVER (ORDER BY BuildNumber), LEAD(ResultName, 2, 'none') OVER (ORDER BY BuildNumber) FROM Pipelines;

-- name: window first and last
SELECT Id, FIRST_VALUE(Title) OVER w AS f, LAST_VALUE(Title) OVER w AS l FROM PullRequests WHERE Id < 30 WINDOW w AS (PARTITION BY State ORDER BY Id);

-- name: window ntile
SELECT Id, NTILE(4) OVER (ORDER BY Id) FROM PullRequests WHERE State = 'MERGED';

-- name: window share of total
SELECT State, COUNT(*) AS n, ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (), 1) AS percent FROM PullRequests GROUP BY State;

-- name: window with filter
SELECT Id, COUNT(*) FILTER (WHERE State = 'MERGED') OVER (ORDER BY Id) AS merged FROM PullRequests WHERE Id <= 50;

-- name: window filtered by partition column
SELECT * FROM (SELECT State, Id, COUNT(*) OVER (PARTITION BY State) AS n FROM PullRequests) WHERE State = 'OPEN';

-- name: window over join
SELECT p.Id, r.UserName, COUNT(*) OVER (PARTITION BY p.Id) AS Reviewers FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = p.Id WHERE p.State = 'OPEN';

-- name: window cast by colons
SELECT Id, (SUM(TaskCount) OVER (ORDER BY Id))::text AS s FROM PullRequests WHERE Id < 20;
