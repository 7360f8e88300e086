-- Joins of every kind, with keys where the inner side is large.

-- name: join inner on key
SELECT p.Id, r.UserName, r.Approved FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = p.Id WHERE p.State = 'OPEN';

-- name: join inner with USING
SELECT TargetCommitHash, b.Name, t.Name, t.Message FROM Branches b JOIN Tags t USING (TargetCommitHash);

-- name: join natural
SELECT COUNT(*) FROM (SELECT Id AS PullRequestId, Title FROM PullRequests WHERE Id <= 5) NATURAL JOIN (SELECT PullRequestId, UserUUID FROM PullRequestReviewers);

-- name: join with commas
SELECT p.Id, b.TargetCommitHash FROM PullRequests p, Branches b WHERE b.Name = p.SourceBranchName AND p.State = 'OPEN';

-- name: join cross of small tables
SELECT e.Name, j.Key FROM Environments e CROSS JOIN Information.Projects j;

-- name: join left
SELECT p.Id, b.Name FROM PullRequests p LEFT JOIN Branches b ON b.Name = p.SourceBranchName;

-- name: join left outer with condition on the right
SELECT p.Id, b.Name FROM PullRequests p LEFT OUTER JOIN Branches b ON b.Name = p.SourceBranchName AND b.TargetAuthorName = p.AuthorName;

-- name: join left filtered on the right
SELECT p.Id, b.Name FROM PullRequests p LEFT JOIN Branches b ON b.Name = p.SourceBranchName WHERE b.TargetAuthorName LIKE '%a%';

-- name: join left anti
SELECT p.Id FROM PullRequests p LEFT JOIN Branches b ON b.Name = p.SourceBranchName WHERE b.Name IS NULL;

-- name: join left or null on the right
SELECT p.Id, b.Name FROM PullRequests p LEFT JOIN Branches b ON b.Name = p.SourceBranchName WHERE b.Name IS NULL OR p.State = 'OPEN';

-- name: join right
SELECT p.Id, b.Name FROM PullRequests p RIGHT JOIN Branches b ON b.Name = p.SourceBranchName;

-- name: join full
SELECT p.Id, b.Name FROM PullRequests p FULL JOIN Branches b ON b.Name = p.SourceBranchName;

-- name: join full outer filtered after
SELECT p.Id, b.Name FROM PullRequests p FULL OUTER JOIN Branches b ON b.Name = p.SourceBranchName WHERE p.State = 'OPEN' OR p.State IS NULL;

-- name: join full of sets that hardly meet
SELECT e.Name AS Environment, j.Key FROM Environments e FULL JOIN Information.Projects j ON j.Name = e.Name;

-- name: join self
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.Title = a.Title AND b.AuthorUUID = a.AuthorUUID AND b.Id > a.Id;

-- name: join self on author
SELECT a.AuthorName, COUNT(*) FROM PullRequests a JOIN PullRequests b ON b.AuthorUUID = a.AuthorUUID WHERE a.State = 'OPEN' AND b.State = 'DECLINED' GROUP BY a.AuthorName;

-- name: join three tables
SELECT p.Id, r.UserName, u.Nickname FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = p.Id JOIN Information.Users u ON u.UUID = r.UserUUID WHERE p.Id BETWEEN 1 AND 30;

-- name: join four tables
SELECT p.Id, s.Name, b.TargetCommitHash FROM Pipelines l JOIN PipelineSteps s ON s.PipelineUUID = l.UUID JOIN PullRequests p ON p.Id = l.TargetPullRequestId LEFT JOIN Branches b ON b.Name = p.SourceBranchName WHERE l.BuildNumber <= 40;

-- name: join across repositories
SELECT a.Id, a.AuthorName, b.Id FROM PullRequests a JOIN [web-app].PullRequests b ON b.AuthorUUID = a.AuthorUUID AND b.Title = a.Title;

