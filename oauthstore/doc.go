// Package oauthstore signs in to Bitbucket with OAuth 2.0, keeps the tokens at rest, and keeps them fresh.
//
// Bitbucket's access tokens live for one hour and its refresh tokens are replaced at every use
// (https://developer.atlassian.com/cloud/bitbucket/oauth-2/), so whoever refreshes a token must write down the new one
// before using it, and no two may refresh at once. [Source] does both: it takes the lock of its [Store], reads the
// settings again, refreshes only when that is still needed, and saves before it hands the new token out. All programs of
// a user can share one settings file, by default [DefaultLocation].
//
// # What a killed process can lose
//
// The file is written through a temporary one, with fsync and rename, so that a process or a machine that stops at any moment
// leaves the old settings or the new ones. One loss no program can rule out: the server replaces the refresh token before its
// answer is here, so that a process that is killed between that and the save, or whose connection breaks, takes the only
// copy of the new one along. Bitbucket accepts the old one for about ten minutes more, and that is the way back: before it
// asks for new tokens, [Source] writes down that it does ([Settings].Renewing), and the lock is free when its process has
// died; the next who needs a token, in any process, finds the old refresh token, uses it again, and gets another pair. If
// nobody comes within the grace, the sign-in is lost, and the [SignInError] says so, since when, and how to sign in again.
//
// # The settings file and what it protects
//
// The file is a JSON envelope with a version. Everything that is kept in it, secret or not, is one AES-256-GCM ciphertext;
// the 32 random bytes of its key are in a second file beside it, named like it with ".key" at the end. Both have mode
// 0600 in a directory that is made with 0700. A third file, ".lock", only carries the lock. A file that other users can
// read, that belongs to another user, that is damaged or from a newer version gives a [FileError] and is never
// overwritten.
//
// Threat model: the encryption protects a settings file that travels alone (copied, mailed, pasted into a ticket,
// committed, backed up without its key) and a file that is opened in front of others. It doesn't protect against code
// that runs as the same user or as the administrator, nor against somebody who takes both files: those can read the key
// as this package does. To move a sign-in to another machine, copy both files. On Windows the protection by mode bits is
// the profile directory's access list, and owner and mode are not checked.
//
// Why not the keyring of the operating system: the tokens change every hour and are shared by programs that may run at the
// same moment, with the rule that the new refresh token is saved before it is used. That needs a lock and a replacement that is
// whole or not at all, and keyrings offer neither; Windows' takes 2,560 bytes and Bitbucket's tokens can be longer; and a server
// or a container, where a program must renew its tokens with nobody there to unlock anything, has none. What doesn't change,
// such as the API token or the consumer's secret of a connection profile, is kept in the keyring where there is one: see the
// command's "connect add" and package internal/profile, for whose encrypted file this threat model holds too.
//
// Secrets never print: [Settings], [Config], [Source] and every error of this package show that a secret is set, never
// what it is.
package oauthstore
