//go:build race

package differential

func init() { raced = true }
