-- String literals that other dialects read otherwise.

-- name: string with quote
SELECT Id FROM PullRequests WHERE AuthorName = 'Seán O''Brien';

-- name: string with quote in LIKE
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%O''Reilly%';

-- name: string with backslashes
SELECT Id, 'C:\temp\new' AS Path FROM PullRequests WHERE Title LIKE '%C:\temp\paths%';

-- name: string that ends in a backslash
SELECT 'a\' AS a, 'b\\' AS b, '\' AS c;

-- name: string with double quotes
SELECT Id FROM PullRequests WHERE Title = 'Revert "Add dark mode"';

-- name: string with semicolon and dashes
SELECT Id FROM PullRequests WHERE Title LIKE '%; DROP TABLE students;--%';

-- name: string with comment signs
SELECT '/* no comment */' AS a, '-- none' AS b, '# none' AS c;

-- name: string with unicode
SELECT Id FROM PullRequests WHERE AuthorName = '李娜' OR AuthorName = 'Søren Ångström' OR AuthorName = 'Олена Бондар';

-- name: string with emoji
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%🚀%';

-- name: string with newline
SELECT 'two
lines' AS Text, LENGTH('a
b') AS n;

-- name: string national
SELECT Id FROM PullRequests WHERE AuthorName = N'Zoë Kowalczyk';

-- name: string with escapes
SELECT E'tab\there' AS t, E'it\'s' AS q, E'\u00e9\x41\101' AS u, 'no\tescape' AS n;

-- name: string empty
SELECT '' AS e, LENGTH('') AS n, '' IS NULL AS isnull_;

-- name: string that looks like a parameter
SELECT ':name ? $1 @x' AS p;

-- name: string percent
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%50\%%' ESCAPE '\';

-- name: string trailing space
SELECT Id, Title || '|' AS t FROM PullRequests WHERE Title = 'trailing space ';

-- name: string alias in single quotes
SELECT Id AS 'the id' FROM PullRequests WHERE Id < 4;

-- name: blob literal
SELECT x'414243' AS b, CAST(x'414243' AS TEXT) AS t, HEX('abc') AS h;
