package driver

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// aliases are second names of tables, by schema: views beside them, which metadata does not list. CData's pages write both
// Workspaces and Workspace.
var aliases = map[string]map[string]string{
	schema.Information: {"Workspace": "SELECT * FROM Workspaces"},
}

// isAlias says whether a name is the second name of a table.
func isAlias(name string) bool {
	for _, of := range aliases {
		for alias := range of {
			if strings.EqualFold(alias, name) {
				return true
			}
		}
	}
	return false
}
