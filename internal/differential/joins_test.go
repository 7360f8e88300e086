package differential

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestRandomJoins joins tables in ways made at random: what is begun ahead for rows that are foreseen, rightly or not, must not
// show in the answer.
func TestRandomJoins(t *testing.T) {
	h := newHarness(t, "web-app")
	r := rand.New(rand.NewPCG(5, 17))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	statements := 60
	if testing.Short() || raced {
		statements = 15
	}
	for range statements {
		outer := pick(
			"PullRequests",
			"(SELECT * FROM PullRequests WHERE "+pick("Id % 3 = 1", "State = 'MERGED'", "length(Title) > 30", "Id < 15")+")",
			"(SELECT Id, AuthorUUID, Title, CommentCount, SourceBranchName FROM PullRequests UNION ALL SELECT Id + 2, AuthorUUID, Title, CommentCount, NULL FROM PullRequests WHERE Id < 9)",
			"(SELECT * FROM PullRequests ORDER BY "+pick("AuthorUUID, Title DESC", "Title", "CommentCount, Id DESC", "random()")+" LIMIT 200)",
			"m", "w",
		)
		on := pick(
			"r.PullRequestId = p.Id", "r.PullRequestId = p.Id + 0", "r.PullRequestId = p.CommentCount", "r.PullRequestId = CAST(p.Id AS TEXT)",
			"r.PullRequestId = nullif(p.Id, 3)", "r.PullRequestId = p.Id AND r.UserUUID = p.AuthorUUID", "r.UserUUID = p.AuthorUUID AND p.Id < 12",
			"r.PullRequestId IN (p.Id, p.CommentCount)",
		)
		where := pick("", "", " WHERE p.Id % 5 <> 2", " WHERE length(p.Title) % 4 = 0", " WHERE r.PullRequestId IS NOT NULL")
		text := fmt.Sprintf(`WITH m AS MATERIALIZED (SELECT * FROM PullRequests),
			w AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s) AS n FROM PullRequests)
			SELECT p.Id, p.Title, r.UserName, r.Approved FROM %s p %s JOIN PullRequestReviewers r ON %s%s`,
			pick("AuthorUUID", "State", "Draft"), pick("CreatedOn DESC", "Id", "Title DESC"), outer, pick("", "LEFT", "FULL", "RIGHT"), on, where)
		switch r.IntN(4) {
		case 0:
			text = fmt.Sprintf("SELECT * FROM (%s) ORDER BY 1, 2, 3, 4 LIMIT %d", text, 1+r.IntN(12))
		case 1:
			text = fmt.Sprintf(`SELECT p.Id, (SELECT COUNT(*) FROM PullRequestTasks r WHERE r.PullRequestId = p.Id),
				EXISTS (SELECT 1 FROM PullRequestReviewers r WHERE %s) FROM PullRequests p WHERE p.Id IN (SELECT Id FROM (%s))`, on, text)
		}
		h.check(t, text, nil, false)
	}
}
