package driver

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PropertyType is the type of a connection property's value.
type PropertyType string

// The types of connection properties.
const (
	StringProperty  PropertyType = "string"
	IntegerProperty PropertyType = "int"
	BooleanProperty PropertyType = "bool"
	// SecondsProperty is a number of seconds; fractions are allowed.
	SecondsProperty PropertyType = "seconds"
)

// Property describes a connection property. The table of all of them serves the reading and writing of connection
// strings, their documentation and the table sys_connection_props.
type Property struct {
	// Name is how the property is written. Reading ignores case, spaces and underscores.
	Name string
	// Label is the name for people: "Max In Flight".
	Label    string
	Type     PropertyType
	Category string
	// Default is the value, as text, of a property that is not given.
	Default string
	// Values lists the values allowed, where only some are. Reading ignores case.
	Values []string
	// Needs tells of another property's values with which this one has a meaning, such as "AuthScheme=APIToken".
	Needs string
	// Sensitive marks a secret: its value is never shown.
	Sensitive bool
	// Session marks a property that each statement reads anew. So far nothing changes one on an open connection.
	Session     bool
	Description string

	min, max int64
	// multiline allows line breaks in the value.
	multiline bool
	// refused are values of CData's driver that this one does not take, with the reason and the way out.
	refused map[string]string
	text    func(*Config) *string
	number  func(*Config) *int
	flag    func(*Config) *bool
	seconds func(*Config) *time.Duration
}

// The values of CommitDateOrder.
const (
	commitOrderNone   = "None"
	commitOrderAssume = "Assume"
)

// The categories of connection properties.
const (
	categoryConnection     = "Connection"
	categoryAuthentication = "Authentication"
	categorySchema         = "Schema"
	categoryLimits         = "Limits"
	categoryLogging        = "Logging"
	categoryOther          = "Other"
)

var properties = slices.Concat(firstProperties, oauthProperties, networkProperties, otherProperties)

// firstProperties say what to connect to and as whom.
var firstProperties = []Property{
	{
		Name: "Workspace", Label: "Workspace", Type: StringProperty, Category: categoryConnection,
		Description: "Slug of the workspace, as in bitbucket.org/<workspace>, or its UUID. Every table of the workspace, of its projects and of its repositories needs it.",
		text:        func(c *Config) *string { return &c.Workspace },
	},
	{
		Name: "Schema", Label: "Schema", Type: StringProperty, Category: categoryConnection, Default: "Information",
		Description: "Schema that unqualified table names mean: Information (the workspace), Workspace (all repositories at once), " +
			"or the slug of a repository.",
		text: func(c *Config) *string { return &c.Schema },
	},
	{
		Name: "Profile", Label: "Profile", Type: StringProperty, Category: categoryConnection,
		Description: "Name of a connection profile, made with the command's connect add. Its properties and secrets are taken for what the " +
			"connection string does not give.",
		text: func(c *Config) *string { return &c.Profile },
	},
	{
		Name: "BaseURL", Label: "Base URL", Type: StringProperty, Category: categoryConnection,
		Default: "https://api.bitbucket.org/2.0",
		Description: "Root of Bitbucket's REST API, for a proxy or a test server. Plain http is allowed to this machine only, " +
			"because the secret travels with every request.",
		text: func(c *Config) *string { return &c.BaseURL },
	},
	{
		Name: "AuthScheme", Label: "Auth Scheme", Type: StringProperty, Category: categoryAuthentication, Default: "OAuth",
		Values: []string{string(OAuth), string(OAuthClient), string(APIToken), string(AccessToken), string(None)},
		Description: "How to authenticate: OAuth for a user who lets an OAuth consumer in, OAuthClient for a private consumer itself, " +
			"APIToken, AccessToken, or None for public data. When it is not given it follows from the secret that is given: APIToken (or User), " +
			"AccessToken, or InitiateOAuth and the other properties of OAuth.",
		text: func(c *Config) *string { return (*string)(&c.AuthScheme) },
	},
	{
		Name: "User", Label: "User", Type: StringProperty, Category: categoryAuthentication, Needs: "AuthScheme=APIToken",
		Description: "E-mail address of the Atlassian account that the API token belongs to.",
		text:        func(c *Config) *string { return &c.User },
	},
	{
		Name: "APIToken", Label: "API Token", Type: StringProperty, Category: categoryAuthentication,
		Needs: "AuthScheme=APIToken", Sensitive: true,
		Description: "API token with Bitbucket scopes, made at id.atlassian.com. It takes the place of the former app passwords.",
		text:        func(c *Config) *string { return &c.APIToken },
	},
	{
		Name: "AccessToken", Label: "Access Token", Type: StringProperty, Category: categoryAuthentication,
		Needs: "AuthScheme=AccessToken", Sensitive: true,
		Description: "Access token of a repository, project or workspace.",
		text:        func(c *Config) *string { return &c.AccessToken },
	},
}

