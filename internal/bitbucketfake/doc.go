// Package bitbucketfake is Bitbucket Cloud's REST API 2.0, as it stood in November 2026, on a real HTTP listener: a
// made-up workspace with its own paging, filtering (BBQL), partial responses, errors and quirks, plus latency, faults
// and counters for tests and benchmarks. It knows GET only.
//
// Everything it serves is computed from a seed, so two servers with the same Config answer with the same bytes; only
// next and previous links name the server's own host. Links inside objects name api.bitbucket.org, as the vendor's do.
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
//   - commits: some authors belong to no account; rebased ones break the order of dates, never that of the graph
//
// Choices where the vendor's behaviour is not documented: a numbered page past the end is 404 and a bad chain token
// 400, both "Invalid page"; = on strings is case-sensitive; null fields match "= null" only; nulls sort last upwards;
// a page number on a chain without its ctx starts the chain again; unknown states and roles are 400; created_on of
// pipelines is an instant or a day.
package bitbucketfake
