-- Timestamps and dates in every spelling.

-- name: date iso with zone
SELECT Id FROM PullRequests WHERE CreatedOn >= '2025-06-01T00:00:00+00:00';

-- name: date iso with Z
SELECT Id FROM PullRequests WHERE CreatedOn >= '2025-06-01T00:00:00Z' AND CreatedOn < '2025-09-01T00:00:00Z';

-- name: date iso with another zone
SELECT Id FROM PullRequests WHERE UpdatedOn < '2025-06-01T02:00:00+02:00';

-- name: date with space
SELECT Id FROM PullRequests WHERE CreatedOn > '2025-06-01 12:30:00';

-- name: date with fraction
SELECT Id FROM PullRequests WHERE CreatedOn > '2025-06-01 12:30:00.123456';

-- name: date alone
SELECT Id FROM PullRequests WHERE CreatedOn >= '2025-06-01';

-- name: date without seconds
SELECT Id FROM PullRequests WHERE CreatedOn < '2025-06-01 10:00';

-- name: date between
SELECT Id FROM PullRequests WHERE CreatedOn BETWEEN '2025-01-01' AND '2025-12-31T23:59:59Z';

-- name: date literal
SELECT Id FROM PullRequests WHERE CreatedOn >= DATE '2025-06-01';

-- name: timestamp literal
SELECT Id FROM PullRequests WHERE CreatedOn >= TIMESTAMP '2025-06-01 08:00:00' AND UpdatedOn < DATETIME '2026-06-01 00:00:00';

-- name: date odbc escapes
SELECT Id FROM PullRequests WHERE CreatedOn >= {d '2025-06-01'} AND CreatedOn < {ts '2025-12-24 18:00:00'};

-- name: date cast
SELECT Id FROM PullRequests WHERE CreatedOn >= CAST('2025-06-01' AS TIMESTAMP) AND CreatedOn < '2026-01-01'::timestamp;

-- name: date of column equals date
SELECT Id FROM PullRequests WHERE CAST(CreatedOn AS DATE) = (SELECT date(CreatedOn) FROM PullRequests WHERE Id = 7) OR date(CreatedOn) = '2025-07-01';

-- name: date arithmetic by modifiers
SELECT Id FROM PullRequests WHERE CreatedOn >= datetime('2025-06-01', '-7 days');

-- name: date arithmetic by interval
SELECT Id FROM PullRequests WHERE CreatedOn >= TIMESTAMP '2025-06-01 00:00:00' - INTERVAL '7 days' AND CreatedOn < '2025-06-01' + INTERVAL 1 MONTH;

-- name: date arithmetic by weeks and hours
SELECT Id FROM PullRequests WHERE UpdatedOn < '2025-06-01'::timestamp + '2 weeks 3 hours'::interval;

-- name: date arithmetic by function
SELECT Id FROM PullRequests WHERE CreatedOn < DATE_ADD('2025-03-01', INTERVAL 10 DAY) AND CreatedOn > DATE_SUB('2025-03-01', INTERVAL 2 QUARTER);

-- name: date before now
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn < NOW() + INTERVAL '1 year' AND CreatedOn < GETDATE() + INTERVAL 1 YEAR;

-- name: date against the current date
SELECT COUNT(*) FROM PullRequests WHERE CreatedOn < date(CURRENT_DATE, '+1 year') AND CURRENT_TIMESTAMP > CreatedOn AND CURRENT_DATE() > '2020-01-01';

-- name: date parts
SELECT Id, EXTRACT(YEAR FROM CreatedOn) AS y, EXTRACT(MONTH FROM CreatedOn) AS m, EXTRACT(DOW FROM CreatedOn) AS d FROM PullRequests WHERE Id <= 40;

-- name: date part in group
SELECT EXTRACT(QUARTER FROM CreatedOn) AS q, COUNT(*) FROM PullRequests GROUP BY EXTRACT(QUARTER FROM CreatedOn);

-- name: date strftime
SELECT strftime('%Y-%m', CreatedOn) AS Month, COUNT(*) FROM PullRequests GROUP BY 1;

-- name: date text of column
SELECT Id, SUBSTR(CreatedOn, 1, 10) AS Day FROM PullRequests WHERE Id < 10;

-- name: date like
SELECT Id FROM PullRequests WHERE CreatedOn LIKE '2025-06%';

