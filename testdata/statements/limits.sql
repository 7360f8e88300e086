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

-- name: limit offset of whole pages
-- ordered: true
SELECT Id, Title FROM PullRequests ORDER BY Id LIMIT 10 OFFSET 50;

-- name: limit offset of pages and more
-- ordered: true
SELECT Id, Title FROM PullRequests ORDER BY Id DESC LIMIT 13 OFFSET 61;

-- name: limit offset before a page border
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT 50 OFFSET 49;

-- name: limit offset to the end
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT 30 OFFSET 112;

-- name: limit offset beyond the end
SELECT Id FROM PullRequests ORDER BY Id LIMIT 30 OFFSET 4000;

-- name: limit offset with exact filters
-- ordered: true
SELECT Id, CreatedOn, State FROM PullRequests WHERE Id > 5 AND Id <> 70 AND CreatedOn >= '2001-02-03' ORDER BY Id LIMIT 7 OFFSET 64;

-- name: limit offset with no row left
SELECT Id FROM PullRequests WHERE Id > 100 AND Id < 110 ORDER BY Id LIMIT 10 OFFSET 51;

-- name: limit offset with list
-- ordered: true
SELECT Id, State FROM PullRequests WHERE State IN ('MERGED', 'OPEN', 'DECLINED') ORDER BY Id DESC LIMIT 20 OFFSET 60;

-- name: limit offset with inexact filter
-- ordered: true
SELECT Id FROM PullRequests WHERE Title LIKE '%e%' ORDER BY Id LIMIT 10 OFFSET 51;

-- name: limit offset in subquery
SELECT p.Id, t.Id FROM (SELECT Id FROM PullRequests WHERE Id > 2 ORDER BY Id LIMIT 10 OFFSET 52) p JOIN PullRequestTasks t ON t.PullRequestId = p.Id;

-- name: limit offset of a union
SELECT COUNT(*) FROM (SELECT Id FROM PullRequests WHERE Id < 100 UNION ALL SELECT Id + 1000 FROM PullRequests WHERE Id < 90 LIMIT 20 OFFSET 180);

-- name: limit offset of a union of some rows
SELECT COUNT(*), COUNT(DISTINCT Id), MAX(Id) < 120 FROM (SELECT Id FROM PullRequests WHERE Id < 60 UNION ALL SELECT Id FROM PullRequests WHERE Id >= 60 LIMIT 20 OFFSET 70);

-- name: limit offset in EXISTS
SELECT EXISTS (SELECT 1 FROM PullRequests WHERE Id > 3 LIMIT 1 OFFSET 70), EXISTS (SELECT 1 FROM PullRequests LIMIT 1 OFFSET 7000);
