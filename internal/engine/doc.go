//go:build cgo

// Package engine is SQLite as the host of our virtual tables. It opens private connections of an unmodified
// mattn/go-sqlite3, without any build tag, and registers its own small C shim on each: a module for Table, an authorizer
// that keeps users' statements away from our schemas, a collation for timestamps, and SQL functions.
//
// Go is entered once for each xBestIndex, once for each xFilter (which brings the first page) and once for each further
// page, never per cell: a page of cells is copied into C memory and xNext, xEof, xColumn and xRowid stay in C.
//
// A Conn and all that it made belong to one goroutine at a time; Interrupt may be called from any. Callbacks must not use
// the connection that called them.
package engine
