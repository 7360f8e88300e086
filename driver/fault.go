package driver

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a configuration.
type Fault struct {
	// Property is the name of the property at fault, or empty when the text could not be read as properties.
	Property string
	// Problem says what is wrong and what to do about it. It never holds the value of a secret.
	Problem string
}

func (f Fault) String() string {
	if f.Property == "" {
		return f.Problem
	}
	return f.Property + ": " + f.Problem
}

// ConfigError reports everything that is wrong with a connection string or a [Config], so that one attempt shows all
// that there is to mend. No secret appears in it.
type ConfigError struct {
	Faults []Fault
	cause  error
}

// Unwrap returns why the Profile could not be read, if that is among the faults: an [*UnknownProfileError], say.
func (e *ConfigError) Unwrap() error { return e.cause }

func (e *ConfigError) Error() string {
	if len(e.Faults) == 1 {
		return "bitbucket: connection properties: " + e.Faults[0].String()
	}
	parts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		parts[i] = f.String()
	}
	return fmt.Sprintf("bitbucket: connection properties: %d faults: %s", len(parts), strings.Join(parts, "; "))
}

// configError turns faults into an error, none into nil.
func configError(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return watch.failed(&ConfigError{Faults: faults})
}
