package api

import (
	"sync"
	"time"
)

// account is what all clients of the process that have one credential at one Bitbucket share, because Bitbucket counts by
// credential and not by client.
type account struct {
	key       string
	refs      int
	gate      gate
	hour      hour
	documents documents
}

var accounts = struct {
	sync.Mutex
	m map[string]*account
}{m: map[string]*account{}}

// openAccount finds or makes an account. documented is the limit that Bitbucket documents for it, 0 when there is none.
func openAccount(key string, documented int) *account {
	accounts.Lock()
	defer accounts.Unlock()
	a := accounts.m[key]
	if a == nil {
		for _, other := range accounts.m {
			other.forget()
		}
		a = &account{key: key, hour: hour{documented: documented}}
		a.gate.pace = a.hour.pace
		accounts.m[key] = a
	}
	a.refs++
	return a
}

// close gives the reference back. An account stays known as long as its hour and its pause last, so that a client opened
// meanwhile does not run into the limit.
func (a *account) close() {
	accounts.Lock()
	defer accounts.Unlock()
	if a.refs--; a.refs == 0 {
		a.documents.clear()
		a.forget()
	}
}

// forget drops an account that nobody uses, once its hour is over. accounts is locked.
func (a *account) forget() {
	if a.refs == 0 && a.hour.over(time.Now()) && a.gate.held().IsZero() {
		delete(accounts.m, a.key)
	}
}

// Usage is what is known of the requests of a credential.
type Usage struct {
	// Requests is the number of requests that this process sent within the last hour with the credential.
	Requests int
	// Limit is how many Bitbucket allows in an hour: as it says, or else as it documents for its own host. 0 means that it is
	// not known.
	Limit int
	// Left is how many are left, as Bitbucket says, or else as this process can know: others may use the credential, too. -1
	// means that it is not known.
	Left int
	// Reset is when the hour begins anew or a pause ends, as Bitbucket said; zero when it did not.
	Reset time.Time
	// Waited is the time that requests of this process were held back by limits and in back-off, summed over the requests.
	Waited time.Duration
}

// Usage tells of the requests of the client's credential, all clients of the process together. It sends nothing.
func (c *Client) Usage() Usage {
	u := c.account.hour.usage(time.Now())
	if until := c.account.gate.held(); until.After(u.Reset) {
		u.Reset = until
	}
	return u
}
