package driver

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// call is a call of a procedure as a statement writes it:
//
//	EXEC name @a = 'x', b = ?        EXECUTE, and CALL, are the same
//	CALL name('x', @b = ?)           brackets are optional
//	{call name(?)}                   as JDBC and ODBC write it
type call struct {
	procedure *procedure
	values    []callValue
	// shown is the text with the secrets among its values masked, for the log.
	shown string
}

// callValue is a value of a call: a literal, or a parameter of the statement.
type callValue struct {
	// input is the parameter of the procedure that it is for, by its place among the inputs.
	input   int
	literal any // nil, string, int64, float64 or bool
	// index is the index of the statement's parameter; 0 means that it is a literal.
	index int
}

// callReader reads the tokens of a call.
type callReader struct {
	dialect.Words
	at      int
	text    string
	call    *call
	params  []dialect.Parameter
	faults  []Fault
	largest int
	// named says that a value with a name was read, after which all need one.
	named bool
	// secrets are the tokens that the log must not show.
	secrets []dialect.Token
}

// parseCall reads a call. Where says where in the user's text an offset of the call is.
func parseCall(text string, where func(offset int) (line, column int)) (*call, []dialect.Parameter, error) {
	all, err := dialect.Lex(text)
	if err != nil {
		return nil, nil, err
	}
	r := &callReader{Words: dialect.Significant(all), text: text, call: new(call)}
	problem, err := r.read()
	switch {
	case err != nil:
		return nil, nil, err
	case problem != "":
		// No piece of the text is shown: it could be a secret.
		offset := len(text)
		if r.at < len(r.Words) {
			offset = r.Words[r.at].Offset
		}
		line, column := where(offset)
		return nil, nil, &SyntaxError{Message: problem, Line: line, Column: column}
	case len(r.faults) > 0:
		return nil, nil, &ParameterError{Procedure: r.call.procedure.name, Faults: r.faults}
	}
	r.call.shown = r.masked()
	slices.SortStableFunc(r.params, func(a, b dialect.Parameter) int { return a.Index - b.Index })
	return r.call, slices.CompactFunc(r.params, func(a, b dialect.Parameter) bool { return a.Index == b.Index }), nil
}

func (r *callReader) read() (problem string, err error) {
	braces := r.Op(0, "{")
	if braces {
		r.at++
		if r.Word(r.at) != "CALL" {
			return "procedures return rows and no value: write {call name(…)}", nil
		}
	}
	r.at++ // EXEC, EXECUTE or CALL
	if problem, err = r.readName(); problem != "" || err != nil {
		return problem, err
	}
	brackets := r.Op(r.at, "(")
	if brackets {
		r.at++
	}
	end := func() bool { return r.at >= len(r.Words) || brackets && r.Op(r.at, ")") || braces && r.Op(r.at, "}") }
	given := make(map[int]bool)
	for position := 0; !end(); position++ {
		if position > 0 {
			if !r.Op(r.at, ",") {
				return "expected a comma or the end of the call; a value is a text in single quotes, a number, TRUE, FALSE, NULL or a parameter", nil
			}
			r.at++
		}
		if problem := r.readValue(position, given); problem != "" {
			return problem, nil
		}
	}
	for _, closing := range []struct {
		text   string
		wanted bool
	}{{")", brackets}, {"}", braces}} {
		if !closing.wanted {
			continue
		}
		if !r.Op(r.at, closing.text) {
			return "expected " + closing.text, nil
		}
		r.at++
	}
	if r.at < len(r.Words) {
		return "the call ends before this", nil
	}
	for i, p := range r.call.procedure.inputs() {
		if p.required && !given[i] {
			r.faults = append(r.faults, Fault{p.name, "is required"})
		}
	}
	return "", nil
}

// readName reads the name of the procedure, with or without catalog and schema.
func (r *callReader) readName() (problem string, err error) {
	var parts []string
	for r.IsName(r.at) {
		parts = append(parts, r.Name(r.at))
		r.at++
		if !r.Op(r.at, ".") {
			break
		}
		r.at++
	}
	if len(parts) == 0 {
		return "expected the name of a procedure", nil
	}
	name, qualifier := parts[len(parts)-1], ""
	if len(parts) > 1 {
		qualifier = parts[len(parts)-2]
	}
	p := findProcedure(name)
	if p == nil || qualifier != "" && !strings.EqualFold(qualifier, schema.Information) {
		var names []string
		for _, p := range procedures() {
			names = append(names, p.name)
		}
		suggestions := closest(name, names)
		if p != nil {
			suggestions = []string{schema.Information + "." + p.name}
		}
		return "", &UnknownProcedureError{Schema: qualifier, Name: name, Suggestions: suggestions}
	}
	r.call.procedure = p
	return "", nil
}

