package cli

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// notFlag begins an argument that the parser would take for a flag for its "-". It is no part of the argument.
const notFlag = "\ufeff"

// looksLikeFlag is what the parser takes for a flag and is none: a negative number among the values of a query, or SQL that
// begins with a comment.
var looksLikeFlag = regexp.MustCompile(`^(-\.?[0-9][0-9.eE+-]*$|--\s)`)

// commandLine brings arguments into the form that the parser reads: what other programs have as commands and flags too, help
// and --version, becomes what it is here.
func commandLine(args []string) []string {
	if len(args) == 0 {
		return []string{"--help"}
	}
	switch args[0] {
	case "help":
		return append(slices.Clone(args[1:]), "--help")
	case "--version", "-V":
		return append([]string{"version"}, args[1:]...)
	case "query", "explain":
	default:
		return args
	}
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break // the parser takes nothing behind it for a flag
		}
		if looksLikeFlag.MatchString(a) {
			out[i] = notFlag + a
		}
	}
	return out
}

// The parser's words for what is wrong, and ours.
var parserWords = []struct {
	theirs *regexp.Regexp
	ours   string
}{
	{regexp.MustCompile(`expected duration but got "(.*?)": time: .*`), `"$1" is not a duration, such as 30s or 2m`},
	{regexp.MustCompile(`expected a valid \d+ bit int but got "(.*?)"`), `"$1" is not a whole number`},
	{regexp.MustCompile(`^expected "(<.*>.*)"$`), `$1 is missing`},
	{regexp.MustCompile(`^expected one of (.*)$`), `say which: $1`},
	{regexp.MustCompile(`(unknown flag -.), did you mean "-h"\?`), `$1`},
	{regexp.MustCompile(`"",`), ``},
	{regexp.MustCompile(`","`), `", "`},
	{regexp.MustCompile(`expected \w+ value but got "(.*?)" \((?:short|long) flag\); perhaps try (.*?)\?$`), `if "$1" is its value, write $2`},
	{regexp.MustCompile(notFlag), ``},
}

// parseError turns an error of the parser into a usage error that says where help is and shows no argument that may hold a
// secret.
func parseError(err error, args []string) error {
	message, command := err.Error(), program
	var parse *kong.ParseError
	if !errors.As(err, &parse) || errors.As(err, new(*fs.PathError)) {
		return err // of writing the help
	}
	if parse.Context != nil && parse.Context.Selected() != nil {
		command = parse.Context.Selected().FullPath()
	}
	for _, a := range args {
		if _, value, ok := strings.Cut(a, "="); ok && strings.HasPrefix(a, "-") {
			a = value
		}
		if strings.ContainsAny(a, "=:;@") {
			message = strings.ReplaceAll(message, a, "…")
		}
	}
	for _, w := range parserWords {
		message = w.theirs.ReplaceAllString(message, w.ours)
	}
	if command == program && len(args) > 0 && strings.ContainsAny(strings.TrimSpace(args[0]), " \t\n") {
		return usageErrorf("the first argument is not a command: to run SQL, write %s query \"SELECT …\" (see %s --help)", program, program)
	}
	return usageErrorf("%s (see %s --help)", message, command)
}
