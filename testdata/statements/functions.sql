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
