-- Aggregates of one table within statements: subqueries, common table expressions, arms of compounds.

-- name: aggregate greatest in a condition
SELECT * FROM PullRequests WHERE UpdatedOn = (SELECT MAX(UpdatedOn) FROM PullRequests);

-- name: aggregate least in a condition of the same columns
SELECT UpdatedOn FROM PullRequests WHERE UpdatedOn = (SELECT MIN(UpdatedOn) FROM PullRequests);

-- name: aggregate least of a range beside an OR
SELECT Id, CreatedOn FROM PullRequests p WHERE p.CreatedOn = (SELECT MIN(CreatedOn) FROM PullRequests WHERE Id > 40 AND State <> 'OPEN') OR p.Id = 3;

-- name: aggregate with an OR inside
SELECT Id, (SELECT COUNT(*) FROM PullRequests WHERE Id > 100 OR Id < 5), (SELECT MIN(Id) FROM PullRequests WHERE Id > 100 OR State = 'OPEN') FROM PullRequests WHERE Id < 4;

-- name: aggregate counts and least side by side
SELECT (SELECT COUNT(*) FROM PullRequests WHERE State = 'OPEN') AS o, (SELECT COUNT(*) FROM PullRequests WHERE State <> 'OPEN'), (SELECT MIN(CreatedOn) FROM PullRequests) AS f, (SELECT MAX(CreatedOn) FROM PullRequests WHERE CreatedOn < '2026-01-01');

-- name: aggregate columns that carry the text of the statement
SELECT (SELECT MIN(PullRequests.CreatedOn) FROM PullRequests), (SELECT COUNT( * ) FROM platform.PullRequests WHERE platform.PullRequests.Id>5)+1;

-- name: aggregate names in all quotings
SELECT (SELECT COUNT(*) FROM [platform].[PullRequests] WHERE [Id] > 5), (SELECT COUNT(*) FROM "platform"."PullRequests" AS "x" WHERE "x"."Id" > 5), (SELECT MIN(`Id`) FROM `PullRequests` `y` WHERE `y`.`Id` > 5), (SELECT MAX(CreatedOn) FROM CData.platform.PullRequests);

-- name: aggregate of no row
SELECT (SELECT COUNT(*) FROM PullRequests WHERE Id > 5 AND Id < 6), (SELECT MIN(Id) FROM PullRequests WHERE Id > 5 AND Id < 6), (SELECT MAX(UpdatedOn) FROM PullRequests WHERE Id = 2 AND Id = 3);

-- name: aggregate of an empty repository
SELECT (SELECT COUNT(*) FROM sandbox.PullRequests), (SELECT COUNT(*) FROM sandbox.PullRequests WHERE Id > 1), (SELECT MIN(Id) FROM sandbox.PullRequests), (SELECT MAX(CreatedOn) FROM sandbox.PullRequests WHERE State <> 'OPEN');

-- name: aggregate with NULLs
SELECT (SELECT COUNT(*) FROM PullRequests WHERE Id > NULL), (SELECT MIN(TargetDate) FROM Tags), (SELECT MAX(TargetDate) FROM Tags), (SELECT COUNT(MergeCommitHash) FROM PullRequests WHERE CreatedOn > '2025-03-01');

-- name: aggregate with parameters
-- args: ["2025-03-01", 7, "MERGED", "2026-05-01T00:00:00Z"]
SELECT Id FROM PullRequests WHERE CreatedOn > ? AND Id > (SELECT COUNT(*) FROM PullRequests WHERE Id < ? AND State <> ?) AND CreatedOn <= (SELECT MAX(CreatedOn) FROM PullRequests WHERE CreatedOn < ?);

-- name: aggregate with named parameters
-- args: {"from": "2025-06-01", "state": "OPEN"}
SELECT (SELECT MIN(CreatedOn) FROM PullRequests WHERE CreatedOn >= :from AND State = :state), (SELECT COUNT(*) FROM PullRequests WHERE CreatedOn >= :from), (SELECT COUNT(*) FROM PullRequests WHERE State <> :state);

-- name: aggregate common table expression
WITH n AS (SELECT COUNT(*) AS c, 'all' AS x FROM PullRequests WHERE CreatedOn >= '2025-03-01'), m AS (SELECT MIN(CreatedOn) AS least FROM PullRequests WHERE State = 'MERGED') SELECT n.c, m.least, n2.c FROM n, m, n AS n2;

