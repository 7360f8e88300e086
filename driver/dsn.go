package driver

import (
	"fmt"
	"strings"
)

// ParseDSN reads a connection string in one of two forms:
//
//	Workspace=acme;Schema=Information;User=me@example.com;APIToken='...';MaxRows=100
//	bitbucket://me%40example.com:token@acme/Information?MaxRows=100
//
// In the first, names ignore case, spaces and underscores. A value with a semicolon, or with spaces at its ends, is
// quoted with ' or ", which is doubled to stand for itself, or put in braces, of which the closing one is doubled. A
// prefix "bitbucket:" or "jdbc:bitbucket:" is read over.
//
// In the second, the parts are percent-encoded, and a plus sign in the query is a space. The user and password are User
// and APIToken; a password without a user is AccessToken. The host is the workspace, the path its schema.
//
// Profile names a connection profile, whose properties are read from its file, and its secrets from where they are kept. The
// properties of the connection string win over them.
//
// In both, an empty value means that the property is not set, and no property may be given twice.
//
// The error is a [*ConfigError] with every fault, missing credentials included, and never shows a secret. The Config is
// then what could be read, so that a program can supply what is missing and call [Config.Validate]; it is never nil.
func ParseDSN(dsn string) (*Config, error) {
	c, faults, cause := readDSN(dsn)
	return c, c.verdict(faults, cause)
}

// ReadDSN reads a connection string as [ParseDSN] does, for a program that supplies what is missing: it reports only what cannot
// be read. The Config is never nil; [Config.Validate] reports the rest.
func ReadDSN(dsn string) (*Config, error) {
	c, faults, cause := readDSN(dsn)
	if len(faults) == 0 {
		return c, nil
	}
	return c, &ConfigError{Faults: faults, cause: cause}
}

// readDSN reads what the text says, and the profile that it names.
func readDSN(dsn string) (c *Config, faults []Fault, cause error) {
	r := dsnReader{config: NewConfig(), seen: make(map[*Property]bool)}
	text := strings.TrimSpace(dsn)
	if rest, ok := cutPrefixFold(text, "bitbucket://"); ok {
		r.readURL(rest)
	} else {
		r.readPairs(cutDriverPrefix(text))
	}
	if r.config.Profile != "" {
		faults, cause = r.config.readProfile(func(p *Property) bool { return r.seen[p] })
	}
	return r.config, append(r.faults, faults...), cause
}

// FormatDSN writes c as a connection string, secrets in clear, leaving out what has its default and a Profile that was read. [ParseDSN] reads it back
// to an equal Config, if c is valid and its AuthScheme is set. Use [Config.String] where a person may read it.
func (c *Config) FormatDSN() string {
	var b strings.Builder
	for i := range properties {
		p := &properties[i]
		value := p.get(c)
		if value == "" || value == p.unset() || p.Name == "Profile" && value == c.profileRead {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(';')
		}
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(quoteValue(value))
	}
	return b.String()
}

// dsnReader gathers the properties of a connection string and the faults of its text.
type dsnReader struct {
	config *Config
	seen   map[*Property]bool
	faults []Fault
	// secret names the sensitive property whose value was the last to be read without quotes or encoding. What comes
	// next may be the rest of that value, so it must not be shown.
	secret string
}

func (r *dsnReader) fault(property, format string, args ...any) {
	r.faults = append(r.faults, Fault{property, fmt.Sprintf(format, args...)})
}

// property takes in one name and value. Quoted tells that the value's end is certain.
func (r *dsnReader) property(name, value string, quoted bool) {
	p, ok := findProperty(name)
	if !ok {
		r.unknown(name)
		return
	}
	r.secret = ""
	if p.Sensitive && !quoted {
		r.secret = p.Name
	}
	r.assign(p, value)
}

// assign sets a property that is known, unless it is set already.
func (r *dsnReader) assign(p *Property, value string) {
	if r.seen[p] {
		r.fault(p.Name, "is given twice")
		return
	}
	r.seen[p] = true
	if problem := p.set(r.config, value); problem != "" {
		r.fault(p.Name, "%s", problem)
	}
}

func (r *dsnReader) unknown(name string) {
	switch {
	case strings.TrimSpace(name) == "":
		r.fault("", "a value has no name before its \"=\"")
	case r.secret != "":
		r.fault("", "an unknown property comes after %s, whose value must be quoted (in a URL: percent-encoded) if it holds "+
			"a separator%s", r.secret, didYouMean(suggestProperties(name)))
	default:
		r.faults = append(r.faults, unknownProperty(name))
	}
}

// noEquals reports a piece of text that is not a property.
func (r *dsnReader) noEquals() {
	if r.secret != "" {
		r.fault(r.secret, "a part without \"=\" follows the value, which must be quoted (in a URL: percent-encoded) if it holds a separator")
		return
	}
	r.fault("", "a part has no \"=\", properties are written Name=value")
}

// unknownProperty is the fault of a property that there is not. A token in the place of one is not shown.
func unknownProperty(name string) Fault {
	if !looksLikeName(name) {
		return Fault{"", "an unknown property, not shown because it does not look like a name" + didYouMean(suggestProperties(name))}
	}
	return Fault{name, "is not a connection property" + didYouMean(suggestProperties(name))}
}

// looksLikeName tells whether a piece of text may be shown as the name of a property. Tokens have digits, names do not.
func looksLikeName(s string) bool {
	return len(s) <= 32 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != ' ' && r != '-'
	})
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// cutDriverPrefix removes what the connection strings of other drivers begin with.
func cutDriverPrefix(s string) string {
	for _, prefix := range []string{"jdbc:cdata:bitbucket:", "jdbc:bitbucket:", "bitbucket:"} {
		if rest, ok := cutPrefixFold(s, prefix); ok {
			return rest
		}
	}
	return s
}
