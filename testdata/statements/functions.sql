-- Functions of SQLite, and of other dialects under their own spelling.

-- name: function text
SELECT Id, UPPER(State), LOWER(Title), LENGTH(Title), TRIM(Title), REPLACE(Title, ' ', '_') FROM PullRequests WHERE Id <= 30;

-- name: function substr
SELECT Id, SUBSTR(Title, 1, 5) AS a, SUBSTRING(Title, 3) AS b, SUBSTR(Title, -4) AS c FROM PullRequests WHERE Id <= 30;

-- name: function substring from for
SELECT Id, SUBSTRING(Title FROM 2 FOR 4) AS a, SUBSTRING(Title FROM 6) AS b FROM PullRequests WHERE Id <= 30;

-- name: function position
SELECT Id, POSITION('a' IN Title) AS p, INSTR(Title, 'o') AS i FROM PullRequests WHERE Id <= 30;

-- name: function trim from
SELECT TRIM(BOTH 'x' FROM 'xxaxx') AS a, TRIM(LEADING 'x' FROM 'xxaxx') AS b, TRIM(TRAILING 'x' FROM 'xxaxx') AS c, TRIM(FROM ' a ') AS d;

-- name: function numbers
SELECT ABS(-Id) AS a, ROUND(CommentCount / 3.0, 2) AS r, MAX(CommentCount, TaskCount) AS x, MIN(Id, 10) AS n, SIGN(TaskCount) AS s FROM PullRequests WHERE Id <= 30;

-- name: function format
SELECT printf('%05d %s', Id, State) AS p, format('%.2f', CommentCount / 7.0) AS f FROM PullRequests WHERE Id <= 30;

-- name: function nested in WHERE
SELECT Id FROM PullRequests WHERE LENGTH(TRIM(REPLACE(Title, 'e', ''))) < 15;

-- name: function typeof
SELECT typeof(Id), typeof(Title), typeof(CreatedOn), typeof(Draft), typeof(MergeCommitHash) FROM PullRequests WHERE Id <= 10;

-- name: function odbc
SELECT {fn UPPER(State)} AS u, {fn LENGTH({fn LTRIM(Title)})} AS n FROM PullRequests WHERE Id <= 10;

-- name: function concat
SELECT CONCAT(Id, ':', State) AS a, CONCAT_WS('-', State, AuthorNickname, DestinationBranchName) AS b FROM PullRequests WHERE Id <= 10;

-- name: function left and right
SELECT LEFT(Title, 4) AS l, RIGHT(Title, 4) AS r, LEN(Title) AS n FROM PullRequests WHERE Id <= 30;

-- name: function charindex
SELECT CHARINDEX('o', Title) AS c, LOCATE('e', Title) AS l FROM PullRequests WHERE Id <= 30;

-- name: function case of other dialects
SELECT UCASE(State) AS u, LCASE(State) AS l, REVERSE(State) AS r FROM PullRequests WHERE Id <= 10;

-- name: function datediff
SELECT Id, DATEDIFF(day, CreatedOn, UpdatedOn) AS d FROM PullRequests WHERE State = 'MERGED';

-- name: function dateadd
SELECT Id FROM PullRequests WHERE CreatedOn > DATEADD(month, -2, '2025-06-01');

-- name: function datepart
SELECT DATEPART(yyyy, CreatedOn) AS y, DATEPART('month', CreatedOn) AS m, COUNT(*) FROM PullRequests GROUP BY 1, 2;

-- name: function date trunc
SELECT DATE_TRUNC('month', CreatedOn) AS m, COUNT(*) FROM PullRequests GROUP BY 1;

-- name: function year and month
SELECT YEAR(CreatedOn) AS y, MONTH(CreatedOn) AS m, DAY(CreatedOn) AS d FROM PullRequests WHERE Id <= 20;

-- name: function greatest and least
SELECT GREATEST(Id, 10, CommentCount) AS g, LEAST(Id, 10) AS l FROM PullRequests WHERE Id <= 20;

-- name: function editing texts
SELECT STUFF(Title, 1, 2, 'XX') AS a, SPLIT(SourceBranchName, '/', 1) AS b, INDEXOF(Title, 'e') AS c, PATINDEX('%e%', Title) AS d, QUOTENAME(State) AS e, TOSTRING(Id) AS f, SOUNDEX(AuthorName) AS g FROM PullRequests WHERE Id <= 20;

-- name: function of the calendar
SELECT DATENAME('month', CreatedOn) AS a, EOMONTH(CreatedOn, 1) AS b, FDQUARTER(CreatedOn) AS c, LDWEEK(CreatedOn) AS d, TO_DAYS(CreatedOn) AS e, ISDATE(Title) AS f FROM PullRequests WHERE Id <= 20;

-- name: function format by the letters of other dialects
SELECT FORMAT(CreatedOn, 'yyyy-MM') AS m, DATE_FORMAT(CreatedOn, '%Y-%m') AS n, TO_CHAR(CreatedOn, 'YYYY-MM') AS o, COUNT(*) FROM PullRequests GROUP BY 1, 2, 3;

-- name: function format of numbers
SELECT FORMAT(Id, 'N2') AS n, FORMAT(CommentCount, '#,##0.0') AS c FROM PullRequests WHERE Id <= 20;

-- name: function of a period that is compared
SELECT Id FROM PullRequests WHERE CreatedOn = L_LAST_N_YEARS(2) AND UpdatedOn <> L_LAST_MONTH() AND UpdatedOn < L_THIS_WEEK();

-- name: function of a period with a parameter
-- args: [5, 2, 10]
SELECT TOP (?) Id FROM PullRequests WHERE NOT CreatedOn = L_NEXT_N_MONTHS(?) AND Id > ? ORDER BY Id;

-- name: function of the time between timestamps
SELECT Id, EXTRACT(EPOCH FROM (UpdatedOn - CreatedOn)) / 3600 AS hours, EXTRACT(DAY FROM UpdatedOn - CreatedOn) AS days, TIMESTAMPDIFF(HOUR, CreatedOn, UpdatedOn) AS whole FROM PullRequests WHERE State = 'MERGED';

-- name: function percentile
SELECT AuthorName, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CommentCount) AS p90, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY CreatedOn DESC) AS middle FROM PullRequests GROUP BY AuthorName;

-- name: function of truths
SELECT State, BOOL_OR(Draft) AS a, BOOL_AND(Draft) AS b, EVERY(Id > 0) AS c, COUNT_BIG(*) AS d FROM PullRequests GROUP BY State;
