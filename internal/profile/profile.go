package profile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Keeper is who keeps the secrets of a profile.
type Keeper string

// The keepers.
const (
	Keyring       Keeper = "keyring" // the keyring of the operating system
	EncryptedFile Keeper = "file"
)

// Profile is a connection with a name. It holds no secret.
type Profile struct {
	Name string
	// Properties are the connection properties that are no secrets.
	Properties map[string]string
	// Secrets are the names of the properties that are, in alphabetical order.
	Secrets []string
	// Keeper has their values. It is empty when there are none.
	Keeper Keeper
	// id names them at the keeper.
	id string
}

// names are what a profile may be called: what needs no quotes in a shell or in a connection string.
var names = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckName says whether a profile may have the name. The error is a [*NameError].
func CheckName(name string) error {
	if names.MatchString(name) {
		return nil
	}
	return &NameError{}
}

// NameError is a name that a profile cannot have. It does not show it: it could be a secret in the wrong place.
type NameError struct{}

func (*NameError) Error() string {
	return "the name of a profile is 1 to 64 letters, digits and ._- and begins with a letter or digit"
}

// UnknownError says that there is no profile of a name.
type UnknownError struct {
	Name string
	// Known are the names of those that there are.
	Known []string
}

func (e *UnknownError) Error() string {
	s := fmt.Sprintf("there is no connection profile %q", e.Name)
	if len(e.Known) > 0 {
		s += ", only " + strings.Join(e.Known, ", ")
	}
	return s
}

// ExistsError says that a name is taken.
type ExistsError struct{ Name string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("there is a connection profile %q already", e.Name)
}

// same says whether two names mean the same profile: case does not count.
func same(a, b string) bool { return strings.EqualFold(a, b) }

// find returns the index of a profile in a list, or -1.
func find(list []Profile, name string) int {
	return slices.IndexFunc(list, func(p Profile) bool { return same(p.Name, name) })
}

// unknown is the error for a name that is not in the list.
func unknown(list []Profile, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	known := make([]string, len(list))
	for i, p := range list {
		known[i] = p.Name
	}
	return &UnknownError{Name: name, Known: known}
}

// Default is the profile that is meant when none is named: the one called "default", else the only one there is.
func Default(list []Profile) (Profile, bool) {
	if i := find(list, "default"); i >= 0 {
		return list[i], true
	}
	if len(list) == 1 {
		return list[0], true
	}
	return Profile{}, false
}
