package cli

import (
	"database/sql"
	"strconv"
	"strings"
)

// arguments are the values for a statement's parameters.
type arguments struct {
	Values []string `arg:"" optional:"" name:"value" help:"Values for the parameters ?, in order."`
	Param  []string `sep:"none" placeholder:"NAME=VALUE" help:"Value for the parameter :name, @name or $name. May be given again."`
}

// read returns the arguments for database/sql.
func (a arguments) read() ([]any, error) {
	var args []any
	for _, text := range a.Values {
		args = append(args, argument(strings.TrimPrefix(text, notFlag)))
	}
	for _, pair := range a.Param {
		name, text, ok := strings.Cut(pair, "=")
		name = strings.TrimLeft(strings.TrimSpace(name), ":@$")
		if !ok || name == "" {
			return nil, usageErrorf("a --param is not NAME=VALUE")
		}
		args = append(args, sql.Named(name, argument(text)))
	}
	return args, nil
}

// argument is the value that a text stands for: a number or a boolean if it is spelled as one, else the text. A number loses
// nothing by it: SQL compares it as text with a column of text.
func argument(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && strings.Contains(text, ".") && strconv.FormatFloat(f, 'f', -1, 64) == text {
		return f
	}
	switch text {
	case "true":
		return true
	case "false":
		return false
	}
	return text
}
