-- LIKE, IN, BETWEEN, NULL logic, NOT and OR.

-- name: predicate equality
SELECT Id FROM PullRequests WHERE State = 'OPEN';

-- name: predicate inequality
SELECT Id FROM PullRequests WHERE State <> 'OPEN' AND DestinationBranchName != 'main';

-- name: predicate double equals
SELECT Id FROM PullRequests WHERE State == 'SUPERSEDED';

-- name: predicate reversed
SELECT Id FROM PullRequests WHERE 'OPEN' = State AND 50 < Id;

-- name: predicate range
SELECT Id FROM PullRequests WHERE Id > 10 AND Id <= 20;

-- name: predicate between
SELECT Id FROM PullRequests WHERE Id BETWEEN 30 AND 40;

-- name: predicate not between
SELECT Id FROM PullRequests WHERE Id NOT BETWEEN 5 AND 100;

-- name: predicate between the wrong way
SELECT Id FROM PullRequests WHERE Id BETWEEN 40 AND 30;

-- name: predicate between texts
SELECT Name FROM Branches WHERE Name BETWEEN 'feature' AND 'g';

-- name: predicate in list
SELECT Id FROM PullRequests WHERE State IN ('OPEN', 'DECLINED');

-- name: predicate in list of keys
SELECT Id, Title FROM PullRequests WHERE Id IN (3, 1, 4, 1, 5, 9, 2, 6, 100000);

-- name: predicate in list with NULL
SELECT Id FROM PullRequests WHERE AuthorName IN ('acme-ci', NULL);

-- name: predicate not in list
SELECT Id FROM PullRequests WHERE State NOT IN ('OPEN', 'MERGED');

-- name: predicate not in list with NULL
SELECT Id FROM PullRequests WHERE State NOT IN ('OPEN', NULL);

-- name: predicate in empty list
SELECT Id FROM PullRequests WHERE Id IN ();

-- name: predicate in list of another case
SELECT Id FROM PullRequests WHERE State IN ('open', 'Merged');

-- name: predicate in list of unknown values
SELECT Id FROM PullRequests WHERE State IN ('OPEN', 'CLOSED', '');

-- name: predicate like contains
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%dark%';

-- name: predicate like begins
SELECT Id, Title FROM PullRequests WHERE Title LIKE 'fix%';

-- name: predicate like ends
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%suffix';

-- name: predicate like whole
SELECT Id, Title FROM PullRequests WHERE Title LIKE 'cache etags';

-- name: predicate like underscore
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%user_id%';

-- name: predicate like escape
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%100!%%' ESCAPE '!';

-- name: predicate like middle
SELECT Id, Title FROM PullRequests WHERE Title LIKE 'pre%suf%';

-- name: predicate like unicode
SELECT Id, Title FROM PullRequests WHERE Title LIKE '%überarbeitung%' OR Title LIKE '%修复%';

-- name: predicate like everything
SELECT COUNT(*) FROM PullRequests WHERE Title LIKE '%';

-- name: predicate not like
SELECT Id, Title FROM PullRequests WHERE Title NOT LIKE '%e%';

-- name: predicate ilike
SELECT Id, Title FROM PullRequests WHERE Title ILIKE 'FIX%';

-- name: predicate like on number
SELECT Id FROM PullRequests WHERE Id LIKE '1%';

-- name: predicate glob
SELECT Name FROM Branches WHERE Name GLOB 'feature/*[0-9]*';

-- name: predicate is null
SELECT Id FROM PullRequests WHERE AuthorUUID IS NULL;

-- name: predicate is not null
SELECT Id FROM PullRequests WHERE MergeCommitHash IS NOT NULL;

-- name: predicate equals null
SELECT Id FROM PullRequests WHERE AuthorUUID = NULL;

-- name: predicate differs from null
SELECT Id FROM PullRequests WHERE NOT (AuthorUUID = NULL) OR AuthorName <> 'acme-ci';

-- name: predicate isnull and notnull
SELECT Id FROM PullRequests WHERE AuthorUUID ISNULL OR MergeCommitHash NOTNULL;