-- name: aggregate common table expression that is used twice and joined
-- ordered: true
WITH newest(at) AS MATERIALIZED (SELECT MAX(CreatedOn) FROM PullRequests) SELECT p.Id, a.at = b.at FROM PullRequests p JOIN newest a ON p.CreatedOn <= a.at LEFT JOIN newest b ON p.CreatedOn = b.at ORDER BY p.Id DESC LIMIT 5;

-- name: aggregate of a common table expression with a table's name
WITH PullRequests AS (SELECT 1 AS Id UNION ALL SELECT 5) SELECT (SELECT COUNT(*) FROM PullRequests WHERE Id > 2), (SELECT MAX(Id) FROM PullRequests), (SELECT COUNT(*) FROM platform.PullRequests WHERE Id > 2);

-- name: aggregate of a common table expression with a table's name and columns
WITH Branches(Name) AS NOT MATERIALIZED (VALUES ('a'), ('b')) SELECT (SELECT MAX(Name) FROM Branches), (SELECT COUNT(*) FROM platform.Branches);

-- name: aggregate arms of UNION ALL
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn > '2025-03-01' UNION ALL SELECT COUNT(*) FROM PullRequests WHERE CreatedOn > '2025-03-01' AND State <> 'OPEN' UNION ALL SELECT MIN(Id) FROM PullRequests UNION ALL SELECT MAX(Id) FROM [web-app].PullRequests;

-- name: aggregate arms of compounds, in order
-- ordered: true
SELECT 'least' AS what, MIN(CreatedOn) AS at FROM PullRequests UNION SELECT 'most', MAX(CreatedOn) FROM PullRequests WHERE Id > 3 EXCEPT SELECT 'none', MIN(CreatedOn) FROM PullRequests WHERE Id < 0 ORDER BY 2 DESC LIMIT 2;

-- name: aggregate arms of compounds with an offset
-- ordered: true
SELECT COUNT(*) FROM PullRequests WHERE Id > 3 UNION ALL SELECT COUNT(*) FROM PullRequests WHERE Id > 5 UNION ALL SELECT COUNT(*) FROM PullRequests WHERE Id > 7 ORDER BY 1 LIMIT 1 OFFSET 1;

-- name: aggregate in FROM
SELECT m, n + 1 FROM (SELECT MAX(CreatedOn) AS m FROM PullRequests) AS a, (SELECT COUNT(*) AS n FROM PullRequests WHERE Id >= 10) b WHERE m > '2025-01-01' AND n > 3;

-- name: aggregate in FROM that the outside leaves out
SELECT 1 FROM (SELECT COUNT(*) AS n, MIN(CreatedOn) AS m FROM PullRequests WHERE State <> 'OPEN') WHERE n < 0;

-- name: aggregate in FROM of an outer join
SELECT b.Name, x.n FROM Branches b LEFT JOIN (SELECT COUNT(*) AS n FROM PullRequests WHERE Id > 9) x ON b.Name = 'main';

-- name: aggregate in FROM of a full join
SELECT b.Name, x.least FROM (SELECT MIN(CreatedOn) AS least FROM PullRequests WHERE State <> 'MERGED') x FULL JOIN Tags b ON b.TargetDate > x.least;

-- name: aggregate groups in FROM that the outside narrows
SELECT * FROM (SELECT State, COUNT(*) AS n FROM PullRequests WHERE CreatedOn > '2025-02-01' GROUP BY State) WHERE State IN ('OPEN', 'MERGED') AND n > 1;

-- name: aggregate correlated counts
SELECT r.Slug, (SELECT COUNT(*) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug AND p.State = 'OPEN'), (SELECT COUNT(*) FROM Workspace.PullRequests p WHERE r.Slug = p.RepositorySlug AND p.State <> 'OPEN' AND p.CreatedOn >= r.CreatedOn) FROM Repositories r;

-- name: aggregate correlated least and greatest
SELECT r.Slug, (SELECT MIN(UpdatedOn) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug), (SELECT MAX(p.UpdatedOn) FROM Workspace.PullRequests AS p WHERE p.RepositorySlug = r.Slug AND p.CreatedOn < r.UpdatedOn) FROM Repositories r;

