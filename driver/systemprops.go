package driver

import (
	"runtime"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

var sysConnectionProps = systemTable{
	name: "sys_connection_props",
	columns: []systemColumn{
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
	rows: func(c *conn, out *systemRows) {
		categories := map[string]int{}
		for i, p := range Properties() {
			if categories[p.Category] == 0 {
				categories[p.Category] = len(categories) + 1
			}
			sensitivity := "NONE"
			if p.Sensitive {
				sensitivity = "PASSWORD"
			}
			out.add(p.Label, p.Description, string(p.Type), strings.Join(p.Values, ","), p.Default, p.Category, p.required(),
				p.Value(c.config()), p.Session, sensitivity, p.Name, i+1, categories[p.Category], p.Needs, true, nil, nil,
				p.Category == categoryAuthentication && p.Needs != "" || p.Category == categoryOAuth && p.Sensitive)
		}
	},
}

// required says whether a configuration that meets Needs, and gives nothing else, lacks the property.
func (p *Property) required() bool {
	c := NewConfig()
	if name, values, ok := strings.Cut(p.Needs, "="); ok {
		value, _, _ := strings.Cut(values, ",")
		if c.Set(name, value) != nil {
			return false
		}
	}
	for _, fault := range c.normalize() {
		if fault.Property == p.Name {
			return true
		}
	}
	return false
}

// helpURL is where the driver is documented.
const helpURL = "https://github.com/seed281e34fa/bitbucketsql"

// sysInformation has one row, on the driver and the connection.
var sysInformation = systemTable{
	name: "sys_information",
	columns: []systemColumn{
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
	rows: func(c *conn, out *systemRows) {
		config, usage := c.config(), c.connector.Usage()
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
		out.add("bitbucketsql", version(), "Bitbucket Cloud", nil, helpURL, "MIT", config.BaseURL,
			runtime.GOOS+"/"+runtime.GOARCH+", "+runtime.Version()+", SQLite "+engine.SQLiteVersion(),
			orNull(config.Workspace), string(config.AuthScheme), int(c.connector.requests.Load()),
			usage.Requests, limit, left, reset, int(usage.Waited.Milliseconds()))
	},
}

// sysIdentity would hold the keys of what the last statement inserted.
var sysIdentity = systemTable{
	name:    "sys_identity",
	columns: []systemColumn{{"Id", textKind}, {"Batch", textKind}, {"Operation", textKind}, {"Message", textKind}},
	rows:    func(*conn, *systemRows) {},
}
