-- ORDER BY in all its forms; every order is total.

-- name: order by key
-- ordered: true
SELECT Id, Title FROM PullRequests ORDER BY Id;

-- name: order by key descending
-- ordered: true
SELECT Id FROM PullRequests WHERE State = 'MERGED' ORDER BY Id DESC;

-- name: order by two
-- ordered: true
SELECT State, Id FROM PullRequests ORDER BY State, Id DESC;

-- name: order by date and key
-- ordered: true
SELECT Id, CreatedOn FROM PullRequests ORDER BY CreatedOn DESC, Id;

-- name: order by updated
-- ordered: true
SELECT Id, UpdatedOn FROM PullRequests WHERE State = 'OPEN' ORDER BY UpdatedOn, Id;

-- name: order by ordinal
-- ordered: true
SELECT AuthorName, Id FROM PullRequests WHERE Id < 50 ORDER BY 1 DESC, 2;

-- name: order by alias
-- ordered: true
SELECT Id, CommentCount * 10 + TaskCount AS Work FROM PullRequests ORDER BY Work DESC, Id;

-- name: order by expression
-- ordered: true
SELECT Id, Title FROM PullRequests WHERE Id < 60 ORDER BY LENGTH(Title), Id;

-- name: order by column not selected
-- ordered: true
SELECT Title FROM PullRequests WHERE State = 'OPEN' ORDER BY Id;

-- name: order nulls first by default
-- ordered: true
SELECT Id, MergeCommitHash FROM PullRequests ORDER BY MergeCommitHash, Id;

-- name: order nulls last
-- ordered: true
SELECT Id, MergeCommitHash FROM PullRequests ORDER BY MergeCommitHash NULLS LAST, Id;

-- name: order descending nulls first
-- ordered: true
SELECT Id, AuthorName FROM PullRequests ORDER BY AuthorName DESC NULLS FIRST, Id;

-- name: order collate nocase
-- ordered: true
SELECT Id, Title FROM PullRequests ORDER BY Title COLLATE NOCASE, Id;

-- name: order binary of mixed case
-- ordered: true
SELECT DisplayName, UUID FROM Information.Users ORDER BY DisplayName, UUID;

-- name: order by case
-- ordered: true
SELECT Id, State FROM PullRequests ORDER BY CASE State WHEN 'OPEN' THEN 0 WHEN 'MERGED' THEN 1 ELSE 2 END, Id;

-- name: order branches by name
-- ordered: true
SELECT Name FROM Branches ORDER BY Name;

-- name: order branches by name descending
-- ordered: true
SELECT Name FROM Branches ORDER BY Name DESC LIMIT 5;

-- name: order commits by date
-- ordered: true
SELECT Hash, Date FROM Commits ORDER BY Date DESC, Hash LIMIT 25;

-- name: order pipelines by creation
-- ordered: true
SELECT BuildNumber FROM Pipelines ORDER BY CreatedOn DESC, BuildNumber LIMIT 10;

-- name: order repositories by update
-- ordered: true
SELECT Slug FROM Information.Repositories ORDER BY UpdatedOn DESC, Slug;

-- name: order inside a subquery only
SELECT COUNT(*) FROM (SELECT Id FROM PullRequests ORDER BY UpdatedOn DESC);

-- name: order by boolean
-- ordered: true
SELECT Id, Draft FROM PullRequests WHERE State = 'OPEN' ORDER BY Draft DESC, Id;
