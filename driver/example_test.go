package driver_test

import (
	"database/sql"
	"fmt"
	"log"
	"os"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// startBitbucket stands in for Bitbucket, so that the examples run anywhere.
func startBitbucket() *bitbucketfake.Server {
	server := bitbucketfake.New(bitbucketfake.Config{})
	if err := server.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	return server
}

// With an API token: the user is the e-mail address of the Atlassian account, with @ as %40.
func Example() {
	server := startBitbucket()
	defer server.Close()
	dsn := "bitbucket://me%40example.com:demo@acme?BaseURL=" + server.URL() + "/2.0" // leave BaseURL out for bitbucket.org

	db, err := sql.Open("bitbucket", dsn)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT State, COUNT(*) FROM platform.PullRequests WHERE State IN (?, ?) GROUP BY State", "OPEN", "MERGED")
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		var count int
		if err := rows.Scan(&state, &count); err != nil {
			log.Fatal(err)
		}
		fmt.Println(state, count > 0)
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// MERGED true
	// OPEN true
}

// A program that has its settings in variables makes a Connector.
func ExampleNewConnector() {
	server := startBitbucket()
	defer server.Close()

	config := driver.NewConfig()
	config.Workspace = "acme"
	config.AccessToken = os.Expand("${TOKEN}", func(string) string { return "demo" })
	config.BaseURL = server.URL() + "/2.0" // leave it out for bitbucket.org
	config.MaxRequests = 50
	connector, err := driver.NewConnector(config)
	if err != nil {
		log.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()

	var slug string
	if err := db.QueryRow("SELECT Slug FROM Repositories WHERE Slug = 'platform'").Scan(&slug); err != nil {
		log.Fatal(err)
	}
	fmt.Println(slug)
	// Output: platform
}

func ExampleParseDSN() {
	config, err := driver.ParseDSN("Workspace=acme; User=me@example.com; APIToken='a;b'; Max Rows=100")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(config)
	_, err = driver.ParseDSN("Worksapce=acme; Timeout=soon")
	fmt.Println(err)
	// Output:
	// Workspace=acme;AuthScheme=APIToken;User=me@example.com;APIToken=***;MaxRows=100
	// bitbucket: connection properties: 3 faults: Worksapce: is not a connection property; did you mean "Workspace"?; Timeout: "soon" is not a number of seconds; OAuthAccessToken: no credentials are given: set OAuthAccessToken, or User and APIToken, or AccessToken, or InitiateOAuth to sign in, or AuthScheme=None for public data
}
