-- Tables over all repositories, and tables of the workspace.

-- name: workspace all repositories
SELECT Slug, Name, IsPrivate, Language FROM Information.Repositories;

-- name: workspace repositories of a project
SELECT Slug FROM Information.Repositories WHERE ProjectKey = 'PLAT';

-- name: workspace repository by slug
SELECT Slug, FullName, MainBranchName FROM Information.Repositories WHERE Slug = 'web-app';

-- name: workspace repositories by slugs
SELECT Slug, Size FROM Information.Repositories WHERE Slug IN ('web-app', 'billing', 'no-such-repository');

-- name: workspace repositories by language
SELECT Slug FROM Information.Repositories WHERE Language = 'go' OR Language = 'Go';

-- name: workspace empty main branch
SELECT Slug FROM Information.Repositories WHERE MainBranchName IS NULL;

-- name: workspace projects
SELECT Key, Name, IsPrivate FROM Information.Projects WHERE UpdatedOn > '2021-01-01';

-- name: workspace users
SELECT DisplayName, Nickname FROM Information.Users WHERE DisplayName LIKE '%a%';

-- name: workspace open pull requests of all
SELECT RepositorySlug, Id, Title FROM Workspace.PullRequests WHERE State = 'OPEN';

-- name: workspace pull requests of one
SELECT Id, State FROM Workspace.PullRequests WHERE RepositorySlug = 'docs-site';

-- name: workspace pull requests of some
SELECT RepositorySlug, COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug IN ('docs-site', 'billing', 'sandbox') GROUP BY RepositorySlug;

-- name: workspace pull request by key
SELECT Title FROM Workspace.PullRequests WHERE RepositorySlug = 'web-app' AND Id = 7;

-- name: workspace pull requests of an author
SELECT RepositorySlug, Id FROM Workspace.PullRequests WHERE AuthorName = 'Hiro Tanaka' AND State = 'OPEN';

-- name: workspace join on repositories
SELECT r.Slug, r.ProjectKey, p.Id FROM Information.Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug WHERE r.ProjectKey = 'WEB' AND p.State = 'OPEN';

-- name: workspace count of each
SELECT r.Slug, (SELECT COUNT(*) FROM Workspace.Branches b WHERE b.RepositorySlug = r.Slug) AS Branches FROM Information.Repositories r WHERE r.Language IN ('go', 'css', 'hcl');

-- name: workspace tags of some
SELECT RepositorySlug, Name FROM Workspace.Tags WHERE RepositorySlug IN (SELECT Slug FROM Information.Repositories WHERE IsPrivate = 0);

-- name: workspace same repository in both spellings
SELECT a.Id FROM Workspace.PullRequests a JOIN [web-app].PullRequests b ON b.Id = a.Id AND b.Title = a.Title WHERE a.RepositorySlug = 'web-app' AND a.State = 'OPEN';

-- name: workspace or of repository and state
SELECT RepositorySlug, Id FROM Workspace.PullRequests WHERE RepositorySlug = 'billing' OR State = 'SUPERSEDED';

-- name: workspace unknown repository
SELECT Id FROM Workspace.PullRequests WHERE RepositorySlug = 'no-such-repository';

-- name: workspace empty repository
SELECT Id FROM sandbox.PullRequests;

-- name: workspace branches of the empty repository
SELECT Name FROM sandbox.Branches;

-- name: workspace joined by authors from outside
SELECT u.DisplayName, p.RepositorySlug, p.Id FROM Users u LEFT JOIN Workspace.PullRequests p ON p.AuthorUUID = u.UUID AND p.State = 'OPEN';

-- name: workspace joined by authors, all of whose pull requests are wanted
SELECT u.DisplayName, COUNT(p.Title), MAX(p.UpdatedOn) FROM Users u LEFT JOIN Workspace.PullRequests p ON p.AuthorUUID = u.UUID GROUP BY u.UUID;

-- name: workspace joined by months
WITH RECURSIVE m(month) AS (SELECT date('2025-01-01') UNION ALL SELECT date(month, '+1 month') FROM m WHERE month < '2026-11-01')
SELECT m.month, p.RepositorySlug, p.Id FROM m LEFT JOIN Workspace.PullRequests p ON p.CreatedOn >= m.month AND p.CreatedOn < date(m.month, '+1 month') AND p.State <> 'OPEN';

-- name: workspace of which something exists
SELECT u.DisplayName FROM Users u WHERE NOT EXISTS (SELECT 1 FROM Workspace.PullRequests p WHERE p.AuthorUUID = u.UUID AND p.State = 'OPEN' AND p.RepositorySlug <> 'billing');