-- name: join repository with project
SELECT r.Slug, j.Name FROM Information.Repositories r LEFT JOIN Information.Projects j ON j.Key = r.ProjectKey;

-- name: join repository with its parent
SELECT r.Slug, o.Slug FROM Information.Repositories r JOIN Information.Repositories o ON o.UUID = r.ParentUUID;

-- name: join on inequality
SELECT a.BuildNumber, b.BuildNumber FROM Pipelines a JOIN Pipelines b ON b.BuildNumber > a.BuildNumber AND b.BuildNumber < a.BuildNumber + 3 WHERE a.ResultName = 'FAILED' AND b.ResultName = 'FAILED';

-- name: join on two columns
SELECT c.PullRequestId, c.Id, r.State FROM PullRequestComments c JOIN PullRequestReviewers r ON r.PullRequestId = c.PullRequestId AND r.UserUUID = c.UserUUID WHERE c.PullRequestId IN (2, 3, 5, 8, 13);

-- name: join on expression
SELECT p.Id, t.Name FROM PullRequests p JOIN Tags t ON LOWER(t.Name) = 'v0.' || (p.Id % 12) || '.0' WHERE p.State = 'OPEN';

-- name: join commits of pull requests
SELECT p.Id, c.Hash FROM PullRequests p JOIN PullRequestCommits c ON c.PullRequestId = p.Id WHERE p.Id BETWEEN 1 AND 12;

-- name: join ordered with limit
-- ordered: true
SELECT p.Id, c.Id AS CommentId FROM PullRequests p JOIN PullRequestComments c ON c.PullRequestId = p.Id WHERE p.State = 'OPEN' ORDER BY p.Id DESC, c.Id LIMIT 10;

-- name: join deployments with environments
SELECT e.Name, COUNT(*) AS Deployments, MAX(d.CompletedOn) FROM Deployments d JOIN Environments e ON e.UUID = d.EnvironmentUUID GROUP BY e.Name;

-- name: join nested in parentheses
SELECT p.Id, b.Name, t.Name FROM PullRequests p LEFT JOIN (Branches b JOIN Tags t ON t.TargetCommitHash = b.TargetCommitHash) ON b.Name = p.DestinationBranchName WHERE p.Id < 20;

-- name: join with subquery
SELECT p.Id, x.Votes FROM PullRequests p JOIN (SELECT PullRequestId, COUNT(*) AS Votes FROM PullRequestReviewers WHERE Approved = 1 GROUP BY PullRequestId) x ON x.PullRequestId = p.Id;

-- name: join odbc outer join escape
SELECT p.Id, b.Name FROM {oj PullRequests p LEFT OUTER JOIN Branches b ON b.Name = p.SourceBranchName} WHERE p.State = 'OPEN';;

-- name: join keys of another type
SELECT p.Id, r.UserName FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = CAST(p.Id AS TEXT) WHERE p.Id <= 20;

-- name: join keys that are real numbers
SELECT p.Id, r.UserName FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = p.Id * 1.0 WHERE p.Id <= 20;

-- name: join keys that may be NULL
SELECT l.BuildNumber, p.Title FROM Pipelines l LEFT JOIN PullRequests p ON p.Id = l.TargetPullRequestId;

-- name: join keys that repeat
SELECT c.Id, p.Title FROM PullRequestComments c JOIN PullRequests p ON p.Id = c.PullRequestId WHERE c.PullRequestId <= 12;

-- name: join without a filter on the key
SELECT p.Id, u.Nickname FROM PullRequests p LEFT JOIN Information.Users u ON u.DisplayName = p.AuthorName;

-- name: join without a filter, text against a number
SELECT p.Id, e.Name FROM PullRequests p LEFT JOIN Environments e ON e.Name = p.Id % 3;

-- name: join without a filter, a number against text
SELECT e.Name, b.Id FROM Environments e LEFT JOIN PullRequests b ON b.CommentCount = substr(e.Name, 1, 1) || '';

