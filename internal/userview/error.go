package userview

import "strings"

// Error says that a user-defined view cannot be read. Lines and columns in the error within are places in its query.
type Error struct {
	// View is the qualified name.
	View string
	err  error
}

func (e *Error) Error() string {
	return "bitbucket: the view " + e.View + " is broken: " + strings.TrimPrefix(e.err.Error(), "bitbucket: ") +
		"; repair it with ALTER LOCAL VIEW or in the file UserDefinedViews"
}

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.err }
