// Package docs holds the tests of the documents: what the README shows runs, and what it lists is what there is.
package docs
