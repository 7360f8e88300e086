package benchmark

import (
	"encoding/json"
	"time"
)

// account is a user as it stands in other objects.
type account struct {
	Type        string `json:"type"`
	UUID        string `json:"uuid"`
	DisplayName string `json:"display_name"`
	AccountID   string `json:"account_id"`
	Nickname    string `json:"nickname"`
}

// end is where a pull request comes from or goes to.
type end struct {
	Branch struct {
		Name string `json:"name"`
	} `json:"branch"`
	Commit struct {
		Hash string `json:"hash"`
	} `json:"commit"`
	Repository *struct {
		UUID     string `json:"uuid"`
		Name     string `json:"name"`
		FullName string `json:"full_name"`
	} `json:"repository"`
}

// pullRequest is all that the table PullRequests shows of one.
type pullRequest struct {
	ID          int64    `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	State       string   `json:"state"`
	Draft       bool     `json:"draft"`
	Queued      bool     `json:"queued"`
	Author      *account `json:"author"`
	ClosedBy    *account `json:"closed_by"`
	Source      end      `json:"source"`
	Destination end      `json:"destination"`
	MergeCommit *struct {
		Hash string `json:"hash"`
	} `json:"merge_commit"`
	CommentCount      int64     `json:"comment_count"`
	TaskCount         int64     `json:"task_count"`
	CloseSourceBranch bool      `json:"close_source_branch"`
	Reason            string    `json:"reason"`
	CreatedOn         time.Time `json:"created_on"`
	UpdatedOn         time.Time `json:"updated_on"`
	Summary           struct {
		Raw    string `json:"raw"`
		Markup string `json:"markup"`
		HTML   string `json:"html"`
	} `json:"summary"`
	Reviewers    json.RawMessage `json:"reviewers"`
	Participants json.RawMessage `json:"participants"`
	Links        json.RawMessage `json:"links"`
}