// otherProperties are those that are neither on the connection nor on OAuth.
var otherProperties = []Property{
	{
		Name: "BrowsableSchemas", Label: "Browsable Schemas", Type: StringProperty, Category: categorySchema,
		Description: "Schemas that metadata lists, separated by commas. Others can be read all the same. Empty means all.",
		text:        func(c *Config) *string { return &c.BrowsableSchemas },
	},
	{
		Name: "Tables", Label: "Tables", Type: StringProperty, Category: categorySchema,
		Description: "Tables that metadata lists, separated by commas, by name or by schema and name. Others can be read all the same. " +
			"Empty means all.",
		text: func(c *Config) *string { return &c.Tables },
	},
	{
		Name: "Views", Label: "Views", Type: StringProperty, Category: categorySchema,
		Description: "User-defined views that metadata lists, separated by commas. Others can be read all the same. Empty means all.",
		text:        func(c *Config) *string { return &c.Views },
	},
	{
		Name: "PseudoColumns", Label: "Pseudo Columns", Type: StringProperty, Category: categorySchema,
		Description: "Inputs to show as columns: Table=Column;… or *=* for all. It is checked and changes nothing, because the inputs " +
			"of Bitbucket's endpoints are ordinary columns of their tables here and always shown.",
		text: func(c *Config) *string { return &c.PseudoColumns },
	},
	{
		Name: "UserDefinedViews", Label: "User Defined Views", Type: StringProperty, Category: categorySchema,
		Description: "Path of the JSON file of user-defined views: {\"name\": {\"query\": \"SELECT …\"}}. It need not exist: CREATE LOCAL VIEW " +
			"makes it, readable by its owner only. A changed file counts from the next statement on.",
		text: func(c *Config) *string { return &c.UserDefinedViews },
	},
	{
		Name: "UserViewsSchemaName", Label: "User Views Schema Name", Type: StringProperty, Category: categorySchema,
		Default:     defaultViewsSchema,
		Description: "Schema of the user-defined views. A view is found without it as well, where no table has its name.",
		text:        func(c *Config) *string { return &c.UserViewsSchemaName },
	},
	{
		Name: "Timeout", Label: "Timeout", Type: SecondsProperty, Category: categoryLimits, Default: "60",
		Description: "Seconds that one request may take, with its retries and waits. 0 means no limit; a context's deadline holds always.",
		seconds:     func(c *Config) *time.Duration { return &c.Timeout },
	},
	{
		Name: "MaxRows", Label: "Max Rows", Type: IntegerProperty, Category: categoryLimits, Default: "-1", Session: true,
		Description: "Rows that a query returns at most; it ends there without an error. -1 means no limit.",
		min:         -1, max: math.MaxInt32,
		number: func(c *Config) *int { return &c.MaxRows },
	},
	{
		Name: "MaxRequests", Label: "Max Requests", Type: IntegerProperty, Category: categoryLimits, Default: "1000", Session: true,
		Description: "Requests that one statement may send before it fails, those that a join begins ahead included: they take a sixteenth of it at most in vain, and none of less than 128. A Bitbucket user has 1,000 an hour. 0 means no limit.",
		min:         0, max: math.MaxInt32,
		number: func(c *Config) *int { return &c.MaxRequests },
	},
	{
		Name: "Pagesize", Label: "Page Size", Type: IntegerProperty, Category: categoryLimits, Default: "0", Session: true,
		Description: "Rows asked for per page, at most what the endpoint allows. 0 means as many as it allows.",
		min:         0, max: math.MaxInt32,
		number: func(c *Config) *int { return &c.Pagesize },
	},
	{
		Name: "MaxInFlight", Label: "Max In Flight", Type: IntegerProperty, Category: categoryLimits, Default: "10",
		Description: "Requests under way at the same time, for all connections with the same credentials.",
		min:         1, max: 100,
		number: func(c *Config) *int { return &c.MaxInFlight },
	},
	{
		Name: "ReadOnly", Label: "Read Only", Type: BooleanProperty, Category: categoryOther, Default: "false",
		Description: "Refuse every statement that could change something at Bitbucket.",
		flag:        func(c *Config) *bool { return &c.ReadOnly },
	},
	{
		Name: "PushDown", Label: "Push Down", Type: BooleanProperty, Category: categoryOther, Default: "true", Session: true,
		Description: "Let Bitbucket filter, sort and limit where it can. false fetches whole tables and must give the same rows: " +
			"it is there to check that.",
		flag: func(c *Config) *bool { return &c.PushDown },
	},
	{
		Name: "CommitDateOrder", Label: "Commit Date Order", Type: StringProperty, Category: categoryOther, Default: commitOrderNone, Session: true,
		Values: []string{commitOrderNone, commitOrderAssume},
		Description: "What to take for granted of the order of commits, which Bitbucket lists by history and cannot filter by date. None: " +
			"nothing; a condition on Date reads all commits, which is exact. Assume: that they are mostly newest first, so that a query " +
			"with Date >, >= or = stops at the first page all of whose commits are more than a day older. Commits with a wrong clock, or " +
			"rebased and imported ones, may then be missing.",
		text: func(c *Config) *string { return &c.CommitDateOrder },
	},
	{
		Name: "IncludeDeleted", Label: "Include Deleted", Type: BooleanProperty, Category: categoryOther, Default: "false", Session: true,
		Description: "Show deleted rows of tables that have a column Deleted. When it is false, a statement gets them only if one of its " +
			"conditions (WHERE, ON, USING or HAVING, in a view that it uses too) names the column Deleted, whatever the condition " +
			"says; then it gets them from all its tables. GETDELETED always does.",
		flag: func(c *Config) *bool { return &c.IncludeDeleted },
	},
	{
		Name: "Logfile", Label: "Logfile", Type: StringProperty, Category: categoryLogging,
		Description: "File that the log is appended to. It is created readable by its owner only.",
		text:        func(c *Config) *string { return &c.Logfile },
	},
	{
		Name: "Verbosity", Label: "Verbosity", Type: IntegerProperty, Category: categoryLogging, Default: "1",
		Description: "How much is logged: 1 statements with their rows, requests, times and errors; 2 also each request and retry; " +
			"3 also what each scan of a statement asked for and did; 4 also the address, the headers and the connection of each request; " +
			"5 also how each answer in JSON begins. From 4 on the values of parameters and of rows can be read in it. Secrets never can.",
		min: 1, max: 5,
		number: func(c *Config) *int { return &c.Verbosity },
	},
}

