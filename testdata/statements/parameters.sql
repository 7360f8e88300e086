-- Parameters of every spelling.

-- name: parameter question mark
-- args: ["OPEN"]
SELECT Id FROM PullRequests WHERE State = ?;

-- name: parameter two question marks
-- args: ["MERGED", 40]
SELECT Id FROM PullRequests WHERE State = ? AND Id < ?;

-- name: parameter numbered
-- args: [20, "OPEN"]
SELECT Id FROM PullRequests WHERE State = ?2 AND Id > ?1;

-- name: parameter numbered twice used
-- args: ["OPEN"]
SELECT Id, ?1 AS Wanted FROM PullRequests WHERE State = ?1;

-- name: parameter dollar
-- args: ["DECLINED", 100]
SELECT Id FROM PullRequests WHERE State = $1 AND Id <= $2;

-- name: parameter dollar out of order
-- args: [100, "DECLINED"]
SELECT Id FROM PullRequests WHERE State = $2 AND Id <= $1;

-- name: parameter dollar cast
-- args: ["5"]
SELECT Id FROM PullRequests WHERE Id <= $1::int;

-- name: parameter colon
-- args: {"state": "OPEN"}
SELECT Id FROM PullRequests WHERE State = :state;

-- name: parameter at
-- args: {"state": "OPEN", "low": 50}
SELECT Id FROM PullRequests WHERE State = @state AND Id >= @low;

-- name: parameter dollar name
-- args: {"who": "%ada%"}
SELECT Id FROM PullRequests WHERE AuthorName LIKE $who;

-- name: parameter named twice used
-- args: {"q": "Ada Lindqvist"}
SELECT Id FROM PullRequests WHERE AuthorName = :q OR ClosedByName = :q;

-- name: parameter in list
-- args: [1, 2, 3, 5, 8]
SELECT Id FROM PullRequests WHERE Id IN (?, ?, ?, ?, ?);

-- name: parameter null
-- args: [null]
SELECT Id FROM PullRequests WHERE AuthorName = ? OR Id = 1;

-- name: parameter null in not
-- args: [null]
SELECT Id FROM PullRequests WHERE NOT (AuthorName = ?);

-- name: parameter in or
-- args: ["OPEN", "Ada Lindqvist"]
SELECT Id FROM PullRequests WHERE State = ? OR AuthorName = ?;

-- name: parameter boolean
-- args: [true]
SELECT Id FROM PullRequests WHERE Draft = ?;

-- name: parameter number as text
-- args: ["17"]
SELECT Id FROM PullRequests WHERE Id = ?;

-- name: parameter date
-- args: ["2025-06-01T00:00:00Z"]
SELECT Id FROM PullRequests WHERE CreatedOn >= ?;

-- name: parameter like
-- args: ["%login%"]
SELECT Id FROM PullRequests WHERE Title LIKE ?;

-- name: parameter like built from parts
-- args: ["dark"]
SELECT Id FROM PullRequests WHERE Title LIKE '%' || ? || '%';

-- name: parameter limit
-- args: [5, 10]
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id LIMIT ? OFFSET ?;

-- name: parameter offset of whole pages
-- args: [4, 5, 61]
-- ordered: true
SELECT Id FROM PullRequests WHERE Id > ? ORDER BY Id LIMIT ? OFFSET ?;

-- name: parameter top
-- args: [4, "MERGED"]
-- ordered: true
SELECT TOP (?) Id FROM PullRequests WHERE State = ? ORDER BY Id;

-- name: parameter offset fetch
-- args: [10, 3]
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET ? ROWS FETCH NEXT ? ROWS ONLY;

-- name: parameter offset fetch named
-- args: {"skip": 10, "take": 3}
-- ordered: true
SELECT Id FROM PullRequests ORDER BY Id OFFSET :skip ROWS FETCH NEXT :take ROWS ONLY;

-- name: parameter moved by position
-- args: ["a", 40]
SELECT Id, POSITION(? IN Title) AS p FROM PullRequests WHERE Id < ?;

-- name: parameter interval
-- args: [90]
SELECT Id FROM PullRequests WHERE CreatedOn >= TIMESTAMP '2025-06-01 00:00:00' - INTERVAL ? DAY AND CreatedOn < '2025-06-01';

-- name: parameter in select list
-- args: [7, "x"]
SELECT Id + ? AS n, ? AS s FROM PullRequests WHERE Id < 5;

-- name: parameter in join
-- args: [30]
SELECT p.Id, r.UserName FROM PullRequests p JOIN PullRequestReviewers r ON r.PullRequestId = p.Id AND p.Id < ?;

-- name: parameter with quotes in it
-- args: ["Seán O'Brien"]
SELECT Id FROM PullRequests WHERE AuthorName = ?;

-- name: parameter that is NULL beside a scan of all rows
-- args: [null]
SELECT (SELECT COUNT(Title || Id) FROM PullRequests WHERE Title = ?), (SELECT COUNT(Title || Id) FROM PullRequests);

-- name: parameter that no row can have beside a scan of all rows
-- args: ["no UUID"]
SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN (SELECT Id, AuthorUUID FROM PullRequests WHERE AuthorUUID = ?) b ON b.Id = a.Id LEFT JOIN (SELECT Id, AuthorUUID FROM PullRequests) c ON c.AuthorUUID = a.AuthorUUID AND c.Id = a.Id + 1;

-- name: parameter interval behind a parameter that moves
-- args: [3, 60, 5]
SELECT TOP (?) Id FROM PullRequests WHERE CreatedOn > TIMESTAMP '2026-11-01' - INTERVAL ? DAY AND Id > ? ORDER BY Id;

-- name: parameter in the amount of an interval, between others
-- args: [3, 30, 30, 5]
SELECT TOP (?) Id FROM PullRequests WHERE CreatedOn > DATE_SUB('2026-11-01', INTERVAL (? + ?) DAY) AND Id > ? ORDER BY Id;

-- name: parameter in an order within a group
-- args: [1, "|", -1, 20]
SELECT TOP (?) LISTAGG(Id, ?) WITHIN GROUP (ORDER BY Id * ?) AS x FROM PullRequests WHERE Id < ?;