// readValue reads a value, with or without the name of its parameter.
func (r *callReader) readValue(position int, given map[int]bool) (problem string) {
	inputs := r.call.procedure.inputs()
	input, name := position, ""
	assigns := r.at+1 < len(r.Words) && (r.Op(r.at+1, "=") || r.Op(r.at+1, ":="))
	switch {
	case assigns && (r.IsName(r.at) || r.Words[r.at].Kind == dialect.Param && strings.ContainsRune("@:$", rune(r.Words[r.at].Text[0]))):
		name = strings.TrimPrefix(r.Words[r.at].Value(), "@") // of [@x]
		input = slices.IndexFunc(inputs, func(p procedureParameter) bool { return foldName(p.name) == foldName(name) })
		r.named = true
		r.at += 2
	case r.named:
		return "expected name = value: a value without a name cannot follow one with a name"
	}
	v, secret, problem := r.value()
	if problem != "" {
		return problem
	}
	switch {
	case name != "" && input < 0:
		var names []string
		for _, p := range inputs {
			names = append(names, p.name)
		}
		r.faults = append(r.faults, Fault{name, "is not a parameter" + didYouMean(closest(name, names))})
		return ""
	case input >= len(inputs):
		if input == len(inputs) { // once
			r.faults = append(r.faults, Fault{"", "takes " + count(len(inputs), "value") + ", more are given"})
		}
		return ""
	case given[input]:
		r.faults = append(r.faults, Fault{inputs[input].name, "is given twice"})
		return ""
	}
	given[input] = true
	if inputs[input].sensitive && secret.Text != "" {
		r.secrets = append(r.secrets, secret)
	}
	v.input = input
	r.call.values = append(r.call.values, v)
	return ""
}

// value reads a literal or a parameter of the statement. The token is that of a literal.
func (r *callReader) value() (v callValue, literal dialect.Token, problem string) {
	const expected = "expected a value: a text in single quotes, a number, TRUE, FALSE, NULL or a parameter"
	negative := r.Op(r.at, "-")
	if negative {
		r.at++
	}
	if r.at >= len(r.Words) {
		return v, literal, expected
	}
	t := r.Words[r.at]
	switch {
	case t.Kind == dialect.Number:
		text := strings.ReplaceAll(t.Text, "_", "")
		if negative {
			text = "-" + text
		}
		if n, err := strconv.ParseInt(text, 0, 64); err == nil {
			v.literal = n
		} else if f, err := strconv.ParseFloat(text, 64); err == nil {
			v.literal = f
		} else {
			return v, literal, expected
		}
	case negative:
		return v, literal, expected
	case t.Kind == dialect.String:
		v.literal = t.Value()
	case t.Kind == dialect.Param:
		if v.index = r.parameter(t); v.index == 0 {
			return v, literal, "parameters are numbered from 1 to 32766"
		}
		r.at++
		return v, literal, ""
	case r.Word(r.at) == "TRUE":
		v.literal = true
	case r.Word(r.at) == "FALSE":
		v.literal = false
	case r.Word(r.at) == "NULL":
	default:
		return v, literal, expected
	}
	r.at++
	return v, t, ""
}

// parameter gives a parameter its index, as in a query (https://www.sqlite.org/lang_expr.html#varparam).
func (r *callReader) parameter(t dialect.Token) int {
	p := dialect.Parameter{Index: r.largest + 1}
	if rest := t.Text[1:]; rest != "" {
		if n, err := strconv.Atoi(rest); err == nil && t.Text[0] != '@' && t.Text[0] != ':' {
			if n < 1 || n > 32766 {
				return 0
			}
			p.Index = n
		} else {
			p.Name = rest
			if i := slices.IndexFunc(r.params, func(other dialect.Parameter) bool { return other.Name == rest }); i >= 0 {
				p.Index = r.params[i].Index
			}
		}
	}
	r.largest = max(r.largest, p.Index)
	r.params = append(r.params, p)
	return p.Index
}

// masked is the text without its secrets.
func (r *callReader) masked() string {
	var b strings.Builder
	at := 0
	for _, t := range r.secrets {
		b.WriteString(r.text[at:t.Offset])
		b.WriteString("'" + mask + "'")
		at = t.Offset + len(t.Text)
	}
	return b.String() + r.text[at:]
}

func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