-- name: aggregate correlated by a column of the same name
SELECT p.Id, (SELECT COUNT(*) FROM PullRequests q WHERE q.State = p.State AND q.Id < p.Id), (SELECT MIN(q.CreatedOn) FROM PullRequests q WHERE q.Id > p.Id) FROM PullRequests p WHERE p.Id < 12;

-- name: aggregate correlated by a column without a table
SELECT Slug, (SELECT COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug = Slug AND Id > 2) FROM Repositories;

-- name: aggregate correlated by a list
SELECT p.Id, (SELECT COUNT(*) FROM PullRequests q WHERE q.Id IN (p.Id, p.Id + 1, 3)), (SELECT MAX(q.Id) FROM PullRequests q WHERE q.Id BETWEEN p.Id AND 20) FROM PullRequests p WHERE p.Id < 9;

-- name: aggregate of a column of the outside
SELECT r.Slug, (SELECT COUNT(*) FROM PullRequests WHERE Id > 110) FROM Repositories r GROUP BY r.Slug HAVING (SELECT MAX(r.CreatedOn) FROM PullRequests p WHERE p.Id = 1) > '2015';

-- name: aggregate with EXISTS
SELECT EXISTS (SELECT COUNT(*) FROM PullRequests WHERE Id < 0), EXISTS (SELECT MIN(Id) FROM PullRequests WHERE Id < 0 HAVING COUNT(*) > 0), 1 IN (SELECT MIN(Id) FROM PullRequests), 7 NOT IN (SELECT COUNT(*) FROM PullRequests WHERE Id > 4);

-- name: aggregate within an aggregate
SELECT State, COUNT(*), SUM(Id > (SELECT COUNT(*) FROM PullRequests WHERE CreatedOn < '2025-09-01')) FROM PullRequests GROUP BY State HAVING MIN(CreatedOn) > (SELECT MIN(CreatedOn) FROM PullRequests WHERE State = 'OPEN') OR COUNT(*) > 0;

-- name: aggregate in ORDER BY and LIMIT
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id = (SELECT MIN(Id) FROM PullRequests WHERE State <> 'OPEN') DESC, Id LIMIT (SELECT COUNT(*) FROM PullRequests WHERE Id <= 4) OFFSET 1;

-- name: aggregate in a window
SELECT Id, SUM(Id - (SELECT MIN(Id) FROM PullRequests WHERE Id > 3)) OVER (ORDER BY Id) FROM PullRequests WHERE Id < 20;

-- name: aggregate expressions
SELECT COALESCE((SELECT MAX(Id) FROM PullRequests WHERE State = 'nonsense'), (SELECT COUNT(*) * 2 + 1 FROM PullRequests WHERE CreatedOn > '2025-04-01'), 0), (SELECT COUNT(*) > 5 FROM PullRequests WHERE Id > 3), (SELECT MAX(Id) - MIN(Id) FROM PullRequests WHERE Id > 3);

-- name: aggregate over all repositories
SELECT Slug, UpdatedOn = (SELECT MAX(UpdatedOn) FROM Workspace.PullRequests WHERE State <> 'OPEN') FROM Repositories WHERE CreatedOn < (SELECT MIN(CreatedOn) FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'web-app'));

-- name: aggregate with a deleted row's column
SELECT (SELECT COUNT(*) FROM PullRequestComments WHERE PullRequestId = 3), (SELECT COUNT(*) FROM PullRequestComments WHERE PullRequestId = 3 AND Deleted = FALSE), (SELECT MAX(UpdatedOn) FROM PullRequestComments c WHERE c.PullRequestId = 3);

-- name: aggregate in a CASE
SELECT Id, CASE WHEN State = 'OPEN' THEN (SELECT COUNT(*) FROM PullRequests q WHERE q.State <> 'OPEN') ELSE (SELECT MIN(Id) FROM PullRequests) END FROM PullRequests WHERE Id < 30;

-- name: aggregate without FROM outside
SELECT 1 WHERE 0 < (SELECT COUNT(*) FROM PullRequests WHERE UpdatedOn > datetime('2025-01-01'));

-- name: aggregates of several columns
SELECT MIN(CreatedOn), MAX(UpdatedOn), MAX(CreatedOn) FROM PullRequests;