-- name: join without a filter, of a value that is no column
SELECT e.Name, p.Id FROM Environments e JOIN PullRequests p ON p.CommentCount = length(e.Name) % 3;

-- name: join by a row that was looked up
SELECT p.Id, u.Nickname, x.Id AS Other FROM PullRequests p JOIN Information.Users u ON u.DisplayName = p.AuthorName LEFT JOIN PullRequests x ON x.AuthorUUID = u.UUID AND x.Id < 8 WHERE p.Id <= 30;

-- name: join materialised keys in the order of a window
WITH x AS (SELECT Id, ROW_NUMBER() OVER (PARTITION BY AuthorUUID ORDER BY CreatedOn DESC) AS n FROM PullRequests)
SELECT x.Id, x.n, c.Id AS CommentId FROM x JOIN PullRequestComments c ON c.PullRequestId = x.Id WHERE x.n <= 3;

-- name: join materialised keys that are filtered
WITH x AS MATERIALIZED (SELECT Id, Title FROM PullRequests) SELECT x.Id, r.UserName FROM x LEFT JOIN PullRequestReviewers r ON r.PullRequestId = x.Id WHERE length(x.Title) % 3 = 0;

-- name: join self by key in every row
SELECT a.Id, b.Title FROM PullRequests a JOIN PullRequests b ON b.Id = a.Id + 1 WHERE a.Id <= 25;

-- name: join by a union of keys
SELECT k.Id, r.UserName FROM (SELECT Id FROM PullRequests WHERE Id <= 8 UNION ALL SELECT PullRequestId FROM PullRequestTasks) k JOIN PullRequestReviewers r ON r.PullRequestId = k.Id;

-- name: join correlated subqueries side by side
SELECT p.Id, (SELECT COUNT(*) FROM PullRequestReviewers r WHERE r.PullRequestId = p.Id) AS Reviewers, EXISTS (SELECT 1 FROM PullRequestTasks k WHERE k.PullRequestId = p.Id AND k.State = 'UNRESOLVED') AS Open FROM PullRequests p WHERE p.Id % 4 = 1;

-- name: join recursive over what was read
WITH RECURSIVE walk(Hash, n) AS (SELECT Hash, 0 FROM (SELECT Hash FROM Commits LIMIT 1) UNION SELECT substr(c.Parents, instr(c.Parents, '"hash":"') + 8, 40), walk.n + 1 FROM walk JOIN Commits c ON c.Hash = walk.Hash WHERE walk.n < 12) SELECT COUNT(*) > 1 FROM walk;

-- name: a lookup by text that is a number with spaces
SELECT a.Id, b.Id FROM (SELECT Id, ' ' || Id || ' ' AS k FROM PullRequests) a LEFT JOIN PullRequests b ON b.CommentCount = a.k;

-- name: a lookup by a number with an exponent
SELECT a.Id, b.Id FROM (SELECT Id, '+' || Id || '.0e0' AS k FROM PullRequests) a LEFT JOIN PullRequests b ON b.CommentCount = a.k;

-- name: a lookup by a real
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.CommentCount = CAST(a.Id AS REAL);

-- name: a lookup by a blob
SELECT a.Id, b.Id FROM (SELECT Id, CAST(AuthorName AS BLOB) AS k FROM PullRequests) a LEFT JOIN PullRequests b ON b.AuthorName = a.k;

-- name: a lookup of a boolean by text
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.Draft = a.TaskCount || '' AND b.Id < 9;

-- name: a lookup under another collation
SELECT a.Id, b.Id FROM (SELECT Id, upper(AuthorName) COLLATE NOCASE AS k FROM PullRequests) a LEFT JOIN PullRequests b ON a.k = b.AuthorName AND b.Id < 9;

-- name: a lookup by what a number reads as text
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.Title = a.TaskCount || '';

