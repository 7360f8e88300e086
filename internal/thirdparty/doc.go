// Package thirdparty holds tests only: proofs of the driver with other people's code, in a module of its own so that
// nobody who uses the driver gets these modules too.
//
// Atlassian's OpenAPI document judges the tables, the requests and the test server ("openapi"), and every operation in it is
// read by a table or accounted for in testdata/ledger.tsv ("ledger"); sqlx, dburl, GORM and otelsql work over the driver; a
// person signs in with Chromium ("signin"); and a foreign module builds with it. Run them with
//
//	go test -C internal/thirdparty -race ./...
//
// and bring its go.mod up to date when the driver's changes:
//
//	go mod tidy -C internal/thirdparty
package thirdparty