-- name: predicate is distinct from
SELECT Id FROM PullRequests WHERE AuthorName IS DISTINCT FROM 'Ada Lindqvist';

-- name: predicate is not distinct from
SELECT Id FROM PullRequests WHERE SourceRepositoryUUID IS NOT DISTINCT FROM NULL;

-- name: predicate boolean bare
SELECT Id FROM PullRequests WHERE Draft;

-- name: predicate boolean not
SELECT Id FROM PullRequests WHERE NOT Draft AND State = 'OPEN';

-- name: predicate boolean is
SELECT Id FROM PullRequests WHERE Draft IS TRUE OR CloseSourceBranch IS NOT TRUE;

-- name: predicate boolean equals
SELECT Slug FROM Information.Repositories WHERE IsPrivate = FALSE;

-- name: predicate or of two columns
SELECT Id FROM PullRequests WHERE State = 'OPEN' OR AuthorName = 'Ada Lindqvist';

-- name: predicate or of three with and
SELECT Id FROM PullRequests WHERE (State = 'OPEN' OR AuthorName = 'Ada Lindqvist' OR Title LIKE '%login%') AND Id > 20;

-- name: predicate or with an arm nothing is known of
SELECT Id FROM PullRequests WHERE State = 'OPEN' OR LENGTH(Title) > 30;

-- name: predicate or of one column
SELECT Id FROM PullRequests WHERE State = 'OPEN' OR State = 'DECLINED' OR State = 'SUPERSEDED';

-- name: predicate or of ranges
SELECT Id FROM PullRequests WHERE Id < 5 OR Id > 110;

-- name: predicate or with null
SELECT Id FROM PullRequests WHERE AuthorUUID IS NULL OR State = 'OPEN';

-- name: predicate not
SELECT Id FROM PullRequests WHERE NOT State = 'MERGED';

-- name: predicate not of or
SELECT Id FROM PullRequests WHERE NOT (State = 'MERGED' OR AuthorName = 'Ada Lindqvist');

-- name: predicate not of and
SELECT Id FROM PullRequests WHERE NOT (State = 'MERGED' AND DestinationBranchName = 'main');

-- name: predicate not of not
SELECT Id FROM PullRequests WHERE NOT NOT (State = 'OPEN' OR Draft = 1);

-- name: predicate not of comparison with null
SELECT Id FROM PullRequests WHERE NOT (MergeCommitHash > 'a');

-- name: predicate collate
SELECT Id FROM PullRequests WHERE State = 'open' COLLATE NOCASE;

-- name: predicate function on column
SELECT Id FROM PullRequests WHERE LOWER(AuthorName) = 'ada lindqvist';

-- name: predicate two columns
SELECT Id FROM PullRequests WHERE AuthorUUID = ClosedByUUID;

-- name: predicate always false
SELECT Id FROM PullRequests WHERE 1 = 0;

-- name: predicate always true
SELECT COUNT(*) FROM PullRequests WHERE 1 = 1 AND State = State;

-- name: predicate contradiction
SELECT Id FROM PullRequests WHERE State = 'OPEN' AND State = 'MERGED';

-- name: predicate row value comparison
SELECT Id FROM PullRequests WHERE (State, Id) > ('MERGED', 50);

-- name: predicate empty text
SELECT Id FROM PullRequests WHERE SummaryRaw = '' OR Reason = '';

-- name: predicate of another type
SELECT Id FROM PullRequests WHERE Title = 5 OR State > 3 AND Id < 4;

-- name: predicate arms of an OR that overlap are counted once
-- args: ["OPEN", "OPEN"]
SELECT COUNT(*) FROM PullRequests WHERE State = ? OR (State IN (?, 'MERGED') AND State <> 'DECLINED');

-- name: predicate one pull request by two arms
SELECT COUNT(PullRequestId) FROM PullRequestComments WHERE PullRequestId = 11 OR (PullRequestId IN (11, 3) AND PullRequestId > 2);

-- name: predicate right join counts every row once
SELECT COUNT(*) FROM Branches b RIGHT JOIN PullRequests p ON p.State = 'OPEN' AND b.Name = 'main';