-- name: a timestamp joined in another spelling
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.UpdatedOn = replace(a.UpdatedOn, ' ', 'T');

-- name: a full join of three on what nothing narrows
SELECT a.Id, b.Id, c.Id FROM PullRequests a FULL JOIN PullRequests b ON b.Title = a.Title AND a.Id <> b.Id FULL JOIN PullRequests c ON c.TaskCount = b.Id;

-- name: a right join of a lookup
SELECT a.Id, b.Id FROM PullRequests a RIGHT JOIN PullRequests b ON b.CommentCount = a.Id WHERE b.State IN ('OPEN', 'MERGED');

-- name: a tree walked by a recursive join
WITH RECURSIVE t(id, pr, depth) AS (
  SELECT Id, PullRequestId, 0 FROM PullRequestComments WHERE ParentId IS NULL
  UNION ALL SELECT c.Id, c.PullRequestId, depth + 1 FROM t JOIN PullRequestComments c ON c.PullRequestId = t.pr AND c.ParentId = t.id
) SELECT * FROM t;

-- name: a subquery within a subquery of the same row
SELECT a.Id, (SELECT COUNT(*) FROM PullRequestComments b WHERE b.PullRequestId = a.Id AND b.ParentId IN (
  SELECT c.Id FROM PullRequestComments c WHERE c.PullRequestId = a.Id AND c.UserUUID = a.AuthorUUID)) FROM PullRequests a;

-- name: NOT IN of a correlated list with NULLs
SELECT a.Id FROM PullRequests a WHERE a.MergeCommitHash NOT IN (SELECT MergeCommitHash FROM PullRequests b WHERE b.Id > a.Id);

-- name: a join by more keys than there are pages
SELECT a.Id, b.Title, b.State FROM PullRequests a JOIN PullRequests b ON b.Id = a.Id;

-- name: a join by more keys than there are pages, with other conditions
SELECT a.Id, b.Title FROM PullRequests a LEFT JOIN PullRequests b ON b.Id = a.Id + 3 AND b.State <> 'OPEN' AND b.Title = a.Title;

-- name: a join by a column that Bitbucket filters by, which is not unique
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.Title = a.Title AND b.AuthorUUID = a.AuthorUUID;

-- name: a join by names of branches, of which some are no more
SELECT a.Id, b.Name, b.TargetCommitHash FROM PullRequests a LEFT JOIN Branches b ON b.Name = a.SourceBranchName;

-- name: a join by numbers in text and NULLs
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.Id = CASE a.Id % 4 WHEN 0 THEN CAST(a.Id AS TEXT) WHEN 1 THEN a.Id * 1.0 WHEN 2 THEN NULL ELSE a.Id END;

-- name: a join by a column and a range
SELECT a.Id, b.Id, b.CreatedOn FROM PullRequests a LEFT JOIN PullRequests b ON b.AuthorUUID = a.AuthorUUID AND b.Id > a.Id AND b.State <> a.State;

-- name: a join by ranges alone
SELECT a.Id, COUNT(b.Title), MIN(b.Title) FROM PullRequests a LEFT JOIN PullRequests b ON b.CreatedOn < a.CreatedOn AND b.UpdatedOn > a.CreatedOn GROUP BY a.Id;

-- name: a join by ranges with NULLs and values of other types
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.Id < CASE a.Id % 5 WHEN 0 THEN NULL WHEN 1 THEN '3' WHEN 2 THEN 2.5 WHEN 3 THEN 'x' ELSE a.Id END WHERE b.Id < 9;

