package bitbucketfake

import (
	"slices"
	"sync"
)

// contents is what a repository works out about its files and commits and keeps.
type contents struct {
	treesMu sync.Mutex
	trees   map[int]*tree // by commit

	marksOnce sync.Once
	tips      map[int][]string       // branches by the commit they point to
	reviewed  map[int][]*pullRequest // pull requests by their newest commit

	indexMu sync.Mutex
	indexed bool // the pull requests of unindexed were asked for
}

// maxTrees limits the trees kept; one of a long history is big.
const maxTrees = 32

// tree gives the files as of a commit.
func (r *repository) tree(i int) *tree {
	r.treesMu.Lock()
	t := r.trees[i]
	r.treesMu.Unlock()
	if t != nil {
		return t
	}
	t = r.growTree(i)
	r.treesMu.Lock()
	defer r.treesMu.Unlock()
	if r.trees == nil || len(r.trees) >= maxTrees {
		r.trees = make(map[int]*tree, maxTrees)
	}
	r.trees[i] = t
	return t
}

// marks finds the commits that people look at: the newest of branches and of pull requests.
func (r *repository) marks() {
	r.loadRefs()
	r.marksOnce.Do(func() {
		r.tips, r.reviewed = map[int][]string{}, map[int][]*pullRequest{}
		for _, b := range r.branches {
			r.tips[b.target] = append(r.tips[b.target], b.name)
		}
		for _, pr := range r.pulls {
			if i := r.find(pr.sourceHash); i >= 0 {
				r.reviewed[i] = append(r.reviewed[i], pr)
			}
		}
	})
}

// ancestors marks commits and all that they build on.
func (r *repository) ancestors(of ...int) []bool {
	seen := make([]bool, r.commits)
	todo, up := slices.Clone(of), []int(nil)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[i] {
			continue
		}
		seen[i] = true
		up = r.parents(i, up[:0])
		todo = append(todo, up...)
	}
	return seen
}

// mergeBase is the best common ancestor: parents have smaller numbers than their children, so it is the greatest one.
func (r *repository) mergeBase(a, b int) int {
	x, y := r.ancestors(a), r.ancestors(b)
	for i := r.commits - 1; i >= 0; i-- {
		if x[i] && y[i] {
			return i
		}
	}
	return -1
}
