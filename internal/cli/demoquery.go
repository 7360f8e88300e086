package cli

// demoQuery is a query of the demo.
type demoQuery struct {
	caption string // what it shows
	sql     string
}

var demoQueries = []demoQuery{
	{
		"Counting fetches nothing: Bitbucket counts.",
		`SELECT COUNT(*) AS PullRequests FROM platform.PullRequests`,
	},
	{
		"WHERE and LIMIT travel with the request.",
		`SELECT Id, Title, AuthorName, CreatedOn FROM platform.PullRequests
WHERE State = 'OPEN' AND CreatedOn < '2026-01-01' LIMIT 3`,
	},
	{
		"So does ORDER BY: the newest of thousands, one page.",
		`SELECT Id, Title, State, CreatedOn FROM platform.PullRequests ORDER BY CreatedOn DESC LIMIT 5`,
	},
	{
		`A join over the whole workspace. Only counts are asked for, one for each repository.`,
		demoJoin,
	},
	{
		"Who owes reviews? Reviewers come with the pages of pull requests, many pages at a time.",
		`SELECT UserName AS Reviewer, COUNT(*) AS Owed, CAST(MIN(PullRequestCreatedOn) AS DATE) AS Since
FROM platform.PullRequestReviewers
WHERE PullRequestState = 'OPEN' AND State IS NULL
GROUP BY UserName ORDER BY Owed DESC LIMIT 5`,
	},
	{
		"How often do builds succeed? Any SQL that SQLite knows works: aggregates, windows, CTEs.",
		`SELECT TriggerName, COUNT(*) AS Builds, ROUND(AVG(DurationInSeconds) / 60.0, 1) AS Minutes,
       ROUND(100.0 * AVG(ResultName = 'SUCCESSFUL'), 1) AS SuccessPercent
FROM platform.Pipelines WHERE StateName = 'COMPLETED'
GROUP BY TriggerName ORDER BY Builds DESC`,
	},
	{
		"Before you run it, EXPLAIN shows the requests of a query. This is the join from above.",
		"EXPLAIN " + demoJoin,
	},
}

const demoJoin = `SELECT r.ProjectName, COUNT(DISTINCT r.Slug) AS Repositories, COUNT(*) AS OpenPullRequests
FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug
WHERE p.State = 'OPEN'
GROUP BY r.ProjectName ORDER BY OpenPullRequests DESC`

const demoNext = `   Make an API token with read scopes for Bitbucket: https://id.atlassian.com/manage-profile/security/api-tokens

   export BITBUCKETSQL_DSN='bitbucket://you%40example.com:API-TOKEN@your-workspace'
   bitbucketsql query   "SELECT Slug, Language, UpdatedOn FROM Repositories ORDER BY UpdatedOn DESC LIMIT 10"
   bitbucketsql explain "SELECT COUNT(*) FROM Workspace.PullRequests WHERE State = 'OPEN'"
   bitbucketsql fake    # serves this sample workspace, for SQL of your own

   In Go:

   import _ "github.com/seed281e34fa/bitbucketsql/driver"
   db, err := sql.Open("bitbucket", os.Getenv("BITBUCKETSQL_DSN"))
   rows, err := db.QueryContext(ctx, "SELECT Slug, UpdatedOn FROM Repositories WHERE Language = ?", "go")
`
