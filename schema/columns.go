package schema

import (
	"slices"
	"strings"
)

// within returns the start of the paths of an object's members: of the object at path, or of the row itself for "".
func within(path string) string {
	if path == "" {
		return ""
	}
	return path + "."
}

// sentence makes a description of a text and of when the value is NULL.
func sentence(text string, null ...string) string {
	if len(null) > 0 {
		text += "; NULL " + strings.Join(null, " and ")
	}
	return text + "."
}

// account is the columns of a reference to a Bitbucket account: who, in words, at path, and when there is none.
func account(prefix, path, who string, null ...string) []Column {
	path = within(path)
	none := append([]string{"for teams, apps and deleted accounts"}, null...)
	return []Column{
		{Name: prefix + "UUID", Type: Text, Path: path + "uuid", References: "Users.UUID", Description: sentence("UUID of "+who+", in braces", null...)},
		{Name: prefix + "Name", Type: Text, Path: path + "display_name", Description: sentence("Display name of "+who, null...)},
		{Name: prefix + "AccountId", Type: Text, Path: path + "account_id", Description: sentence("Atlassian account id of "+who, none...)},
		{Name: prefix + "Nickname", Type: Text, Path: path + "nickname", Description: sentence("Nickname of "+who+"; not unique", null...)},
	}
}

// userType is the kind of the account that account("User", "user", …) refers to.
var userType = Column{Name: "UserType", Type: Text, Path: "user.type", Description: "Kind of account: user, team or app_user."}

// profile is the columns of what an account at path shows of itself.
func profile(path string) []Column {
	path = within(path)
	return []Column{
		{Name: "Type", Type: Text, Path: path + "type", Description: "Kind of account: user, team or app_user."},
		{Name: "AccountStatus", Type: Text, Path: path + "account_status", Description: "Whether the account is active, inactive or closed."},
		{Name: "CreatedOn", Type: Timestamp, Path: path + "created_on", Description: "When the account was created; NULL for private profiles."},
		{Name: "Location", Type: Text, Path: path + "location", Description: "Location that the user states; NULL for private profiles."},
		{Name: "Website", Type: Text, Path: path + "website", Description: "Web site that the user states; NULL for private profiles."},
		{Name: "Has2FAEnabled", Type: Boolean, Path: path + "has_2fa_enabled", Description: "Whether the account signs in with a second factor; NULL where that is not told."},
		{Name: "IsStaff", Type: Boolean, Path: path + "is_staff", Description: "Whether the account is Bitbucket's own staff."},
	}
}

// workspace is the columns of a reference to the workspace.
func workspace() []Column {
	return []Column{
		{Name: "WorkspaceUUID", Type: Text, Path: "workspace.uuid", References: "Workspaces.UUID", Description: "UUID of the workspace."},
		{Name: "WorkspaceSlug", Type: Text, Path: "workspace.slug", References: "Workspaces.Slug", Description: "Slug of the workspace."},
	}
}

// commitAuthor is the columns of the author of a commit object at path.
func commitAuthor(prefix, path string) []Column {
	path = within(path)
	return append([]Column{
		{Name: prefix + "AuthorRaw", Type: Text, Path: path + "author.raw", Description: "Author as written in the commit: name and e-mail address."},
	}, account(prefix+"Author", path+"author.user", "the author's account", "when no account has the commit's e-mail address")...)
}

// repository is the columns of a reference to a repository at path: which, in words, and when there is none.
func repository(prefix, path, which string, null ...string) []Column {
	return []Column{
		{Name: prefix + "RepositoryUUID", Type: Text, Path: path + ".uuid", References: "Repositories.UUID", Description: sentence("UUID of "+which+", in braces", null...)},
		{Name: prefix + "RepositoryName", Type: Text, Path: path + ".name", Description: sentence("Name of "+which, null...)},
		{Name: prefix + "RepositoryFullName", Type: Text, Path: path + ".full_name", Description: sentence("Full name of "+which+": workspace slug and repository slug", null...)},
	}
}

// allLinks is all links of the row.
var allLinks = Column{Name: "Links", Type: JSON, Path: "links", Description: "All links of the object, as a JSON object."}

// links is the web address and all links of the object at path.
func links(path string) []Column {
	all := allLinks
	all.Path = within(path) + allLinks.Path
	return []Column{
		{Name: "HtmlURL", Type: Text, Path: within(path) + "links.html.href", Description: "Address of the web page."},
		all,
	}
}

// comment is the columns of a comment, whatever it is on.
func comment() []Column {
	return slices.Concat([]Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the comment."},
		{Name: "ParentId", Type: Integer, Path: "parent.id", Description: "Number of the comment that it answers; NULL when it starts a thread."},
		{Name: "ContentRaw", Type: Text, Path: "content.raw", Description: "Text as typed, in markup; empty when deleted."},
	}, account("User", "user", "the commenter"), []Column{
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was written."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
		{Name: "Deleted", Type: Boolean, Path: "deleted", Description: "Whether it was deleted."},
	})
}

// textMarkup is the columns of what Bitbucket makes of a text, which ContentRaw has as typed.
func textMarkup() []Column {
	return []Column{
		{Name: "ContentMarkup", Type: Text, Path: "content.markup", Description: "Markup of the text: markdown, creole or plaintext."},
		{Name: "ContentHTML", Type: Text, Path: "content.html", Description: "Text as HTML."},
	}
}

// inline is the columns of the place in a file that a comment is about.
func inline() []Column {
	return []Column{
		{Name: "InlinePath", Type: Text, Path: "inline.path", Description: "File that it is about; NULL for general comments."},
		{Name: "InlineFrom", Type: Integer, Path: "inline.from", Description: "Line in the old version of the file."},
		{Name: "InlineTo", Type: Integer, Path: "inline.to", Description: "Line in the new version of the file."},
		{Name: "InlineStartFrom", Type: Integer, Path: "inline.start_from", Description: "First line in the old version, when it is about several."},
		{Name: "InlineStartTo", Type: Integer, Path: "inline.start_to", Description: "First line in the new version, when it is about several."},
	}
}

// pullRequestAround is the columns of the pull request whose member a row is.
func pullRequestAround() []Column {
	return []Column{
		{Name: "PullRequestTitle", Type: Text, Path: "^.title", Description: "Title of the pull request."},
		{Name: "PullRequestState", Type: Text, Path: "^.state", Description: "State of the pull request."},
		{Name: "PullRequestCreatedOn", Type: Timestamp, Path: "^.created_on", Description: "When the pull request was opened."},
		{Name: "PullRequestUpdatedOn", Type: Timestamp, Path: "^.updated_on", Description: "When the pull request was last changed."},
	}
}
