package cli

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// versionOptions are the options of the command version.
type versionOptions struct{}

// Run runs the command.
func (versionOptions) Run(ctx context.Context, o *IO) error {
	sqlite, err := sqliteVersion(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, "%s %s\n%s %s/%s\nSQLite %s\n", program, buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, sqlite)
	return err
}

// buildVersion is the version of this program, and the commit where the build knows it.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	version, commit, modified := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && s.Value != "":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	if commit != "" {
		version += " (" + commit + modified + ")"
	}
	return version
}

// sqliteVersion asks SQLite, over a connection that never sends a request.
func sqliteVersion(ctx context.Context) (version string, err error) {
	config := driver.NewConfig()
	config.AuthScheme, config.AccessToken, config.Workspace = driver.AccessToken, "none", "none"
	connector, err := driver.NewConnector(config)
	if err != nil {
		return "", err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	err = db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	return version, err
}
