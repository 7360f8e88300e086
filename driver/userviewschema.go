package driver

import (
	"fmt"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// defaultViewsSchema is the default of the property UserViewsSchemaName.
const defaultViewsSchema = "UserViews"

// checkViewsSchema says what keeps a name from being the schema of user-defined views.
func checkViewsSchema(name string) (problem string) {
	for _, taken := range []string{schema.Information, schema.Workspace, metadata.StandardSchema} {
		if strings.EqualFold(name, taken) {
			return fmt.Sprintf("%s is another schema already, choose another name", taken)
		}
	}
	if name == "" || !isSchemaName(name) {
		return fmt.Sprintf("%q cannot be a schema: use letters, digits, '.', '_' and '-', but not main or temp", name)
	}
	return ""
}
