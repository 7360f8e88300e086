// Package bitbucketfake is Bitbucket Cloud's REST API 2.0, as it stood in November 2026, on a real HTTP listener: a
// made-up workspace with its own paging, filtering (BBQL), partial responses, errors and quirks, plus latency, faults
// and counters for tests and benchmarks. Its API knows GET only. On the same listener is an OAuth 2.0 server (RFC 6749).
//
// Everything it serves, but the codes and tokens of OAuth, is computed from a seed, so two servers with the same Config
// answer with the same bytes; only next and previous links name the server's own host. Links inside objects name
// api.bitbucket.org, as the vendor's do.
//
// What tests may want to know of the data:
//
//   - repositories: "platform" is the big one (its size does not fit 32 bits); "sandbox" is empty (mainbranch null);
//     "docs-site-fork" is a fork of "docs-site" and the source of some of its pull requests; "cli-tools" has no project;
//     "billing" calls its main branch master; "monolith" is the old name of "platform" and redirects (301);
//     other repositories than "platform" hide the size of their tag lists
//   - projects: DATA has no description (null), that of OPS is empty
//   - workspaces: the caller is no administrator of a second, empty one, the first one's slug with "-labs"
//   - pull requests: some have no author (null), a deleted one or an app user; closed ones may have lost their source
//     repository (null, their commits answer 404) or who closed them; a merged one is one merge commit of the main branch
//   - permissions: two members are owners, two collaborators; the caller's on repositories are those of the role parameter
//   - projects: PLAT has the long lists (permissions, default reviewers, deploy keys), OPS or DATA the empty ones
//   - accounts: the caller has twelve SSH keys and three GPG keys, others fewer or none, apps answer 403; GPG keys show
//     key and subkeys only when fields names them; the app acme-app has the one property, "notes"
//   - snippets: fourteen; their ids are words, "0042" is one, and two differ in case only; lists lack files; files
//     redirects to the newest revision
//   - webhooks and the permissions on all repositories need an administrator: 403 in the second workspace
//   - search/code searches the files of the main branches; a user's own are the caller's repositories without a project
//   - commits: some authors belong to no account; rebased ones break the order of dates, never that of the graph; the
//     newest one of every branch has comments, statuses and reports; "billing" and every fifth repository from it on lack
//     the app behind commit/{c}/pullrequests (404), and elsewhere its first answer for commit number 2 is 202
//   - pull request tasks: some belong to no comment; number 11 of "platform" has 23 tasks and 14 statuses; the merge task
//     of a merged pull request is SUCCESS there and 400 at another, any other id is PENDING for ever
//   - pipelines: "docs-site-fork" has them switched off (404 below all of their paths); in "sandbox" they are configured
//     and not enabled (empty lists); every other repository lacks an SSH key pair (404); secured variables have no value;
//     logs of finished steps are in the storage (307), those of running ones are served as they are, others answer 404;
//     steps named "Unit tests" have test reports and the log of a service container
//   - issues, with Config.Issues: "infrastructure" and "sandbox" have no tracker (404); number 13 of a tracker is
//     unavailable (410) and in no list; comments that a change made have null for a text; component, milestone and
//     version compare by name in q; without Config.Issues issues answer 410, and the tracker's other paths 404
//   - files: see firstFiles and changes; diff, diffstat, file history and src all follow from them, so they agree
//   - the storage that downloads and large files redirect to has another host name than the API on loopback addresses
//     and refuses a request with a credential
//   - credentials: Config.Token, whose scopes are never checked, and which may ask for permissions as Bearer, too, where the
//     service refuses access tokens; the tokens of OAuth consumers, with the scopes of the consumer, and those of
//     client_credentials are the app's (/user); with Config.Public none at all, which shows public repositories ("docs-site"
//     is one, "platform" is not) and projects, the workspace and accounts
//   - OAuth: everybody is signed in as the caller, so the authorize page shows its two buttons at once
//
// Choices where the vendor's behaviour is not documented: a numbered page past the end is 404 and a bad chain token
// 400, both "Invalid page"; = on strings is case-sensitive; null fields match "= null" only; nulls sort last upwards;
// a page number on a chain without its ctx starts the chain again; unknown states (but beside q), roles and permissions are
// 400; created_on of pipelines is an instant or a day; the history of a file that never was is 404; max_depth beyond 64
// times out (555); the root of src without its slash is 404; src of an empty repository is 404; the redirects of a pull
// request's diff lose the client's parameters; issues come newest first; tasks filter by state only; test reports have the
// members that clients are known to read; inline comments say in lists, too, whether they are outdated, as they do in
// examples of the activity.
//
// The same of credentials: a missing scope is 403 (401 without a credential) whatever else is wrong with a request; an
// operation with two scopes needs both; a code that comes back revokes its grant; a refused exchange does not use the
// code up; access tokens outlive a refresh; a refresh token that is used within its grace period makes another pair; the
// anonymous hour begins with the first request, is one for all addresses, and has no Retry-After, nor has a credential's; an
// answer 304 counts as a request, and all resources are one group; what is neither below a repository nor a workspace, a
// project, an account or a list of them needs a credential.
package bitbucketfake