-- name: date difference
SELECT Id, ROUND(julianday(UpdatedOn) - julianday(CreatedOn), 3) AS Days FROM PullRequests WHERE State = 'MERGED';

-- name: date compared with date
SELECT Id FROM PullRequests WHERE UpdatedOn > CreatedOn AND date(UpdatedOn) = date(CreatedOn);

-- name: date in list
SELECT Id FROM PullRequests WHERE CreatedOn IN ((SELECT CreatedOn FROM PullRequests WHERE Id = 5), (SELECT CreatedOn FROM PullRequests WHERE Id = 6));

-- name: date that is none
SELECT Id FROM PullRequests WHERE CreatedOn < 'yesterday' AND CreatedOn <> '';

-- name: date null
SELECT BuildNumber FROM Pipelines WHERE CompletedOn IS NULL OR CompletedOn < '2025-01-01';

-- name: date or state
SELECT Id FROM PullRequests WHERE UpdatedOn >= '2026-06-01' OR State = 'DECLINED';

-- name: date of commits
SELECT Hash FROM Commits WHERE Date >= '2026-09-01' AND Date < '2026-10-01';

-- name: date of repositories
SELECT Slug FROM Information.Repositories WHERE CreatedOn < '2021-03-10' AND UpdatedOn > '2026-01-01T00:00:00.000Z';

-- name: the latest
SELECT Id, UpdatedOn FROM PullRequests WHERE UpdatedOn = (SELECT MAX(UpdatedOn) FROM PullRequests);

-- name: the latest of each author
SELECT Id FROM PullRequests p WHERE UpdatedOn = (SELECT MAX(UpdatedOn) FROM PullRequests q WHERE q.AuthorUUID = p.AuthorUUID);

-- name: the latest of all repositories
SELECT RepositorySlug, Id FROM Workspace.PullRequests WHERE CreatedOn = (SELECT MAX(CreatedOn) FROM Workspace.PullRequests) OR UpdatedOn = '2026-01-01';

-- name: the latest for which there is something
SELECT MAX(CreatedOn) FROM PullRequests p WHERE EXISTS (SELECT 1 FROM PullRequestTasks k WHERE k.PullRequestId = p.Id AND k.State = 'RESOLVED');

-- name: equal in other spellings
SELECT p.Id, q.Id FROM PullRequests p JOIN PullRequests q ON q.CreatedOn = replace(p.CreatedOn, ' ', 'T') || '+00:00';

-- name: equal in another time zone
SELECT p.Id, q.Id FROM PullRequests p LEFT JOIN PullRequests q ON q.CreatedOn = substr(p.CreatedOn, 1, 11) || '23:59:59+02:00' OR q.CreatedOn = p.CreatedOn;

-- name: equal instants of two columns and tables
SELECT p.Id, q.Id, c.Id FROM PullRequests p LEFT JOIN PullRequests q ON q.UpdatedOn = p.CreatedOn LEFT JOIN PullRequestComments c ON c.UpdatedOn = c.CreatedOn AND c.PullRequestId = p.Id;

-- name: equal but for what BBQL does not compare
SELECT p.Id, q.Id FROM PullRequests p JOIN PullRequests q ON q.CreatedOn = p.CreatedOn || '1' OR q.CreatedOn = p.CreatedOn || '0';

-- name: equal by another collation
SELECT p.Id, q.Id FROM PullRequests p JOIN PullRequests q ON q.CreatedOn COLLATE BINARY = replace(p.CreatedOn, '-', '-') AND q.CreatedOn || '' = p.CreatedOn;

-- name: instants in a list
SELECT Id FROM PullRequests WHERE CreatedOn IN (SELECT CreatedOn FROM PullRequests WHERE Id < 40) AND UpdatedOn NOT IN (SELECT UpdatedOn || 'Z' FROM PullRequests WHERE Id < 5);

-- name: a list with what is no instant
-- args: ["2025-06-01T00:00:00Z", "yesterday", 5, null]
SELECT Id FROM PullRequests WHERE CreatedOn IN (?, ?, ?, ?, (SELECT CreatedOn FROM PullRequests WHERE Id = 7));

-- name: IS and <> an instant
SELECT Id, CreatedOn IS (SELECT CreatedOn FROM PullRequests WHERE Id = 7) FROM PullRequests WHERE CreatedOn IS (SELECT CreatedOn FROM PullRequests WHERE Id = 7) OR CreatedOn <> UpdatedOn;
