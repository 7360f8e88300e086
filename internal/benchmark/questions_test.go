package benchmark

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

const fiveColumns = "SELECT Id, Title, State, CreatedOn, AuthorName FROM platform.PullRequests"

// The statement whose rows SQLite joins with comments, plain and behind a CTE with a window.
const (
	youngest    = "SELECT Id, AuthorUUID FROM platform.PullRequests ORDER BY Id DESC LIMIT 100"
	discussions = "WITH Young AS (" + youngest + "),\n" +
		"Placed AS (SELECT Id, ROW_NUMBER() OVER (PARTITION BY AuthorUUID ORDER BY Id DESC) AS Place FROM Young)\n" +
		"SELECT p.Id, p.Place, c.Id FROM Placed p JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id ORDER BY p.Id, c.Id"
)

// questions are those of issue 5, in its order.
func questions() []question {
	count := func(q string) func(context.Context, *bitbucket) ([]int64, error) {
		return one(func(ctx context.Context, b *bitbucket) (int64, error) { return b.count(ctx, "platform", q) })
	}
	extreme := func(sort string) func(context.Context, *bitbucket) ([]time.Time, error) {
		return one(func(ctx context.Context, b *bitbucket) (time.Time, error) { return b.extreme(ctx, "platform", sort) })
	}
	some := func(q, sort string, n, number int) func(context.Context, *bitbucket) ([]headline, error) {
		return func(ctx context.Context, b *bitbucket) ([]headline, error) {
			return b.some(ctx, "platform", q, sort, n, number)
		}
	}
	list := []question{
		ask("all columns of 5,000 pull requests", large, "SELECT * FROM platform.PullRequests", scanWhole,
			func(ctx context.Context, b *bitbucket) ([]whole, error) {
				all, err := b.everything(ctx, "platform")
				out := make([]whole, len(all))
				for i := range all {
					out[i].pull = &all[i]
				}
				return out, err
			}).within(100, 1.25),
		ask("5 columns of 5,000 pull requests", large, fiveColumns, scanBrief,
			func(ctx context.Context, b *bitbucket) ([]brief, error) { return b.briefs(ctx, "platform") }).within(100, 1.10),
		ask("COUNT(*)", large, "SELECT COUNT(*) FROM platform.PullRequests", value[int64], count("")).within(1, 1.2),
		ask("filtered COUNT(*)", large, "SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN' AND CreatedOn >= '2024-01-01'",
			value[int64], count(`state = "OPEN" AND created_on >= 2024-01-01T00:00:00Z`)).within(1, 1.2),
		ask("MIN(CreatedOn)", large, "SELECT MIN(CreatedOn) FROM platform.PullRequests", value[time.Time], extreme("created_on")).within(1, 1.2),
		ask("MAX(CreatedOn)", large, "SELECT MAX(CreatedOn) FROM platform.PullRequests", value[time.Time], extreme("-created_on")).within(1, 1.2),
		ask("EXISTS", large, "SELECT EXISTS (SELECT 1 FROM platform.PullRequests WHERE State = 'DECLINED')", value[bool],
			one(func(ctx context.Context, b *bitbucket) (bool, error) {
				return b.exists(ctx, "platform", `state = "DECLINED"`)
			})).within(1, 1.2),
		ask("COUNT(*) GROUP BY State", large, "SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State ORDER BY State",
			func(rows *sql.Rows, t *tally) error { return rows.Scan(&t.State, &t.Count) },
			func(ctx context.Context, b *bitbucket) ([]tally, error) { return b.byState(ctx, "platform") }).within(5, 1.2),
		ask("filter, LIMIT 10", large, "SELECT 'platform', Id, Title, State, UpdatedOn FROM platform.PullRequests WHERE State = 'OPEN' LIMIT 10",
			scanHeadline, some(`state = "OPEN"`, "", 10, 1)).within(1, 1.2),
		ask("ORDER BY CreatedOn DESC LIMIT 20", large,
			"SELECT 'platform', Id, Title, State, UpdatedOn FROM platform.PullRequests ORDER BY CreatedOn DESC LIMIT 20",
			scanHeadline, some("", "-created_on", 20, 1)).within(1, 1.2),
		ask("ORDER BY CreatedOn LIMIT 10 OFFSET 4000", large,
			"SELECT 'platform', Id, Title, State, UpdatedOn FROM platform.PullRequests ORDER BY CreatedOn LIMIT 10 OFFSET 4000",
			scanHeadline, some("", "created_on", 10, 401)).within(1, 1.2),
		ask("50 repositories JOIN 4,900 pull requests", fifty,
			"SELECT p.RepositorySlug, p.Id, p.Title, p.State, p.UpdatedOn FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug",
			scanHeadline, func(ctx context.Context, b *bitbucket) ([]headline, error) { return b.ofAll(ctx) }).within(101, 1.3),
		ask("latest 20 open ones of 200 repositories", hundred,
			"SELECT RepositorySlug, Id, Title, State, UpdatedOn FROM Workspace.PullRequests WHERE State = 'OPEN' ORDER BY UpdatedOn DESC LIMIT 20",
			scanHeadline, func(ctx context.Context, b *bitbucket) ([]headline, error) { return b.latest(ctx, 20) }).within(202, 1.3),
		ask("CTE, window and join over 100 keys", large, discussions,
			func(rows *sql.Rows, r *remark) error { return rows.Scan(&r.Pull, &r.Place, &r.Comment) },
			func(ctx context.Context, b *bitbucket) ([]remark, error) { return b.discussions(ctx, "platform") }).within(102, 1.5),
		ask("LIMIT 10 over a join", fifty,
			"SELECT r.Slug, p.Id, p.Title, p.State, p.UpdatedOn FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug LIMIT 10",
			scanHeadline, func(ctx context.Context, b *bitbucket) ([]headline, error) { return b.firstOf(ctx, 10) }).within(12, 0),
	}
	for i := range list {
		switch list[i].name {
		case "5 columns of 5,000 pull requests":
			list[i].same = inOrder(func(x, y brief) int { return cmp.Compare(x.ID, y.ID) })
		case "50 repositories JOIN 4,900 pull requests":
			list[i].same = inOrder(func(x, y headline) int {
				return cmp.Or(cmp.Compare(x.Repository, y.Repository), cmp.Compare(x.ID, y.ID))
			})
		case "LIMIT 10 over a join", "filter, LIMIT 10": // which ten is nobody's promise
			list[i].same = asMany
		case "all columns of 5,000 pull requests":
			list[i].same = sameWhole
		}
	}
	return list
}

