// Package profile keeps connections by name, their secrets apart from their other properties.
//
// The properties are in bitbucketsql/connections.json in the user's configuration directory ($XDG_CONFIG_HOME, by default
// ~/.config): JSON that can be read and copied, because no secret is in it. The file is the user's alone all the same
// (package privatefile), since it names accounts and servers.
//
// # Where the secrets are
//
// In the keyring of the operating system where there is one (the Secret Service over D-Bus, macOS' Keychain, Windows'
// Credential Manager), as one entry for each profile: it is locked while the user is away, backed up apart from the files,
// and asks before it shows something. Where there is none, as on a server, in a container or over SSH, or where it does not
// answer within some seconds, or with BITBUCKETSQL_KEYRING=off, in bitbucketsql/connections-secrets.json: encrypted with a key in
// a file beside it, like the OAuth settings file, whose threat model (package oauthstore) holds for it.
//
// A profile says where its secrets are, and under which id. Each change of them gets a new id, and the old entry is removed
// afterwards: a process that dies in between leaves the old profile or the new one, each with its own secrets.
package profile
