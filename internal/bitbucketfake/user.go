package bitbucketfake

import (
	"fmt"
	"strings"
	"time"
)

// user is an account. Deleted accounts keep a name and a UUID only.
type user struct {
	kind      string // user, app_user
	name      string
	nick      string
	email     string
	uuid      string
	accountID string
	created   time.Time
	deleted   bool
	private   bool // profile without location, website and created_on
	location  string
	website   string
	compact   []byte
}

// people are the sample team; the first one is the caller.
var people = []struct{ name, nick, email string }{
	{"Ada Lindqvist", "ada", "ada.lindqvist@acme.example"},
	{"Bruno Ferreira", "bruno", "bruno.ferreira@acme.example"},
	{"Zoë Kowalczyk", "zoe.k", "zoe.kowalczyk@acme.example"},
	{"李娜", "lina", "li.na@acme.example"},
	{"Seán O'Brien", "Sean O'Brien", "sean.obrien@acme.example"},
	{"Søren Ångström", "soren", "soren.angstrom@acme.example"},
	{"Priya Raghunathan", "priya", "priya.raghunathan@acme.example"},
	{"Marek \"Max\" Novák", "max", "marek.novak@acme.example"},
	{"Олена Бондар", "olena", "olena.bondar@acme.example"},
	{"Tomás de la Cruz", "tomas_dlc", "tomas.delacruz@acme.example"},
	{"Hiro Tanaka", "Hiro", "hiro.tanaka@acme.example"},
	{"Fatima Zahra Idrissi", "fatima", "fatima.idrissi@acme.example"},
	{"ada", "ada.b", "ada.bianchi@acme.example"},
}

func makeUsers(seed int64) (users []*user, bot, gone *user) {
	base := salt(seed, "user")
	for i, p := range people {
		r := at(base, i)
		u := &user{
			kind: "user", name: p.name, nick: p.nick, email: p.email, uuid: r.uuid(), accountID: accountID(r),
			created: time.Date(2016+i%6, time.Month(1+r.n(12)), 1+r.n(28), r.n(24), r.n(60), r.n(60), r.n(1000000)*1000, time.UTC),
			private: i%3 == 2,
		}
		if i%2 == 0 {
			u.location, u.website = "Göteborg", fmt.Sprintf("https://people.acme.example/%d", i)
		}
		users = append(users, u)
	}
	r := at(base, 1000)
	bot = &user{
		kind: "app_user", name: "acme-ci", uuid: r.uuid(), accountID: "712020:" + strings.Trim(r.uuid(), "{}"),
		created: time.Date(2023, 10, 31, 8, 58, 32, 98157000, time.UTC),
	}
	gone = &user{kind: "user", name: "Former user", uuid: r.uuid(), deleted: true}
	for _, u := range append(users[:len(users):len(users)], bot, gone) {
		u.compact = marshal(u.encode)
	}
	return users, bot, gone
}

func accountID(r *rng) string {
	if r.chance(40) {
		return "557058:" + strings.Trim(r.uuid(), "{}")
	}
	return fmt.Sprintf("%016x%08x", r.next(), uint32(r.next()))
}

// marshal encodes one object without any selection.
func marshal(f func(*encoder)) []byte {
	var e encoder
	e.reset(everything)
	e.begin()
	f(&e)
	e.end()
	return e.b
}

func quoteUUID(uuid string) string { return "%7B" + strings.Trim(uuid, "{}") + "%7D" }

// encode writes the account as it appears inside other objects.
func (u *user) encode(e *encoder) {
	if u.kind == "app_user" {
		e.str("type", u.kind)
		if e.open("links") {
			e.link("avatar", avatarHost, u.accountID, "/3076be80-e7af-4b62-a4b8-ed8fe3c3332e/128")
			e.close()
		}
		e.micro("created_on", u.created)
		e.str("display_name", u.name)
		e.str("uuid", u.uuid)
		e.str("account_id", u.accountID)
		e.str("account_status", "active")
		e.str("kind", "repository_access_token")
		return
	}
	e.str("display_name", u.name)
	if e.open("links") {
		u.links(e)
		e.close()
	}
	e.str("type", u.kind)
	e.str("uuid", u.uuid)
	if !u.deleted {
		e.str("account_id", u.accountID)
		e.str("nickname", u.nick)
	}
}

const avatarHost = "https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/"

func (u *user) links(e *encoder) {
	e.link("self", apiRoot, "/users/", quoteUUID(u.uuid))
	e.link("avatar", avatarHost, "initials/", strings.ToUpper(u.email[:min(1, len(u.email))]), "-3.png")
	e.link("html", "https://bitbucket.org/", quoteUUID(u.uuid), "/")
}

// encodeFull writes the account as /user and /users/{id} do.
func (u *user) encodeFull(e *encoder, caller bool) {
	if u.kind == "app_user" || u.deleted {
		u.encode(e)
		return
	}
	e.str("display_name", u.name)
	if e.open("links") {
		u.links(e)
		e.link("repositories", apiRoot, "/repositories/", quoteUUID(u.uuid))
		e.link("snippets", apiRoot, "/snippets/", quoteUUID(u.uuid))
		e.close()
	}
	if caller || !u.private {
		e.micro("created_on", u.created)
		e.strOrNull("location", u.location)
		e.strOrNull("website", u.website)
	}
	e.str("type", u.kind)
	e.str("uuid", u.uuid)
	if caller {
		e.null("has_2fa_enabled")
		e.str("username", u.nick)
	}
	e.boolean("is_staff", false)
	e.str("account_id", u.accountID)
	e.str("nickname", u.nick)
	e.str("account_status", "active")
}

// user writes an account member, null when there is none.
func (e *encoder) user(k string, u *user) {
	if u == nil {
		e.null(k)
		return
	}
	e.object(k, u.compact, u.encode)
}
