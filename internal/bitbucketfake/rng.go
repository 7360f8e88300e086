package bitbucketfake

import "fmt"

// rng is SplitMix64: small, and good enough to make a value from (seed, kind, number) without keeping any state.
type rng uint64

func mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// salt makes a stream's starting point out of the seed and a name.
func salt(seed int64, name string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return mix64(uint64(seed)) ^ h
}

// at starts the stream of item i of a salted kind.
func at(salt uint64, i int) *rng {
	r := rng(mix64(salt ^ mix64(uint64(i))))
	return &r
}

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix64(uint64(*r))
}

// n is a number in [0, limit).
func (r *rng) n(limit int) int { return int(r.next() % uint64(limit)) }

// chance is true in percent of all cases.
func (r *rng) chance(percent int) bool { return r.n(100) < percent }

// pick chooses one of a list.
func pick[T any](r *rng, list []T) T { return list[r.n(len(list))] }

func (r *rng) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.next())
	}
	return b
}

// uuid is a version-4-looking identifier in the braces that Bitbucket writes.
func (r *rng) uuid() string {
	a, b := r.next(), r.next()
	return fmt.Sprintf("{%08x-%04x-4%03x-%04x-%012x}", uint32(a>>32), uint16(a>>16), a&0xfff, 0x8000|(b>>48&0x3fff), b&0xffffffffffff)
}
