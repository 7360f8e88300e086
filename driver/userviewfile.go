package driver

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

// userViewFile is the file of user-defined views as it was read: {"name": {"query": "SELECT …"}, …}. What else the file says
// of a view is kept when it is written.
type userViewFile struct {
	info    os.FileInfo // nil when there is no file
	entries []userViewEntry
	err     error // why it cannot be read
}

type userViewEntry struct {
	name    string
	members json.RawMessage
	query   string
	err     error // why it is no view
}

// current says whether the file at the path is still the one that was read.
func (f *userViewFile) current(path string) bool {
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
func (f *userViewFile) views() []userView {
	var views []userView
	for _, e := range f.entries {
		if e.err == nil {
			views = append(views, userView{e.name, e.query})
		}
	}
	return views
}

func (f *userViewFile) place(name string) int {
	return slices.IndexFunc(f.entries, func(e userViewEntry) bool { return strings.EqualFold(e.name, name) })
}

// find finds an entry, whether or not it can be a view.
func (f *userViewFile) find(name string) (userViewEntry, bool) {
	if i := f.place(name); i >= 0 {
		return f.entries[i], true
	}
	return userViewEntry{}, false
}

// readUserViews reads the file. That there is none is no fault.
func readUserViews(path string) *userViewFile {
	f := &userViewFile{}
	fail := func(err error) *userViewFile {
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
	if f.entries, err = parseUserViews(text); err != nil {
		return fail(fmt.Errorf(`%s: %w: write {"name": {"query": "SELECT …"}}`, path, err))
	}
	return f
}

// parseUserViews reads the members of the file in their order. An empty file has none.
func parseUserViews(text []byte) ([]userViewEntry, error) {
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
	var f userViewFile
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		e := userViewEntry{}
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

// userViewLocks keep the connections of this process from writing a file at the same time.
var userViewLocks sync.Map

// changeUserViews reads the file, lets change do its work on it and writes it in one piece: a reader sees the old file or the
// new one. A new file is for its owner only; one that exists keeps its permissions.
func changeUserViews(path string, change func(*userViewFile) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	lock, _ := userViewLocks.LoadOrStore(path, new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()

	f := readUserViews(path)
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
func (f *userViewFile) encode() ([]byte, error) {
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