-- name: aggregates of several columns with a count
SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn), 'x', NULL, MAX(UpdatedOn) AS UpdatedOn, COUNT(Id) FROM PullRequests WHERE State <> 'OPEN' AND CreatedOn > '2024-06-01';

-- name: aggregates with a count, of few rows
SELECT COUNT(*), MIN(Id), MAX(Id) FROM PullRequests WHERE Id < 8;

-- name: aggregates with a count, of one row
SELECT COUNT(*), MIN(Id), MAX(Id), MIN(CreatedOn), MAX(CreatedOn) FROM PullRequests WHERE Id > 5 AND Id < 7;

-- name: aggregates with a count, of no row
SELECT COUNT(*), MIN(Id), MAX(CreatedOn) FROM PullRequests WHERE Id > 5 AND Id < 6;

-- name: aggregates with a count, of an empty repository
SELECT COUNT(*), MIN(Id), MAX(CreatedOn) FROM sandbox.PullRequests;

-- name: aggregates with a count, of pages
SELECT COUNT(*), MIN(UpdatedOn), MAX(UpdatedOn) FROM PullRequests WHERE Id <= 51;

-- name: aggregates with a count, of dates that may be missing
SELECT COUNT(*), MIN(TargetDate), MAX(TargetDate) FROM Tags;

-- name: aggregates with counts of the column itself
SELECT COUNT(*), COUNT(TargetDate), MIN(TargetDate) FROM Tags;

-- name: aggregates with a count and bounds
-- args: ["2025-01-01", "2026-06-01T00:00:00Z"]
SELECT COUNT(*), MAX(p.CreatedOn), MIN(p.CreatedOn) FROM PullRequests p WHERE p.CreatedOn > ? AND ? > CreatedOn AND State IN ('OPEN', 'MERGED');

-- name: aggregates with a count and a fine bound
SELECT COUNT(*), MAX(CreatedOn) FROM PullRequests WHERE CreatedOn > '2025-08-01 00:00:00.1234567' AND Id <> 7;

-- name: aggregates with a count and a bound that no value satisfies
SELECT COUNT(*), MAX(CreatedOn) FROM PullRequests WHERE Id > 9223372036854775807;

-- name: aggregates with a count and an inexact condition
SELECT COUNT(*), MIN(CreatedOn) FROM PullRequests WHERE Title LIKE '%fix%';

-- name: aggregates with a sum
SELECT COUNT(*), MIN(Id), SUM(Id), COUNT(DISTINCT State) FROM PullRequests;

-- name: aggregates with a filter
SELECT COUNT(*) FILTER (WHERE State = 'OPEN'), MIN(Id), MAX(CreatedOn) FILTER (WHERE Draft) FROM PullRequests;

-- name: aggregates over all repositories
SELECT COUNT(*), MIN(CreatedOn), MAX(UpdatedOn) FROM Workspace.PullRequests WHERE State <> 'OPEN';

-- name: aggregates of each repository
SELECT RepositorySlug, COUNT(*), MIN(CreatedOn), MAX(UpdatedOn) AS newest FROM Workspace.PullRequests GROUP BY RepositorySlug;

-- name: aggregates of each repository in order
-- ordered: true
SELECT COUNT(*) AS n, MAX(UpdatedOn), p.RepositorySlug FROM Workspace.PullRequests p WHERE State <> 'OPEN' AND CreatedOn > '2024-06-01' GROUP BY 3 ORDER BY n DESC, p.RepositorySlug LIMIT 4 OFFSET 1;

-- name: aggregates of some repositories
SELECT MAX(Id), RepositorySlug FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'sandbox', 'web-app') GROUP BY RepositorySlug;

-- name: aggregates of each repository and state
SELECT RepositorySlug, State, MAX(Id) FROM Workspace.PullRequests GROUP BY RepositorySlug, State;

-- name: aggregates of groups that are no groups
SELECT MAX(Id) FROM Workspace.PullRequests GROUP BY 'x';

-- name: aggregates of each repository, joined
SELECT r.Slug, x.n, x.least FROM Repositories r LEFT JOIN (SELECT RepositorySlug, COUNT(*) AS n, MIN(CreatedOn) AS least FROM Workspace.PullRequests WHERE State = 'OPEN' GROUP BY RepositorySlug) x ON x.RepositorySlug = r.Slug AND x.n > 2;

