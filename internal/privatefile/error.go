package privatefile

import "fmt"

// Problem is what is wrong with a file or its key.
type Problem string

// Problems of files.
const (
	Corrupt      Problem = "damaged"
	NewerVersion Problem = "of a newer version"
	ForeignOwner Problem = "owned by another user"
	TooOpen      Problem = "open to other users"
	ReadOnly     Problem = "read-only"
	NotAFile     Problem = "not a regular file"
	KeyMissing   Problem = "without its key"
	Unavailable  Problem = "not available"
)

// Error says why a file or its key cannot be used. Such a file is never overwritten. It shows nothing of the content.
type Error struct {
	Path    string
	Problem Problem
	Detail  string
	Err     error // of the operating system, or nil

	name string // what the file is
}

func (e *Error) Error() string {
	s := "the " + e.name + " " + e.Path + " is " + string(e.Problem)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Kind is what a file is, for the messages of its errors.
type Kind struct {
	// Name is what the file is called: "OAuth settings file".
	Name string
	// Renew is how its content is made anew once it is lost: "sign in again: …".
	Renew string
	// Elsewhere is how another place is chosen: "set OAuthSettingsLocation".
	Elsewhere string
	// MayBeReadOnly allows to read a file that could not be written. Without it that is an error, for content that goes stale.
	MayBeReadOnly bool
	// Format is what marks the content as this kind, and Version the newest that this program reads.
	Format  string
	Version int
}

// key is the kind of the key of a sealed file.
func (k Kind) key() Kind {
	k.Name, k.MayBeReadOnly = "key of the "+k.Name, true
	return k
}

func (k Kind) fault(path string, problem Problem, format string, args ...any) *Error {
	return &Error{Path: path, Problem: problem, Detail: fmt.Sprintf(format, args...), name: k.Name}
}

// failure is an error of the operating system.
func (k Kind) failure(path string, err error) *Error {
	return &Error{Path: path, Problem: Unavailable, Err: cause(err), name: k.Name}
}
