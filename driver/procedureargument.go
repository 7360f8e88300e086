package driver

import (
	sqldriver "database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// arguments are the values of a call by the name of the parameter. An input that is not given, or NULL, or empty, has its
// standard value.
type arguments map[string]string

// or is the value of a parameter, or the other value when that is empty.
func (a arguments) or(name, other string) string {
	if v := a[name]; v != "" {
		return v
	}
	return other
}

// ParameterError reports everything that is wrong with the values of a call of a stored procedure. No secret appears in it.
type ParameterError struct {
	// Procedure is its name.
	Procedure string
	// Faults tell of each parameter at fault. Property is its name, or empty where there are more values than parameters.
	Faults []Fault
}

func (e *ParameterError) Error() string {
	parts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		parts[i] = strings.TrimSpace(f.Property + " " + f.Problem)
	}
	return "bitbucket: procedure " + e.Procedure + ": " + strings.Join(parts, "; ")
}

// UnknownProcedureError names a stored procedure that does not exist.
type UnknownProcedureError struct {
	// Schema is the schema that the statement names, empty if it names none.
	Schema, Name string
	// Suggestions are names of procedures that may have been meant, best first.
	Suggestions []string
}

func (e *UnknownProcedureError) Error() string {
	name := e.Name
	if e.Schema != "" {
		name = e.Schema + "." + name
	}
	s := "bitbucket: no such procedure: " + name
	if len(e.Suggestions) > 0 {
		return s + didYouMean(e.Suggestions)
	}
	return s + "; sys_procedures lists them, none changes Bitbucket"
}

// Unwrap returns [ErrReadOnly]: what procedures of other drivers do at Bitbucket is not done here.
func (e *UnknownProcedureError) Unwrap() error { return ErrReadOnly }

// arguments are the values of the call, checked, with those of the statement's parameters in bound.
func (c *call) arguments(bound []sqldriver.NamedValue) (arguments, error) {
	inputs := c.procedure.inputs()
	given := make(arguments, len(inputs))
	for _, p := range inputs {
		given[p.name] = p.standard
	}
	var faults []Fault
	for _, v := range c.values {
		p, value := inputs[v.input], v.literal
		if v.index > 0 {
			value = bound[v.index-1].Value
		}
		text, problem := p.text(value)
		if problem != "" {
			faults = append(faults, Fault{p.name, problem})
		} else if text != "" {
			given[p.name] = text
		}
	}
	for _, p := range inputs {
		if p.required && given[p.name] == "" && len(faults) == 0 {
			faults = append(faults, Fault{p.name, "is required and must not be empty"})
		}
	}
	if len(faults) > 0 {
		return nil, &ParameterError{Procedure: c.procedure.name, Faults: faults}
	}
	return given, nil
}

// text is the value as the procedure reads it.
func (p *procedureParameter) text(value any) (text, problem string) {
	switch v := value.(type) {
	case nil:
		return "", ""
	case string:
		text = strings.TrimSpace(v)
	case []byte:
		text = strings.TrimSpace(string(v))
	case int64:
		text = strconv.FormatInt(v, 10)
	case bool:
		text = strconv.FormatBool(v)
	case float64:
		text = strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		text = v.UTC().Format(time.RFC3339Nano)
	default:
		return "", fmt.Sprintf("a %T is not a text", value)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", "contains a control character"
	}
	if len(p.values) == 0 || text == "" {
		return text, ""
	}
	for _, allowed := range p.values {
		if strings.EqualFold(allowed, text) {
			return allowed, ""
		}
	}
	shown := "the value"
	if looksLikeName(text) && !p.sensitive {
		shown = strconv.Quote(text)
	}
	return "", shown + " is not one of " + strings.Join(p.values, ", ")
}