// Properties returns the descriptions of all connection properties, in the order in which they are best shown.
func Properties() []Property {
	list := slices.Clone(properties)
	for i := range list {
		list[i].Values = slices.Clone(list[i].Values)
	}
	return list
}

// FindProperty returns the description of a property, whatever the case, spaces and underscores of the name.
func FindProperty(name string) (Property, bool) {
	p, ok := findProperty(name)
	if !ok {
		return Property{}, false
	}
	found := *p
	found.Values = slices.Clone(p.Values)
	return found, true
}

// foldName brings a property's name to the form in which names are compared.
func foldName(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '\t' {
			return -1
		}
		return r
	}, name))
}

// findProperty finds a property by name, whatever its case, spaces and underscores.
func findProperty(name string) (*Property, bool) {
	folded := foldName(name)
	for i := range properties {
		if strings.ToLower(properties[i].Name) == folded {
			return &properties[i], true
		}
	}
	return nil, false
}

// suggestProperties returns the names of properties that a wrong name may have meant.
func suggestProperties(name string) []string {
	names := make([]string, len(properties))
	for i := range properties {
		names[i] = properties[i].Name
	}
	return closest(foldName(name), names)
}

// Value is the property's value in c as text, for people: a secret that is set is masked.
func (p Property) Value(c *Config) string {
	value := p.get(c)
	if p.Sensitive && value != "" {
		return mask
	}
	return value
}

