package driver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// UnknownProfileError names a connection profile that does not exist. It is found in a [ConfigError].
type UnknownProfileError struct {
	Name string
	// Known are the names of all profiles, and Suggestions those that may have been meant, best first.
	Known, Suggestions []string
}

func (e *UnknownProfileError) Error() string {
	s := fmt.Sprintf("there is no connection profile %q", e.Name) + didYouMean(e.Suggestions)
	if len(e.Suggestions) == 0 {
		s += fmt.Sprintf("; make it with \"bitbucketsql connect add %s\"", e.Name)
		if len(e.Known) > 0 {
			s += ", or take one of " + strings.Join(e.Known, ", ")
		}
	}
	return s
}

// readProfile takes the properties of the profile that c names, but for those that are given already. What cannot be read is the
// fault, with its cause for errors.As.
func (c *Config) readProfile(given func(*Property) bool) (faults []Fault, cause error) {
	c.profileRead = c.Profile
	values, err := loadProfile(c.Profile)
	if err != nil {
		return []Fault{{"Profile", err.Error()}}, err
	}
	scheme, _ := c.impliedScheme()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p, ok := findProperty(name)
		if !ok || p.Name == "Profile" {
			faults = append(faults, Fault{"Profile", fmt.Sprintf("%s has %q, which cannot be a property of a profile", c.Profile, name)})
			continue
		}
		if given(p) {
			continue
		}
		if p.Name == "AuthScheme" && c.means(scheme, values[name]) {
			c.AuthScheme = scheme
			continue
		}
		if problem := p.set(c, values[name]); problem != "" {
			faults = append(faults, Fault{p.Name, "of the profile " + c.Profile + ": " + problem})
		}
	}
	return faults, nil
}

// means says whether the secrets given outside of the profile are for another scheme than the profile's, which then yields.
func (c *Config) means(scheme AuthScheme, profiles string) bool {
	switch {
	case scheme == "", scheme == APIToken && c.APIToken == "": // a User alone does not tell
		return false
	case scheme == OAuth:
		return !strings.EqualFold(profiles, string(OAuth)) && !strings.EqualFold(profiles, string(OAuthClient))
	}
	return !strings.EqualFold(profiles, string(scheme))
}

// loadProfile reads a profile with its secrets.
func loadProfile(name string) (map[string]string, error) {
	store, err := profile.Open()
	if err != nil {
		return nil, err
	}
	values, err := store.Load(context.Background(), name)
	if missing, ok := errors.AsType[*profile.UnknownError](err); ok {
		err = &UnknownProfileError{Name: missing.Name, Known: missing.Known, Suggestions: closest(missing.Name, missing.Known)}
	}
	return values, err
}

// settle is normalize for a configuration that may have been filled in by hand: a profile that was not read yet gives what has
// its default.
func (c *Config) settle() error {
	var faults []Fault
	var cause error
	if c.Profile != "" && c.Profile != c.profileRead {
		faults, cause = c.readProfile(func(p *Property) bool { return p.get(c) != p.unset() })
	}
	return c.verdict(faults, cause)
}

// verdict normalizes c and puts its faults to others. Without its profile it lacks much that is not worth telling.
func (c *Config) verdict(faults []Fault, cause error) error {
	if more := c.normalize(); cause == nil {
		faults = append(faults, more...)
	}
	if len(faults) == 0 {
		return nil
	}
	return &ConfigError{Faults: faults, cause: cause}
}
