//go:build !cgo

package engine

// The compiler prints this line, which is why it does not compile.
const _ int = "bitbucketsql needs cgo for SQLite: build with CGO_ENABLED=1 and a C compiler in PATH"