-- name: aggregates of each repository, narrowed from outside
SELECT * FROM (SELECT RepositorySlug, COUNT(*) AS n, MAX(Id) AS most FROM Workspace.PullRequests GROUP BY RepositorySlug) WHERE RepositorySlug >= 'm' AND RepositorySlug <> 'sandbox' AND n > 1;

-- name: aggregates in subqueries
SELECT r.Slug, (SELECT MAX(Id) - MIN(Id) || ' of ' || COUNT(*) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug), x.* FROM Repositories r, (SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn) FROM PullRequests WHERE Id > 60) x;

-- name: aggregates of repositories
SELECT COUNT(*), MIN(CreatedOn), MAX(UpdatedOn), MAX(CreatedOn) FROM Repositories;

-- name: aggregates with OR
SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn) FROM PullRequests WHERE State = 'OPEN' OR Id < 9;

-- name: count of OR
SELECT COUNT(*) FROM PullRequests WHERE State = 'OPEN' OR Id < 9;

-- name: count of OR of an author
-- args: ["{00000000-0000-0000-0000-000000000000}"]
SELECT COUNT(*) FROM PullRequests WHERE State = 'MERGED' OR AuthorUUID = ? OR AuthorUUID = (SELECT MIN(AuthorUUID) FROM PullRequests);

-- name: count of OR of parameters
-- args: ["OPEN", 30, "2025-06-01"]
SELECT COUNT(*) FROM PullRequests WHERE State = ? OR Id > ? AND CreatedOn < ?;

-- name: count of OR of a null parameter
-- args: [null, 30]
SELECT COUNT(*), COUNT(Id) FROM PullRequests WHERE State = ? OR Id > ?;

-- name: count of OR of named parameters
-- args: {"state": "OPEN", "from": "2025-08-01T00:00:00Z"}
SELECT COUNT(*) FROM PullRequests p WHERE p.State = :state OR NOT p.CreatedOn >= :from;

-- name: count of NOT
SELECT COUNT(*) FROM PullRequests WHERE NOT State = 'OPEN';

-- name: count of NOT of OR
SELECT COUNT(*) FROM PullRequests WHERE NOT (State = 'OPEN' OR Id IN (3, 4, NULL)) AND NOT (Draft AND Id > 50);

-- name: count of NOT IN
SELECT COUNT(*), 'x' FROM PullRequests WHERE State NOT IN ('OPEN', 'MERGED') AND Id NOT IN (1, 2);

-- name: count of NOT IN with NULL
SELECT COUNT(*) FROM PullRequests WHERE Id NOT IN (1, NULL) OR State = 'OPEN';

-- name: count of AND of ORs
SELECT COUNT(*) FROM PullRequests WHERE (State = 'OPEN' OR Draft) AND (CreatedOn > '2025-06-01' OR Id < 40) AND UpdatedOn BETWEEN '2024-01-01' AND '2026-10-01';

-- name: count of ORs that contradict
SELECT COUNT(*) FROM PullRequests WHERE (Id < 5 OR Id > 100) AND (Id BETWEEN 20 AND 30 OR Id = 50);

-- name: count of OR with contradictions
SELECT COUNT(*) FROM PullRequests WHERE Id = 7 AND (State = 'OPEN' OR State <> 'OPEN') OR Id > 5 AND Id < 6;

-- name: count of OR that is a list
SELECT COUNT(*) FROM PullRequests WHERE Id = 3 OR 7 = Id OR Id = 3;

-- name: count of OR of what no row has
SELECT COUNT(*) FROM PullRequests WHERE Id < -3 OR State = 'nonsense';

-- name: count of OR of odd values
SELECT COUNT(*) FROM PullRequests WHERE Id > 5.5 OR Id = '3' OR Id = 'x' OR State = 5;

-- name: count of OR of fine instants
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn > '2025-08-01 00:00:00.1234567' OR Id < 3;

-- name: count of OR of an instant
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn = (SELECT MAX(CreatedOn) FROM PullRequests) OR Id < 3;

-- name: count of OR with NULLs
SELECT COUNT(*) FROM PullRequests WHERE State = NULL OR Id > 3 AND (Id < NULL OR Id < 70);

-- name: count of OR with an inexact condition
SELECT COUNT(*) FROM PullRequests WHERE State = 'OPEN' OR Title LIKE '%fix%' OR AuthorName = 'Ann';

