package userview

import (
	"errors"
	"fmt"
)

// ErrExists says that a view cannot be created because there is one of its name.
var ErrExists = errors.New("the view exists already, change it with ALTER LOCAL VIEW")

// Verb is what a [Change] does.
type Verb uint8

// The verbs.
const (
	Create  Verb = iota
	Replace      // create, or alter the one that is there
	Alter
	Drop
)

// Change is a change of the file.
type Change struct {
	Verb Verb
	// Name is that of the view, and Query its new one, unless it is dropped.
	Name, Query string
	// Lenient says that it is no fault if a view to create is there, or another one is not; then nothing changes.
	Lenient bool
}

// Apply makes a change in the file, for all connections. The error of a view that is there is [ErrExists], that of one that is not
// the host's.
func (c *Catalog) Apply(change Change) error {
	creates := change.Verb == Create || change.Verb == Replace
	return changeFile(c.Path, func(f *viewFile) error {
		i := f.place(change.Name)
		switch {
		case i < 0 && creates:
			f.entries = append(f.entries, entry{name: change.Name})
			i = len(f.entries) - 1
		case i < 0 && change.Lenient:
			return nil
		case i < 0:
			return c.Host.UnknownView(change.Name)
		case creates && change.Lenient:
			return nil
		case change.Verb == Create:
			return fmt.Errorf("bitbucket: %s: %w", c.Qualified(f.entries[i].name), ErrExists)
		case change.Verb == Drop:
			f.entries = append(f.entries[:i], f.entries[i+1:]...)
			return nil
		}
		return f.entries[i].set(change.Query)
	})
}
