-- GROUP BY, HAVING, DISTINCT and aggregates.

-- name: group count all
SELECT COUNT(*) FROM PullRequests;

-- name: group count with exact filter
SELECT COUNT(*) FROM PullRequests WHERE State = 'OPEN';

-- name: group count with inexact filter
SELECT COUNT(*) FROM PullRequests WHERE Title LIKE '%mode%';

-- name: group count of column
SELECT COUNT(MergeCommitHash), COUNT(DISTINCT AuthorUUID), COUNT(DISTINCT State) FROM PullRequests;

-- name: group aggregates
SELECT MIN(Id), MAX(Id), SUM(CommentCount), AVG(CommentCount), TOTAL(TaskCount) FROM PullRequests;

-- name: group aggregates of nothing
SELECT COUNT(*), SUM(Id), MIN(Id), MAX(Title), TOTAL(Id) FROM PullRequests WHERE Id < 0;

-- name: group by column
SELECT State, COUNT(*) FROM PullRequests GROUP BY State;

-- name: group by two columns
SELECT AuthorName, State, COUNT(*) FROM PullRequests GROUP BY AuthorName, State;

-- name: group by ordinal
SELECT DestinationBranchName, COUNT(*) FROM PullRequests GROUP BY 1;

-- name: group by alias
SELECT SUBSTR(CreatedOn, 1, 7) AS Month, COUNT(*) AS n FROM PullRequests GROUP BY Month;

-- name: group by expression
SELECT Id % 5, COUNT(*), SUM(CommentCount) FROM PullRequests GROUP BY Id % 5;

-- name: group by null
SELECT AuthorUUID IS NULL AS Nobody, COUNT(*) FROM PullRequests GROUP BY AuthorUUID IS NULL;

-- name: group having count
SELECT AuthorName, COUNT(*) AS n FROM PullRequests GROUP BY AuthorName HAVING COUNT(*) >= 10;

-- name: group having alias
SELECT AuthorName, AVG(CommentCount) AS a FROM PullRequests GROUP BY AuthorName HAVING a > 2;

-- name: group having without group by
SELECT COUNT(*) FROM PullRequests HAVING COUNT(*) > 1;

-- name: group having on the key
SELECT State, COUNT(*) FROM PullRequests GROUP BY State HAVING State <> 'MERGED';

-- name: group filter
SELECT COUNT(*) FILTER (WHERE State = 'OPEN') AS open, COUNT(*) FILTER (WHERE Draft = 1) AS drafts, SUM(CommentCount) FILTER (WHERE State = 'MERGED') AS comments FROM PullRequests;

-- name: group ordered by aggregate
-- ordered: true
SELECT AuthorName, COUNT(*) AS n FROM PullRequests GROUP BY AuthorName ORDER BY n DESC, AuthorName;

-- name: group top of groups
-- ordered: true
SELECT DestinationBranchName, COUNT(*) AS n FROM PullRequests GROUP BY DestinationBranchName ORDER BY COUNT(*) DESC, 1 LIMIT 2;

-- name: group distinct
SELECT DISTINCT State FROM PullRequests;

-- name: group distinct of two
SELECT DISTINCT State, DestinationBranchName FROM PullRequests;

-- name: group distinct with limit
-- ordered: true
SELECT DISTINCT AuthorName FROM PullRequests ORDER BY AuthorName LIMIT 4;

-- name: group concat
SELECT State, GROUP_CONCAT(Id, ',' ORDER BY Id) FROM PullRequests WHERE Id < 30 GROUP BY State;

-- name: group concat with separator
SELECT State, GROUP_CONCAT(Id ORDER BY Id DESC SEPARATOR '; ') FROM PullRequests WHERE Id < 30 GROUP BY State;

-- name: group concat within group
SELECT LISTAGG(Name, ',') WITHIN GROUP (ORDER BY Name) AS Names FROM Environments;

-- name: group string aggregate
SELECT STRING_AGG(Key, '+' ORDER BY Key) FROM Information.Projects;

-- name: group json
SELECT json_group_array(Id ORDER BY Id) FROM PullRequests WHERE State = 'OPEN';

-- name: group by joined column
SELECT j.Name, COUNT(*), SUM(r.Size) FROM Information.Repositories r JOIN Information.Projects j ON j.Key = r.ProjectKey GROUP BY j.Name;

-- name: group of groups
SELECT n, COUNT(*) FROM (SELECT AuthorUUID, COUNT(*) / 5 AS n FROM PullRequests GROUP BY AuthorUUID) GROUP BY n;

-- name: group min and max of dates
SELECT State, MIN(CreatedOn), MAX(UpdatedOn) FROM PullRequests GROUP BY State;

-- name: group count of branches
SELECT COUNT(*) FROM Branches WHERE Name LIKE 'release/%';

-- name: group count of empty repository
SELECT COUNT(*), MAX(Id) FROM sandbox.PullRequests;

-- name: group approvals
SELECT UserName, SUM(Approved) AS Approvals, COUNT(*) AS Reviews FROM PullRequestReviewers GROUP BY UserName;
