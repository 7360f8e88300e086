package privatefile

import (
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// staleTemp is the age from which a temporary file must be that of a killed process.
const staleTemp = 10 * time.Minute

func tempPattern(path string) string { return "." + filepath.Base(path) + ".*.tmp" }

// writeAtomic brings data to path through a temporary file beside it, so that a reader or a crash meets the old file or the
// new one. put moves the temporary file there; what it leaves of it is removed.
func (k Kind) writeAtomic(path string, data []byte, put func(temp, path string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempPattern(path))
	if err != nil {
		return k.writeFailure(path, err)
	}
	defer os.Remove(f.Name()) // after a rename there is none
	err = f.Chmod(0o600)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = f.Sync() // else a crash of the machine could leave the new name with no content
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = retry(func() error { return put(f.Name(), path) })
	}
	if err != nil {
		return k.writeFailure(path, err)
	}
	return k.syncDir(filepath.Dir(path))
}

// retry repeats a rename that Windows refuses while somebody reads the old file.
func retry(rename func() error) error {
	err := rename()
	for try := 0; err != nil && runtime.GOOS == "windows" && try < 20; try++ {
		time.Sleep(10 * time.Millisecond)
		err = rename()
	}
	return err
}

// syncDir makes renames in a directory last. Windows has no such thing.
func (k Kind) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return k.writeFailure(dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return k.writeFailure(dir, err)
	}
	return nil
}

// sweep removes the temporary files that killed processes left.
func sweep(path string) {
	names, _ := filepath.Glob(filepath.Join(globQuote(filepath.Dir(path)), globQuote("."+filepath.Base(path))+".*.tmp"))
	for _, name := range names {
		if info, err := os.Lstat(name); err == nil && time.Since(info.ModTime()) > staleTemp {
			_ = os.Remove(name)
		}
	}
}

// globQuote takes the meaning from the special characters of filepath.Glob.
func globQuote(path string) string {
	if runtime.GOOS == "windows" {
		return path // it has no escape there; [ is rare and then only nothing is swept
	}
	var b []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			b = append(b, '\\')
		}
		b = append(b, r)
	}
	return string(b)
}
