package userview

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// viewFile is the file of user-defined views as it was read: {"name": {"query": "SELECT …"}, …}. What else the file says
// of a view is kept when it is written.
type viewFile struct {
	info    os.FileInfo // nil when there is no file
	entries []entry
	err     error // why it cannot be read
}

type entry struct {
	name    string
	members json.RawMessage
	query   string
	err     error // why it is no view
}

// current says whether the file at the path is still the one that was read.
func (f *viewFile) current(path string) bool {
	if f == nil {
		return false
	}
	info, err := os.Stat(path)
	if err != nil || f.info == nil {
		return errors.Is(err, fs.ErrNotExist) && f.info == nil && f.err == nil
	}
	return os.SameFile(info, f.info) && info.ModTime().Equal(f.info.ModTime()) && info.Size() == f.info.Size()
}

// views are the entries that can be views.
func (f *viewFile) views() []View {
	var views []View
	for _, e := range f.entries {
		if e.err == nil {
			views = append(views, View{e.name, e.query})
		}
	}
	return views
}

func (f *viewFile) place(name string) int {
	return slices.IndexFunc(f.entries, func(e entry) bool { return strings.EqualFold(e.name, name) })
}

// find finds an entry, whether or not it can be a view.
func (f *viewFile) find(name string) (entry, bool) {
	if i := f.place(name); i >= 0 {
		return f.entries[i], true
	}
	return entry{}, false
}

// readFile reads the file. That there is none is no fault.
func readFile(path string) *viewFile {
	f := &viewFile{}
	fail := func(err error) *viewFile {
		f.entries, f.err = nil, fmt.Errorf("bitbucket: the file UserDefinedViews cannot be used: %w", err)
		return f
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f
	case err != nil:
		return fail(err)
	}
	defer file.Close()
	if f.info, err = file.Stat(); err != nil {
		return fail(err)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return fail(err)
	}
	if f.entries, err = parse(text); err != nil {
		return fail(fmt.Errorf(`%s: %w: write {"name": {"query": "SELECT …"}}`, path, err))
	}
	return f
}

// parse reads the members of the file in their order. An empty file has none.
func parse(text []byte) ([]entry, error) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	if !json.Valid(text) {
		var v any
		return nil, fmt.Errorf("it is not JSON: %w", json.Unmarshal(text, &v))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("it is not a JSON object")
	}
	var f viewFile
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		e := entry{}
		e.name, _ = key.(string)
		if err := d.Decode(&e.members); err != nil {
			return nil, err
		}
		var members struct{ Query *string }
		switch err := json.Unmarshal(e.members, &members); {
		case err != nil, members.Query == nil || strings.TrimSpace(*members.Query) == "":
			e.err = errors.New(`it has no "query"`)
		default:
			e.query = *members.Query
		}
		if f.place(e.name) >= 0 {
			return nil, fmt.Errorf("it has two views of the name %s", e.name)
		}
		f.entries = append(f.entries, e)
	}
	return f.entries, nil
}

// set gives the entry a query and leaves its other members as they are.
func (e *entry) set(query string) error {
	members := map[string]json.RawMessage{}
	if len(e.members) > 0 && e.err == nil {
		if err := json.Unmarshal(e.members, &members); err != nil {
			return err
		}
	}
	key := "query"
	for name := range members {
		if strings.EqualFold(name, key) {
			key = name
		}
	}
	text, err := encodeJSON(query)
	if err != nil {
		return err
	}
	members[key] = text
	e.query, e.err = query, nil
	e.members, err = encodeJSON(members)
	return err
}

// fileLocks keep the connections of this process from writing a file at the same time.
var fileLocks sync.Map

// changeFile reads the file, lets change do its work on it and writes it in one piece: a reader sees the old file or the
// new one. A new file is for its owner only; one that exists keeps its permissions.
func changeFile(path string, change func(*viewFile) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	lock, _ := fileLocks.LoadOrStore(path, new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()

	f := readFile(path)
	if f.err != nil {
		return f.err
	}
	if err := change(f); err != nil {
		return err
	}
	text, err := f.encode()
	if err != nil {
		return fmt.Errorf("bitbucket: cannot write the file UserDefinedViews: %w", err)
	}
	mode := fs.FileMode(0o600)
	if f.info != nil {
		mode = f.info.Mode().Perm()
	}
	if err := writeWhole(path, text, mode); err != nil {
		return fmt.Errorf("bitbucket: cannot write the file UserDefinedViews: %w", err)
	}
	return nil
}

// encode writes the entries in their order.
func (f *viewFile) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range f.entries {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := encodeJSON(e.name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(e.members)
	}
	b.WriteByte('}')
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// encodeJSON leaves < and > as they are: queries are for people to read.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// writeWhole writes a file beside the one to replace, and then puts it in its place.
func writeWhole(path string, text []byte, mode fs.FileMode) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // for its owner only
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(text)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
