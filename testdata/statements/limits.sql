-- LIMIT, OFFSET, TOP and FETCH; the order is total wherever rows are cut off.

-- name: limit
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT 7;

-- name: limit offset
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id DESC LIMIT 5 OFFSET 10;

-- name: limit with comma
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT 10, 5;

-- name: limit none
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT ALL OFFSET 100;

-- name: limit zero
SELECT Id FROM PullRequests LIMIT 0;

-- name: limit longer than the table
SELECT Id FROM PullRequests LIMIT 100000;

-- name: limit of one page and more
-- ordered: true
SELECT Id, State FROM PullRequests ORDER BY Id LIMIT 60;

-- name: limit with exact filter
-- ordered: true
SELECT Id FROM PullRequests WHERE State = 'MERGED' ORDER BY Id DESC LIMIT 12;

-- name: limit with inexact filter
-- ordered: true
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%fix%' ORDER BY Id LIMIT 3;

-- name: limit with unpushable filter
-- ordered: true
SELECT Id FROM PullRequests WHERE Id % 9 = 0 ORDER BY Id LIMIT 4 OFFSET 1;

-- name: limit of expression
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT 2 + 3 OFFSET 1 * 2;

-- name: limit by date
-- ordered: true
SELECT Id FROM PullRequests ORDER BY UpdatedOn DESC, Id DESC LIMIT 5;

-- name: limit top
-- ordered: true
SELECT TOP 6 Id, State FROM PullRequests ORDER BY Id DESC;

-- name: limit top in parentheses
-- ordered: true
SELECT TOP (6) Id FROM PullRequests WHERE State = 'OPEN' ORDER BY Id;

-- name: limit distinct top
-- ordered: true
SELECT DISTINCT TOP 3 AuthorName FROM PullRequests ORDER BY AuthorName DESC;

-- name: limit fetch first
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id FETCH FIRST 4 ROWS ONLY;

-- name: limit fetch one row
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id DESC FETCH FIRST ROW ONLY;

-- name: limit offset fetch
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY;

-- name: limit offset rows
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET 110 ROWS;

-- name: limit offset alone
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET 112;

-- name: limit offset before limit
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET 3 LIMIT 2;

-- name: limit in subquery of IN
SELECT COUNT(*) FROM PullRequestReviewers WHERE PullRequestId IN (SELECT Id FROM PullRequests ORDER BY Id DESC LIMIT 3);

-- name: limit of workspace table
-- ordered: true
SELECT RepositorySlug, Id FROM Workspace.PullRequests WHERE RepositorySlug IN ('web-app', 'docs-site') ORDER BY RepositorySlug, Id LIMIT 8;