-- name: count of OR with another collation
SELECT COUNT(*) FROM PullRequests WHERE State = 'open' COLLATE NOCASE OR Id > 90;

-- name: count of OR with computed conditions
SELECT COUNT(*) FROM PullRequests WHERE (Id % 7 = 3 OR State = 'OPEN') AND (Id > 5 OR State = 'MERGED');

-- name: count of OR with IS
SELECT COUNT(*) FROM PullRequests WHERE (State = 'OPEN') IS TRUE OR Draft IS NOT TRUE OR NOT Draft;

-- name: count of OR in a CASE
SELECT COUNT(*) FROM PullRequests WHERE CASE WHEN Id > 5 AND State = 'OPEN' THEN 1 ELSE Draft END OR Id BETWEEN 4 AND 8;

-- name: count of OR over all repositories
SELECT COUNT(*) FROM Workspace.PullRequests WHERE State = 'OPEN' OR Draft;

-- name: count of OR of each repository
SELECT RepositorySlug, COUNT(*), MAX(CreatedOn) FROM Workspace.PullRequests WHERE (State = 'OPEN' OR Id < 3) AND RepositorySlug IN ('platform', 'web-app', 'sandbox') GROUP BY RepositorySlug;

-- name: count of OR with a repository in it
SELECT COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug = 'platform' AND State = 'OPEN' OR RepositorySlug = 'web-app' AND Id < 9;

-- name: count of OR by state
SELECT State, COUNT(*) FROM PullRequests WHERE State = 'OPEN' OR Id > 90 GROUP BY State;

-- name: least and greatest of OR
SELECT MIN(CreatedOn), MAX(UpdatedOn), COUNT(*) FROM PullRequests WHERE State = 'OPEN' OR Id < 60;

-- name: least and greatest of OR of the column
SELECT MIN(CreatedOn), MAX(CreatedOn) FROM PullRequests WHERE CreatedOn < '2025-01-01' OR CreatedOn > '2025-07-01' AND NOT State = 'OPEN';

-- name: least and greatest of OR of the column with a count
SELECT MIN(CreatedOn), MAX(CreatedOn), COUNT(*) FROM PullRequests WHERE CreatedOn < '2025-01-01' OR CreatedOn > '2025-07-01';

-- name: counts of ORs within
SELECT p.Id, (SELECT COUNT(*) FROM PullRequests WHERE State = 'OPEN' OR Id < 9), (SELECT MIN(q.Id) FROM PullRequests q WHERE NOT (q.State = 'OPEN' OR q.Id < 9)) FROM PullRequests p WHERE p.Id < 5 OR p.State = 'SUPERSEDED';

-- name: counts of ORs within, with parameters
-- args: [5, "OPEN", 9]
SELECT p.Id, (SELECT COUNT(*) FROM PullRequests q WHERE q.Id > p.Id OR q.State = 'OPEN') FROM PullRequests p WHERE p.Id < ? UNION ALL SELECT 0, (SELECT COUNT(*) FROM PullRequests WHERE State = ? OR Id < ?);

-- name: counts of ORs in arms
-- ordered: true
SELECT COUNT(*) AS n FROM PullRequests WHERE State = 'OPEN' OR Draft UNION ALL SELECT COUNT(*) FROM PullRequests WHERE NOT State = 'OPEN' ORDER BY 1 DESC LIMIT 2;

-- name: count of OR of repositories
SELECT COUNT(*) FROM Repositories WHERE IsPrivate OR CreatedOn > '2024-01-01' OR NOT IsPrivate;

-- name: count of OR of an author in several spellings
SELECT COUNT(*) FROM PullRequests WHERE AuthorUUID IN ('{00000000-0000-0000-0000-000000000000}', 'x') OR AuthorUUID = 'X' OR Id = 4;

-- name: count of OR whose arms are objects
SELECT COUNT(*) FROM PullRequests WHERE Id = 3 OR Id = 5 AND State <> 'nonsense' OR Id = 8 AND CreatedOn > '2000-01-01';

-- name: counts of ORs within whose arms are objects
SELECT p.Id, (SELECT COUNT(*) FROM PullRequests WHERE Id = 3 AND State <> 'nonsense' OR Id = 5) FROM PullRequests p WHERE p.Id = 1 OR p.Id = 2 AND State <> 'nonsense';
