package schema

// account is the columns of a reference to a Bitbucket account: who, in words, at path.
func account(prefix, path, who string) []Column {
	return []Column{
		{Name: prefix + "UUID", Type: Text, Path: path + ".uuid", References: "Users.UUID", Description: "UUID of " + who + ", in braces."},
		{Name: prefix + "Name", Type: Text, Path: path + ".display_name", Description: "Display name of " + who + "."},
		{Name: prefix + "AccountId", Type: Text, Path: path + ".account_id", Description: "Atlassian account id of " + who + "; NULL for teams, apps and deleted accounts."},
		{Name: prefix + "Nickname", Type: Text, Path: path + ".nickname", Description: "Nickname of " + who + "; not unique."},
	}
}

// commit is the columns of a commit object at path ("" for the row itself), named with the prefix.
func commit(prefix, path string) []Column {
	if path != "" {
		path += "."
	}
	columns := []Column{
		{Name: prefix + "AuthorRaw", Type: Text, Path: path + "author.raw", Description: "Author as written in the commit: name and e-mail address."},
	}
	columns = append(columns, account(prefix+"Author", path+"author.user", "the author's account; NULL when no account has the commit's e-mail address")...)
	return columns
}

// repository is the columns of a reference to a repository at path.
func repository(prefix, path, which string) []Column {
	return []Column{
		{Name: prefix + "RepositoryUUID", Type: Text, Path: path + ".uuid", References: "Repositories.UUID", Description: "UUID of " + which + ", in braces."},
		{Name: prefix + "RepositoryName", Type: Text, Path: path + ".name", Description: "Name of " + which + "."},
		{Name: prefix + "RepositoryFullName", Type: Text, Path: path + ".full_name", Description: "Full name of " + which + ": workspace slug and repository slug."},
	}
}

// links is the web address of the row and all its links.
func links(path string) []Column {
	return []Column{
		{Name: "HtmlURL", Type: Text, Path: path + "links.html.href", Description: "Address of the web page."},
		{Name: "Links", Type: JSON, Path: path + "links", Description: "All links of the object, as a JSON object."},
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
