package privatefile

import "encoding/json"

// head is what every version of a file's JSON begins with.
type head struct {
	Format  string      `json:"format"`
	Version json.Number `json:"version"`
}

// CheckHead reports content that is not of the file's kind, or of a newer version than this program reads. It looks only at
// what every version has: a newer one may have changed the rest.
func (f *File) CheckHead(data []byte) error {
	var h head
	if err := json.Unmarshal(data, &h); err != nil || h.Format != f.kind.Format {
		return f.kind.fault(f.path, Corrupt, "it is not one of this program; move it away and %s", f.kind.Renew)
	}
	if v, err := h.Version.Int64(); err == nil && v > int64(f.kind.Version) {
		return f.kind.fault(f.path, NewerVersion, "it has version %d, this program reads up to %d; update this program, or %s", v, f.kind.Version, f.kind.Elsewhere)
	}
	return nil
}

// Corrupt is the error of content that passed CheckHead and cannot be read all the same.
func (f *File) Corrupt() error {
	return f.kind.fault(f.path, Corrupt, "it was changed or is incomplete; restore it, or move it away and %s", f.kind.Renew)
}
