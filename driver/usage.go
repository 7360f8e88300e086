package driver

import "github.com/seed281e34fa/bitbucketsql/internal/api"

// Usage is what is known of the requests of a credential; see [Connector.Usage].
type Usage = api.Usage

// Usage tells how many requests the process sent within the last hour with the connector's credential, through whatever
// connector, and how many are left. The table sys_information tells the same. It sends nothing.
//
// A user has 1,000 requests an hour, access tokens of large workspaces have more, and without a credential it is 60. When less
// than a fifth is left, requests are spread over what is left of the hour, up to five seconds apart. When none is left they wait
// for more; what cannot wait so long, because of Timeout or the context's deadline, fails with a [*LimitError] that says when to
// try again.
func (c *Connector) Usage() Usage { return c.client.Usage() }
