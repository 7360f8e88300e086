// Command bitbucketsql runs SQL over Bitbucket Cloud. "bitbucketsql demo" shows what that means, without an account.
package main

import (
	"os"

	"github.com/seed281e34fa/bitbucketsql/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], cli.System())) }
