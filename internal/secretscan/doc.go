// Package secretscan searches what the tests of a package let out for the secrets that they planted.
//
// [Main], in a package's TestMain, runs the tests in a process of their own and reads what that writes to standard output and
// standard error, panics with all their goroutines included. Beside these it searches what tests hand it: log records
// ([Handler]), errors in all their spellings ([Error]) and texts ([Text]). A secret is planted with [New] or [Plant], at any time
// before the end: nothing is searched before. When one shows, plain, in part, or as an encoding makes it, the package fails.
//
// The word "hush" is a secret by itself, where a word begins with it: the tests of this repository put it into what must not show.
//
// It is for tests alone.
package secretscan
