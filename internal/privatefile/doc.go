// Package privatefile keeps files that belong to one user: readable by the owner only, written wholly or not at all, guarded by
// a lock between processes, and never overwritten when they cannot be understood. A [File] holds its content as it is, a
// [Sealed] one encrypted with a key in a second file beside it. What a file cannot be used for is an [Error].
//
// What this protects against, and what it does not, is written in package oauthstore.
package privatefile