-- name: a join by ranges of days
WITH RECURSIVE d(day) AS (SELECT date('2026-01-01') UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2026-06-30')
SELECT d.day, p.Id FROM d LEFT JOIN PullRequests p ON p.CreatedOn >= d.day AND p.CreatedOn < date(d.day, '+1 day');

-- name: a join by a pattern
SELECT b.Name, p.Id FROM Branches b JOIN PullRequests p ON p.SourceBranchName LIKE b.Name || '%';

-- name: a range and a column that Bitbucket does not filter by
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.ClosedByUUID = a.ClosedByUUID AND b.UpdatedOn >= a.UpdatedOn;

-- name: a subquery by ranges
SELECT a.Id, (SELECT b.Title FROM PullRequests b WHERE b.CreatedOn > a.CreatedOn ORDER BY b.CreatedOn LIMIT 1),
  EXISTS (SELECT 1 FROM PullRequests b WHERE b.Id > a.Id AND b.Id < a.Id + a.CommentCount) FROM PullRequests a;

-- name: a full join by ranges
SELECT a.Id, b.Name FROM PullRequests a FULL JOIN Branches b ON b.Name > a.SourceBranchName AND b.Name < a.Title;

-- name: an outer join by a range with OR
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.Id > a.Id AND (b.State = 'OPEN' OR b.Id < a.CommentCount);

-- name: a join by a range beside one that stays
-- args: ["2025-01-01", "OPEN"]
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.Id > a.Id AND b.CreatedOn < ? AND b.State <> ?;

-- name: join by the keys of a list, twice, absent, NULL and spelled otherwise
WITH wanted(n) AS (VALUES (1), (7), ('7'), (7.0), (NULL), (-1), (' 8'), ('x'), (8.5), (9), (99999), (10), (9), (11))
SELECT wanted.n, p.Id, p.Title FROM wanted LEFT JOIN PullRequests p ON p.Id = wanted.n;

-- name: join by texts in other cases, which Bitbucket may not tell apart
WITH wanted(n) AS (VALUES ('main'), ('MAIN'), ('Main'), ('develop'), ('no-such-branch'), (NULL), (1), (''))
SELECT wanted.n, b.Name, b.TargetCommitHash FROM wanted LEFT JOIN Branches b ON b.Name = wanted.n;

-- name: join by texts of another collation
WITH wanted(n) AS (VALUES ('MAIN'), ('Develop'), ('no-such-branch'))
SELECT wanted.n, b.Name FROM wanted LEFT JOIN Branches b ON b.Name = wanted.n COLLATE NOCASE;

-- name: join by keys that have several rows each
SELECT a.Id, b.Id FROM PullRequests a JOIN PullRequests b ON b.AuthorUUID = a.AuthorUUID AND b.Id <> a.Id WHERE a.Id < 30;

-- name: join by two keys, of which one is asked for
SELECT a.Id, b.Id, b.State FROM PullRequests a LEFT JOIN PullRequests b ON b.Id = a.Id + 1 AND b.State = a.State AND b.AuthorUUID = a.AuthorUUID;

-- name: subqueries by the keys of a list
SELECT j.value, (SELECT p.Title FROM PullRequests p WHERE p.Id = j.value), EXISTS (SELECT 1 FROM PullRequestReviewers r WHERE r.PullRequestId = j.value),
  (SELECT COUNT(*) FROM Information.Users u JOIN PullRequests p ON p.AuthorUUID = u.UUID AND p.Id = j.value)
FROM json_each('[1, 2, 3, 4, 4, 5, null, "6", 7.5, 8, 9, 10, 1000]') j;

-- name: people of pull requests, in the order of their titles
SELECT x.Id, u.DisplayName FROM (SELECT Id, AuthorUUID FROM PullRequests ORDER BY Title DESC LIMIT 25) x LEFT JOIN Information.Users u ON u.UUID = x.AuthorUUID;

-- name: join by the same keys twice, once with a condition that only a list can be asked for
WITH wanted(n) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15))
SELECT n, b.Id, b.State, c.Id, c.State FROM wanted LEFT JOIN PullRequests b ON b.Id = n AND b.State = 'OPEN' LEFT JOIN PullRequests c ON c.Id = n;
