package bitbucketfake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// grantedScopes are those of Config.Token.
var grantedScopes = []string{
	"account", "email", "issue", "pipeline", "project", "project:admin", "pullrequest", "repository", "repository:admin", "runner", "snippet", "webhook",
}

// consumerScopes are those of a consumer that names none: all that an operation of the fake asks for.
var consumerScopes = append(slices.Clone(grantedScopes), "issue:write")

// impliedScopes are the scopes that another one brings along, by Atlassian's introduction to the REST API. The
// administrative ones bring none.
var impliedScopes = map[string][]string{
	"account:write":     {"account"},
	"issue:write":       {"issue"},
	"pipeline:variable": {"pipeline"},
	"pipeline:write":    {"pipeline"},
	"project":           {"repository"},
	"project:write":     {"project", "repository"},
	"pullrequest":       {"repository"},
	"pullrequest:write": {"pullrequest", "repository", "repository:write"},
	"repository:write":  {"repository"},
	"runner:write":      {"runner"},
	"snippet:write":     {"snippet"},
}

// holds says whether the granted scopes include one, by name or by implication.
func holds(granted []string, scope string) bool {
	return slices.ContainsFunc(granted, func(g string) bool {
		return g == scope || slices.Contains(impliedScopes[g], scope)
	})
}

// lacking lists what granted lacks of an operation's scopes, which are separated by commas; it needs all of them.
func lacking(granted []string, scopes string) (missing []string) {
	for scope := range strings.SplitSeq(scopes, ", ") {
		if scope != "" && !holds(granted, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// demandScope puts a refusal in the place of an answer that the caller's scopes do not cover: 403, or 401 for somebody
// without a credential. The credential of Config.Token covers everything.
func (rq *request) demandScope() {
	c := rq.caller
	if c.all || len(lacking(c.scopes, rq.scope)) == 0 {
		return
	}
	maps.DeleteFunc(rq.header, func(k string, _ []string) bool { return k != "Date" && !strings.HasPrefix(k, "X-Ratelimit-") })
	rq.header.Set("Content-Type", "application/json; charset=utf-8")
	if c.anonymous {
		rq.unauthorized(badToken)
		return
	}
	rq.refuseScope(strings.Split(rq.scope, ", "), c.scopes)
}

// missingScope refuses as if Config.Token lacked one of its scopes.
func (rq *request) missingScope(scope string) {
	granted := slices.DeleteFunc(slices.Clone(grantedScopes), func(s string) bool { return s == scope })
	rq.refuseScope([]string{scope}, granted)
}

func (rq *request) refuseScope(required, granted []string) {
	rq.status, rq.plain = http.StatusForbidden, true
	b := append(rq.enc.b[:0], `{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"required":`...)
	b = append(appendStrings(b, required), `,"granted":`...)
	rq.enc.b = append(appendStrings(b, granted), "}}}"...)
}

func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}
