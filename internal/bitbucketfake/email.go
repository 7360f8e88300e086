package bitbucketfake

import (
	"net/url"
	"strings"
)

// email is an address of the caller.
type email struct {
	address            string
	primary, confirmed bool
}

func (m email) encode(e *encoder) {
	e.str("type", "email")
	if e.open("links") {
		e.link("self", apiRoot, "/user/emails/", url.PathEscape(m.address))
		e.close()
	}
	e.str("email", m.address)
	e.boolean("is_primary", m.primary)
	e.boolean("is_confirmed", m.confirmed)
}

func (rq *request) routeEmails(rest []string) {
	rq.scope = "email"
	first := rq.s.users[0].email
	(&collection[email]{
		kind: "Email address", encode: email.encode,
		items: []email{
			{first, true, true}, {"ada+builds@acme.example", false, true}, {"ada@" + strings.Repeat("long-", 8) + "name.example", false, false},
		},
		is: func(m email, id string) bool { return strings.EqualFold(m.address, id) },
	}).serve(rq, rest)
}
