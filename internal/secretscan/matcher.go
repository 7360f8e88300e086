package secretscan

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// marker shows in secrets of tests only.
const marker = "hush"

// marked finds the marker where a word begins with it. Among other letters it is no secret: the base64 of a certificate has every
// four letters in a row once in so many megabytes. The letter of an escape, as in \nhush and %3Dhush, ends the word before.
var marked = regexp.MustCompile(`(?:^|[^A-Za-z0-9+]|\\[a-z]|\\[ux][0-9A-Fa-f]+|%[0-9A-Fa-f]{2})(` + marker + `)(?:$|[^A-Za-z])`)

// leak is a secret that showed.
type leak struct {
	source, secret string
	// form is how it showed: "plain", "base64", ….
	form string
	// around is the line, without the secret.
	around string
}

func (l leak) String() string {
	return fmt.Sprintf("the secret %s shows in %s (%s): %s", l.secret, l.source, l.form, l.around)
}

// needle is one form of one secret.
type needle struct {
	secret, form string
	text         []byte
}

// matcher finds secrets in texts, in time that does not grow with their number.
type matcher struct {
	needles map[uint64][]needle // by their first eight bytes
	maybe   [1 << 16]bool       // whether such bytes can be in needles, by hash
}

// newMatcher makes a matcher of secrets of eight characters and more. It also finds the word "hush".
func newMatcher(secrets []planted) *matcher {
	m := &matcher{needles: map[uint64][]needle{}}
	for _, s := range secrets {
		for form, texts := range forms(s.Text) {
			for _, text := range texts {
				if len(text) < shortest {
					continue
				}
				key := binary.LittleEndian.Uint64([]byte(text))
				m.needles[key] = append(m.needles[key], needle{s.Name, form, []byte(text)})
				m.maybe[fold(key)] = true
			}
		}
	}
	return m
}

func fold(key uint64) uint16 { return uint16(key * 0x9E3779B97F4A7C15 >> 48) }

// forms are the ways in which a secret may show.
func forms(secret string) map[string][]string {
	f := map[string][]string{"plain": {secret}}
	jsonText, _ := json.Marshal(secret)
	quoted := strconv.Quote(secret)
	f["escaped"] = []string{
		url.QueryEscape(secret), url.PathEscape(secret), strings.ToLower(url.QueryEscape(secret)), string(jsonText[1 : len(jsonText)-1]),
		quoted[1 : len(quoted)-1], strings.ReplaceAll(secret, "'", "''"),
	}
	f["hexadecimal"] = []string{hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	f["bytes"] = []string{strings.Trim(fmt.Sprint([]byte(secret)), "[]")}
	for before := range 3 { // the text before it, such as the user of Basic, shifts the digits
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			digits := encoding.EncodeToString(append(make([]byte, before), secret...))
			whole := (before + len(secret)) * 8 / 6 // those that what follows leaves alone
			f["base64"] = append(f["base64"], digits[(before*8+5)/6:whole])
		}
	}
	reversed := []byte(secret)
	slices.Reverse(reversed)
	f["reversed"] = []string{string(reversed)}
	f["in part"] = parts(secret)
	return f
}

// parts are the halves of a secret, and pieces of a long one, of which one lies in any 24 characters of it.
func parts(secret string) []string {
	if half := len(secret) / 2; len(secret) <= 48 {
		return []string{secret[:half], secret[half:]}
	}
	var list []string
	for at := 0; at+16 <= len(secret); at += 8 {
		list = append(list, secret[at:at+16])
	}
	return append(list, secret[len(secret)-16:])
}

// search finds the secrets in a text, each once in each form.
func (m *matcher) search(source string, text []byte) []leak {
	var leaks []leak
	found := map[[2]string]bool{}
	for at := range text {
		for _, n := range m.at(text, at) {
			if key := [2]string{n.secret, n.form}; !found[key] {
				found[key] = true
				leaks = append(leaks, leak{source, n.secret, n.form, m.around(text, at, len(n.text))})
			}
		}
	}
	if place := marked.FindSubmatchIndex(text); place != nil {
		leaks = append(leaks, leak{source, "with the word " + strconv.Quote(marker), "plain", m.around(text, place[2], len(marker))})
	}
	return leaks
}

// at are the needles that begin at a place.
func (m *matcher) at(text []byte, at int) []needle {
	if at+8 > len(text) {
		return nil
	}
	key := binary.LittleEndian.Uint64(text[at:])
	if !m.maybe[fold(key)] {
		return nil
	}
	var list []needle
	for _, n := range m.needles[key] {
		if bytes.HasPrefix(text[at:], n.text) {
			list = append(list, n)
		}
	}
	return list
}

// around is the text about a place, with the secrets in it masked.
func (m *matcher) around(text []byte, at, length int) string {
	text = text[max(0, at-200):min(len(text), at+length+200)]
	var b strings.Builder
	for i := 0; i < len(text); {
		skip := 0
		for _, n := range m.at(text, i) {
			skip = max(skip, len(n.text))
		}
		if skip > 0 {
			b.WriteString("«SECRET»")
			i += skip
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return strconv.Quote(strings.ReplaceAll(b.String(), marker, "«SECRET»"))
}