// inOrder compares rows that no side promises an order of.
func inOrder[T any](order func(x, y T) int) func(driver, loop any) error {
	return func(driver, loop any) error {
		d, l := slices.Clone(driver.([]T)), slices.Clone(loop.([]T))
		slices.SortFunc(d, order)
		slices.SortFunc(l, order)
		return question{}.compare(d, l)
	}
}

// asMany compares the number of headlines and their states, and that none is there twice.
func asMany(driver, loop any) error {
	d, l := driver.([]headline), loop.([]headline)
	if len(d) != len(l) {
		return fmt.Errorf("the driver gives %d rows, the loop %d", len(d), len(l))
	}
	open := func(list []headline) int {
		return len(slices.DeleteFunc(slices.Clone(list), func(h headline) bool { return h.State != "OPEN" }))
	}
	if open(l) == len(l) && open(d) != len(d) {
		return fmt.Errorf("the driver gives rows that the condition excludes: %v", d)
	}
	seen := map[string]bool{}
	for _, h := range d {
		key := fmt.Sprint(h.Repository, h.ID)
		if seen[key] {
			return fmt.Errorf("the driver gives %s twice", key)
		}
		seen[key] = true
	}
	return nil
}

// whole is a row of all columns, or the object that it was made of.
type whole struct {
	names []string
	cells []any
	pull  *pullRequest
}

