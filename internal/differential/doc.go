// Package differential holds the proof that push-down never changes an answer: its tests run every statement with push-down
// on, with push-down off, and over plain SQLite tables that hold the full data, and want the same rows and column names.
//
// The data of the plain tables comes straight from HTTP through encoding/json and the tables' literals, past the planner, the
// client and the decoder, so that those are proved too.
package differential
