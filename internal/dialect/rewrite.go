package dialect

import (
	"sort"
	"strings"
)

// Options are what respelling needs to know about the database it writes for.
type Options struct {
	// Catalogs are the names that may stand in front of schema.table and mean nothing; case does not matter.
	Catalogs []string
	// Date, Time and Timestamp are the SQL functions that turn a value into the canonical text of that type.
	Date, Time, Timestamp string
	// Now, Today and Clock are the SQL expressions for the current instant, date and time.
	Now, Today, Clock string
}

// Default is for plain SQLite.
var Default = Options{
	Catalogs: []string{"Bitbucket", "CData"},
	Date:     "date", Time: "time", Timestamp: "datetime",
	Now: "CURRENT_TIMESTAMP", Today: "CURRENT_DATE", Clock: "CURRENT_TIME",
}

// Rewritten is a statement respelled for SQLite.
type Rewritten struct {
	SQL string
	// Params are the parameters of SQL, one for each index that occurs, in the order of the index. The index is the one that
	// the user's text has by SQLite's rules; where respelling moves parameters, SQL names them all ?N, so bind by index.
	Params []Parameter
	spans  []span
}

// Parameter is one parameter of a statement.
type Parameter struct {
	Index int    // from 1
	Name  string // without its prefix; "" when it has none
}

// span maps the bytes of SQL from out on to the user's text.
type span struct {
	out, src int
	same     bool // the bytes are the user's own
}

// Offset turns a byte offset in SQL into the offset in the user's text that it stems from.
func (r Rewritten) Offset(offset int) int {
	i := sort.Search(len(r.spans), func(i int) bool { return r.spans[i].out > offset }) - 1
	if i < 0 {
		return max(offset, 0)
	}
	s := r.spans[i]
	if s.same {
		return s.src + offset - s.out
	}
	return s.src
}

// ToSQLite respells a statement for SQLite with the Default options.
func ToSQLite(sql string) (Rewritten, error) { return Default.ToSQLite(sql) }

// ToSQLite respells what other databases write (TOP, x::type, DATE '…', INTERVAL, {d '…'}, …) into what SQLite reads, and
// "name" into `name`, which SQLite never takes for a string. All else stays as it is. The error is a *LexError.
func (o Options) ToSQLite(sql string) (Rewritten, error) { return o.rewrite(sql, nil) }

func (o Options) rewrite(sql string, edits []Edit) (Rewritten, error) {
	tokens, err := Lex(sql)
	if err != nil {
		return Rewritten{}, err
	}
	head, tail := newList(tokens)
	params := number(head)
	items := selectItems(head, sql)
	edit(head, edits)
	o.respell(head)
	renumber(head)
	for _, it := range items {
		it.alias()
	}
	r := Rewritten{Params: params}
	r.print(head, tail, sql)
	return r, nil
}

// respell runs every rule. The order matters: later rules see what earlier ones wrote.
func (o Options) respell(head *node) {
	o.escapes(head)
	spell(head)
	o.names(head)
	literals(head)
	casts(head)
	o.intervals(head)
	currentUser(head)
	o.functions(head)
	o.types(head)
	limits(head)
	arms(head)
}

// print joins the list into SQL and the map of offsets.
func (r *Rewritten) print(head, tail *node, sql string) {
	var b strings.Builder
	b.Grow(len(sql) + 32)
	var last *node
	for n := head.next; n != tail; n = n.next {
		if n.Text == "" {
			continue
		}
		if last != nil {
			if space := between(last, n, sql); space != "" {
				r.spans = append(r.spans, span{out: b.Len(), src: n.Offset})
				b.WriteString(space)
			}
		}
		last = n
		same := strings.HasPrefix(sql[n.Offset:], n.Text)
		i := len(r.spans) - 1
		if i < 0 || !same || !r.spans[i].same || r.spans[i].src-r.spans[i].out != n.Offset-b.Len() {
			r.spans = append(r.spans, span{out: b.Len(), src: n.Offset, same: same})
		}
		b.WriteString(n.Text)
	}
	r.spans = append(r.spans, span{out: b.Len(), src: len(sql), same: true})
	r.SQL = b.String()
}

// between is the white space that keeps two printed nodes apart which respelling made neighbours and which would be read as
// other tokens when joined: / and * as a comment, 'a' and 'b' as one string.
func between(left, right *node, sql string) string {
	joined := left.Text + right.Text
	switch {
	case left.Offset+len(left.Text) == right.Offset && strings.HasPrefix(sql[left.Offset:], joined): // neighbours from the start
		return ""
	case left.Kind == Comment && left.Text[0] == '-' && right.Text[0] != '\n':
		return "\n"
	case left.Kind == Space || right.Kind == Space:
		return ""
	case isIdent(left.Text[len(left.Text)-1]) && isIdent(right.Text[0]):
		return " "
	}
	if _, n := scan(joined); n != len(left.Text) {
		return " "
	}
	return ""
}
