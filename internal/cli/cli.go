// Package cli is the command bitbucketsql. It knows the database by database/sql and the driver's public API only. Commands
// read and write through an [IO], and each is a file: a struct of options, and a method Run.
package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

const program = "bitbucketsql"

// commands are the commands and their options.
type commands struct {
	Demo    demoOptions    `cmd:"" help:"Show what it does, on a sample workspace inside this process. Needs no account."`
	Query   queryOptions   `cmd:"" help:"Run SQL and print the rows."`
	Explain explainOptions `cmd:"" help:"Show the requests that a SELECT would make, or with --analyze those that it makes."`
	Connect connectOptions `cmd:"" help:"Make, list, test, change and remove connection profiles."`
	Login   loginOptions   `cmd:"" help:"Sign in with OAuth, in the browser of this machine or elsewhere."`
	Logout  logoutOptions  `cmd:"" help:"Delete the OAuth tokens of a connection."`
	Status  statusOptions  `cmd:"" help:"Show who you are, the scopes, when the token expires and the hour's requests."`
	Fake    fakeOptions    `cmd:"" help:"Serve a sample workspace over HTTP, for trials and tests."`
	Version versionOptions `cmd:"" help:"Show the versions of this program, of Go and of SQLite."`
}

const description = `SQL over Bitbucket Cloud: repositories, pull requests, commits, pipelines and more as tables.

Begin with "bitbucketsql demo". Then, with an API token of your own:

  export BITBUCKETSQL_DSN='bitbucket://me%40example.com:API-TOKEN@workspace'
  bitbucketsql query "SELECT Slug, UpdatedOn FROM Repositories LIMIT 10"

Or keep it as a profile, with its secret in the keyring: "bitbucketsql connect add work".

Exit codes: 0 success, 1 error, 2 wrong usage, 4 the credential is refused, 130 cancelled.`

// Main runs the command that the arguments name until it ends or the process is told to, and returns the exit code.
func Main(args []string, io *IO) int {
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	context.AfterFunc(signalled, func() {
		stop()              // a second signal ends the process at once
		cancel(cancelled{}) // in these words, and not those of the signal
	})
	return Run(ctx, args, io)
}

// helpShown is what kong's wish to exit becomes.
type helpShown struct{ code int }

// Run runs the command that the arguments name, and returns the exit code. The context's end cancels it.
func Run(ctx context.Context, args []string, io *IO) (code int) {
	args = commandLine(args)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case helpShown:
			code = r.code
		default:
			panic(r)
		}
	}()
	parser, err := kong.New(
		&commands{}, kong.Name(program), kong.Description(description), kong.Writers(io.Out, io.Err),
		kong.Exit(func(code int) { panic(helpShown{code}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(io),
	)
	if err != nil {
		return report(io, err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return report(io, parseError(err, args))
	}
	return report(io, parsed.Run())
}
