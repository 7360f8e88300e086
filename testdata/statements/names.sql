-- How tables and columns can be written: bare, in brackets, quotes and backticks, qualified, aliased.

-- name: names bare
SELECT Id, Title, State FROM PullRequests;

-- name: names brackets
SELECT [Id], [Title] FROM [PullRequests] WHERE [State] = 'OPEN';

-- name: names double quotes
SELECT "Id", "Title" FROM "PullRequests" WHERE "State" = 'MERGED';

-- name: names backticks
SELECT `Id`, `AuthorName` FROM `PullRequests` WHERE `Draft` = 1;

-- name: names three quotings mixed
-- ordered: true
SELECT [Id], "Title", `State` FROM [platform]."PullRequests" AS `p` WHERE p."Id" <= 20 ORDER BY [Id];

-- name: names schema in brackets
SELECT Id, Title FROM [web-app].PullRequests;

-- name: names schema in double quotes
SELECT "Id" FROM "web-app"."PullRequests" WHERE "State" <> 'MERGED';

-- name: names schema in backticks
SELECT `Name` FROM `docs-site`.`Branches`;

-- name: names three parts
SELECT Slug, Name FROM [CData].[Information].[Repositories];

-- name: names three parts bare
SELECT Id FROM Bitbucket.platform.PullRequests WHERE State = 'DECLINED';

-- name: names three parts before columns
SELECT CData.platform.PullRequests.Id FROM CData.platform.PullRequests WHERE CData.platform.PullRequests.State = 'OPEN';

-- name: names table before columns
SELECT PullRequests.Id, PullRequests.State FROM PullRequests WHERE PullRequests.CommentCount > 2;

-- name: names schema and table before columns
SELECT platform.PullRequests.Id FROM platform.PullRequests WHERE platform.PullRequests.State = 'SUPERSEDED';

-- name: names of other case
SELECT ID, tItLe FROM PULLREQUESTS WHERE state = 'OPEN';

-- name: names alias without AS
SELECT p.Id i, p.Title t FROM PullRequests p WHERE p.State = 'OPEN';

-- name: names alias with spaces
SELECT Id AS [Pull request], Title AS "The title", State AS `The state` FROM PullRequests WHERE Id < 10;

-- name: names alias like another column
SELECT Title AS State, State AS Title FROM PullRequests WHERE State = 'OPEN';

-- name: names alias in WHERE
SELECT Id, CommentCount + TaskCount AS Work FROM PullRequests WHERE Work > 3;

-- name: names alias is a keyword
SELECT Id AS [order], State AS "group" FROM PullRequests AS "select" WHERE "select".Id < 15;

-- name: names star of one of two
SELECT p.Id, b.* FROM (SELECT Id, SourceBranchName FROM PullRequests WHERE State = 'OPEN') p JOIN (SELECT Name, TargetCommitHash FROM Branches) b ON b.Name = p.SourceBranchName;

-- name: names star of schema and table
SELECT Information.Projects.* FROM Information.Projects;

-- name: names all columns of one row
SELECT * FROM PullRequests WHERE Id = 3;

-- name: names all columns of a small table
SELECT * FROM Environments;

-- name: names keyword as column
SELECT Key, Name FROM Information.Projects WHERE Key <> 'OPS';

-- name: names column used twice
SELECT Id, Id, Id AS Id FROM PullRequests WHERE Id IN (1, 2);

-- name: names unicode alias
SELECT Id AS número, Title AS "Überschrift" FROM PullRequests WHERE Id < 5;

-- name: names expression without alias
SELECT Id + 1, "Title" || '!', COUNT(*) OVER () FROM PullRequests WHERE Id < 5;
