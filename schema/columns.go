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