func scanWhole(rows *sql.Rows, w *whole) error {
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(names))
	into := make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	w.names, w.cells = names, cells
	return rows.Scan(into...)
}

// sameWhole compares rows of all columns with the objects of the loop.
func sameWhole(driver, loop any) error {
	d, l := driver.([]whole), loop.([]whole)
	if len(d) != len(l) {
		return fmt.Errorf("the driver gives %d rows, the loop %d", len(d), len(l))
	}
	slices.SortFunc(d, func(x, y whole) int { return cmp.Compare(x.cells[0].(int64), y.cells[0].(int64)) })
	slices.SortFunc(l, func(x, y whole) int { return cmp.Compare(x.pull.ID, y.pull.ID) })
	for i := range d {
		want := columnsOf(l[i].pull)
		for k, name := range d[i].names {
			have := d[i].cells[k]
			w, known := want[name]
			if !known {
				return fmt.Errorf("the loop does not know column %s", name)
			}
			if name == "Links" || name == "Reviewers" || name == "Participants" {
				have, w = decoded(have), decoded(w)
			}
			if !reflect.DeepEqual(have, w) {
				return fmt.Errorf("column %s of %d: the driver gives %v, the loop %v", name, l[i].pull.ID, have, w)
			}
		}
	}
	return nil
}

// decoded is JSON as Go holds it, for comparison.
func decoded(v any) any {
	var out any
	if s, ok := v.(string); ok {
		if err := json.Unmarshal([]byte(s), &out); err != nil {
			return err
		}
	}
	return out
}

// columnsOf gives the columns of the table PullRequests, by name, as database/sql would.
func columnsOf(p *pullRequest) map[string]any {
	out := map[string]any{
		"Id": p.ID, "Title": p.Title, "SummaryRaw": p.Summary.Raw, "State": p.State, "Draft": p.Draft, "Queued": p.Queued,
		"MergeCommitHash": nil, "CommentCount": p.CommentCount, "TaskCount": p.TaskCount, "CloseSourceBranch": p.CloseSourceBranch,
		"Reason": p.Reason, "CreatedOn": p.CreatedOn.UTC(), "UpdatedOn": p.UpdatedOn.UTC(), "Description": p.Description,
		"SummaryMarkup": p.Summary.Markup, "SummaryHTML": p.Summary.HTML, "AuthorType": nil,
		"Reviewers": string(p.Reviewers), "Participants": string(p.Participants), "Links": string(p.Links),
	}
	if p.MergeCommit != nil {
		out["MergeCommitHash"] = p.MergeCommit.Hash
	}
	if p.Author != nil {
		out["AuthorType"] = p.Author.Type
	}
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	for prefix, a := range map[string]*account{"Author": p.Author, "ClosedBy": p.ClosedBy} {
		if a == nil {
			a = &account{}
		}
		out[prefix+"UUID"], out[prefix+"Name"] = orNull(a.UUID), orNull(a.DisplayName)
		out[prefix+"AccountId"], out[prefix+"Nickname"] = orNull(a.AccountID), orNull(a.Nickname)
	}
	for prefix, e := range map[string]end{"Source": p.Source, "Destination": p.Destination} {
		out[prefix+"BranchName"], out[prefix+"CommitHash"] = e.Branch.Name, e.Commit.Hash
		for _, part := range []string{"UUID", "Name", "FullName"} {
			out[prefix+"Repository"+part] = nil
		}
		if r := e.Repository; r != nil {
			out[prefix+"RepositoryUUID"], out[prefix+"RepositoryName"], out[prefix+"RepositoryFullName"] = r.UUID, r.Name, r.FullName
		}
	}
	var links struct {
		HTML struct {
			Href string `json:"href"`
		} `json:"html"`
	}
	if err := json.Unmarshal(p.Links, &links); err != nil {
		out["HtmlURL"] = err
	} else {
		out["HtmlURL"] = links.HTML.Href
	}
	return out
}
