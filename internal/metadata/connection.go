package metadata

import (
	"runtime"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// Property is a connection property, with its value on the connection.
type Property struct {
	Name, Label, Description, Type, Category, Default string
	// Values are the only ones allowed, when set.
	Values []string
	// Value is for people: that of a secret is masked.
	Value string
	// Needs names other properties' values with which this one has a meaning, and Required says that it must then be given.
	Needs    string
	Required bool
	// Sensitive marks a secret, and Credential what belongs to one.
	Sensitive, Credential bool
	// Session marks what each statement reads anew.
	Session bool
}

// About is the driver and the connection.
type About struct {
	Version, BaseURL, AuthScheme string
	// Requests are how many the connector's statements have sent, and Usage is that of the credential.
	Requests int
	Usage    api.Usage
}

var sysConnectionProps = table{
	name: "sys_connection_props",
	columns: []column{
		{"Name", nameKind},
		{"ShortDescription", textKind},
		{"Type", textKind},
		{"Values", textKind},
		{"Default", textKind},
		{"Category", textKind},
		{"Required", boolKind},
		{"Value", textKind},
		{"IsSessionProperty", boolKind},
		{"Sensitivity", textKind},
		{"PropertyName", nameKind},
		{"Ordinal", intKind},
		{"CatOrdinal", intKind},
		{"Hierarchy", textKind},
		{"Visible", boolKind},
		{"ETC", textKind},
		{"alias", nameKind},
		{"usercredential", boolKind},
	},
	rows: func(c Connection, out *rows) {
		categories := map[string]int{}
		for i, p := range c.Properties() {
			if categories[p.Category] == 0 {
				categories[p.Category] = len(categories) + 1
			}
			sensitivity := "NONE"
			if p.Sensitive {
				sensitivity = "PASSWORD"
			}
			out.add(p.Label, p.Description, p.Type, strings.Join(p.Values, ","), p.Default, p.Category, p.Required,
				p.Value, p.Session, sensitivity, p.Name, i+1, categories[p.Category], p.Needs, true, nil, nil, p.Credential)
		}
	},
}

// helpURL is where the driver is documented.
const helpURL = "https://github.com/seed281e34fa/bitbucketsql"

// sysInformation has one row, on the driver and the connection.
var sysInformation = table{
	name: "sys_information",
	columns: []column{
		{"Product", textKind},
		{"Version", textKind},
		{"Datasource", textKind},
		{"NodeId", textKind},
		{"HelpURL", textKind},
		{"License", textKind},
		{"Location", textKind},
		{"Environment", textKind},
		// What follows is ours.
		{"Workspace", textKind},
		{"AuthScheme", textKind},
		{"RequestsUsed", intKind},
		{"RequestsThisHour", intKind},
		{"RequestLimit", intKind},
		{"RequestsLeft", intKind},
		{"RequestsReset", stampKind},
		{"WaitedMilliseconds", intKind},
	},
	rows: func(c Connection, out *rows) {
		about := c.About()
		usage := about.Usage
		var limit, left, reset any
		if usage.Limit > 0 {
			limit = usage.Limit
		}
		if usage.Left >= 0 {
			left = usage.Left
		}
		if !usage.Reset.IsZero() {
			reset = usage.Reset.UTC().Format(timestamp.Layout)
		}
		out.add("bitbucketsql", about.Version, "Bitbucket Cloud", nil, helpURL, "MIT", about.BaseURL,
			runtime.GOOS+"/"+runtime.GOARCH+", "+runtime.Version()+", SQLite "+engine.SQLiteVersion(),
			orNull(c.Settings().Workspace), about.AuthScheme, about.Requests,
			usage.Requests, limit, left, reset, int(usage.Waited.Milliseconds()))
	},
}

// sysIdentity would hold the keys of what the last statement inserted.
var sysIdentity = table{
	name:    "sys_identity",
	columns: []column{{"Id", textKind}, {"Batch", textKind}, {"Operation", textKind}, {"Message", textKind}},
	rows:    func(Connection, *rows) {},
}
