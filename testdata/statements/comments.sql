-- Comments and white space.

-- name: comment at the end
SELECT Id FROM PullRequests WHERE Id < 5 -- that is all
;

-- name: comment in the middle
SELECT Id, /* not the title: */ State FROM PullRequests /* of platform */ WHERE /* few */ Id < 5;

-- name: comment with quotes
SELECT Id FROM PullRequests -- it's "one" `more` [thing
WHERE Id < 5;

-- name: comment with semicolon
SELECT Id FROM PullRequests /* ; SELECT */ WHERE Id < 5;

-- name: comment in TOP
-- ordered: true
SELECT /* newest */ TOP /* three */ 3 -- only
  Id
FROM PullRequests -- of platform
ORDER BY Id DESC -- newest first
;

-- name: comment without space
SELECT Id FROM/**/PullRequests/**/WHERE/**/Id<5;

-- name: whitespace of all kinds
	SELECT	Id
FROM   PullRequests

   WHERE Id < 5  ;

-- name: no whitespace
SELECT(Id)FROM(PullRequests)WHERE(Id)<5;

-- name: hint comment
SELECT /*+ INDEX(x) */ Id FROM PullRequests WHERE Id < 5;
