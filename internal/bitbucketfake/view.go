package bitbucketfake

import "sync"

// views keeps the filtered and sorted rows of recent lists, so that the hundred pages of one list are arranged once.
type views struct {
	mu   sync.Mutex
	rows map[string][]int32
}

const maxViews = 256

func (v *views) get(key string) ([]int32, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	rows, ok := v.rows[key]
	return rows, ok
}

func (v *views) put(key string, rows []int32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.rows == nil || len(v.rows) >= maxViews {
		v.rows = make(map[string][]int32)
	}
	v.rows[key] = rows
}