// get returns the property's value in c as text; reading it back with set gives the same value.
func (p *Property) get(c *Config) string {
	switch p.Type {
	case IntegerProperty:
		return strconv.Itoa(*p.number(c))
	case BooleanProperty:
		return strconv.FormatBool(*p.flag(c))
	case SecondsProperty:
		return formatSeconds(*p.seconds(c))
	default:
		return *p.text(c)
	}
}

// unset is the value of a property that is not given: the default, but for AuthScheme, which then follows from the secrets.
func (p *Property) unset() string {
	if p.Name == "AuthScheme" {
		return ""
	}
	return p.Default
}

// set reads the value into c. The empty text means the default. The problem is empty if all is well, and does not hold
// the value of a secret.
func (p *Property) set(c *Config, value string) (problem string) {
	if value == "" {
		value = p.unset()
	}
	switch p.Type {
	case IntegerProperty:
		n, err := strconv.Atoi(value)
		if err != nil {
			return shown(value) + " is not a whole number"
		}
		*p.number(c) = n
	case BooleanProperty:
		b, ok := parseBool(value)
		if !ok {
			return shown(value) + " is neither true nor false"
		}
		*p.flag(c) = b
	case SecondsProperty:
		d, ok := parseSeconds(value)
		if !ok {
			return shown(value) + " is not a number of seconds"
		}
		*p.seconds(c) = d
	default:
		*p.text(c) = value
	}
	return ""
}

// check reports what is wrong with the property's value in c by itself, and brings values of a list to their spelling.
func (p *Property) check(c *Config) (problem string) {
	switch {
	case p.number != nil:
		if n := int64(*p.number(c)); n < p.min || n > p.max {
			if p.max == math.MaxInt32 {
				return fmt.Sprintf("%d is out of range, the least is %d", n, p.min)
			}
			return fmt.Sprintf("%d is out of range, allowed are %d to %d", n, p.min, p.max)
		}
	case p.seconds != nil:
		if *p.seconds(c) < 0 {
			return "must not be negative, 0 means no limit"
		}
	case p.text != nil:
		v := p.text(c)
		if strings.ContainsFunc(*v, func(r rune) bool {
			return (r < ' ' || r == 0x7f) && !(p.multiline && strings.ContainsRune("\r\n\t", r))
		}) {
			return "contains a control character, perhaps a line break at its end"
		}
		if len(p.Values) > 0 && *v != "" {
			i := slices.IndexFunc(p.Values, func(allowed string) bool { return strings.EqualFold(allowed, *v) })
			if why := p.refused[strings.ToUpper(*v)]; why != "" {
				return strconv.Quote(strings.ToUpper(*v)) + " " + why
			}
			if i < 0 {
				shown := "the value"
				if looksLikeName(*v) { // it could be a secret that was put in the wrong place
					shown = strconv.Quote(*v)
				}
				return fmt.Sprintf("%s is not one of %s%s", shown, strings.Join(p.Values, ", "), didYouMean(closest(*v, p.Values)))
			}
			*v = p.Values[i]
		}
	}
	return ""
}

// shown is a wrong value as a problem shows it. A long one could be a secret that was put in the wrong place, or, after a quote
// that is not closed, the rest of the connection string.
func shown(value string) string {
	if len(value) > 12 || strings.ContainsAny(value, "=;:@%&'\"") {
		return "the value"
	}
	return strconv.Quote(value)
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "1":
		return true, true
	case "false", "no", "off", "0":
		return false, true
	}
	return false, false
}

func parseSeconds(s string) (time.Duration, bool) {
	if strings.Trim(s, "-.0123456789") != "" { // ParseDuration would take 1m30 as well
		return 0, false
	}
	d, err := time.ParseDuration(s + "s")
	return d, err == nil
}

// formatSeconds writes a duration as seconds, exactly.
func formatSeconds(d time.Duration) string {
	sign := ""
	nanoseconds := uint64(d)
	if d < 0 {
		sign, nanoseconds = "-", -nanoseconds
	}
	whole, fraction := nanoseconds/uint64(time.Second), nanoseconds%uint64(time.Second)
	if fraction == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	return sign + strings.TrimRight(fmt.Sprintf("%d.%09d", whole, fraction), "0")
}
