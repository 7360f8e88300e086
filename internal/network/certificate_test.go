package network

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func pemOf(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func colons(sum []byte) string {
	text := strings.ToUpper(hex.EncodeToString(sum))
	var parts []string
	for i := 0; i < len(text); i += 2 {
		parts = append(parts, text[i:i+2])
	}
	return strings.Join(parts, ":")
}

func TestPin(t *testing.T) {
	ca, other := newAuthority(t, "private"), newAuthority(t, "other")
	certificate := ca.issue(t, time.Time{}, "127.0.0.1")
	server := startServer(t, certificate)
	leaf, stranger := certificate.Leaf, other.issue(t, time.Time{}, "127.0.0.1").Leaf
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sum256, sum1, casum := sha256.Sum256(leaf.Raw), sha1.Sum(leaf.Raw), sha256.Sum256(ca.certificate.Raw)
	wrong := sha256.Sum256(stranger.Raw)
	for name, test := range map[string]struct {
		pin string
		ok  bool
	}{
		"PEM":               {pemOf(leaf), true},
		"PEM in one line":   {strings.ReplaceAll(pemOf(leaf), "\n", " "), true},
		"second of two":     {"# bundle\n" + pemOf(stranger) + "\r\n" + pemOf(leaf), true},
		"PEM of the CA":     {pemOf(ca.certificate), true},
		"PEM file":          {write("leaf.pem", pemOf(leaf)), true},
		"DER file":          {write("leaf.der", string(leaf.Raw)), true},
		"DER file of CA":    {write("ca.der", string(ca.certificate.Raw)), true},
		"SHA-256":           {hex.EncodeToString(sum256[:]), true},
		"SHA-256, colons":   {" " + colons(sum256[:]) + "\n", true},
		"SHA-1":             {hex.EncodeToString(sum1[:]), true},
		"SHA-1, colons":     {colons(sum1[:]), true},
		"SHA-256 of the CA": {colons(casum[:]), true},
		"other PEM":         {pemOf(stranger), false},
		"other CA":          {pemOf(other.certificate), false},
		"other file":        {write("other.der", string(stranger.Raw)), false},
		"other SHA-256":     {hex.EncodeToString(wrong[:]), false},
	} {
		t.Run(name, func(t *testing.T) {
			// The other CA is trusted by the machine in either case: it must not matter.
			c := Config{Host: "127.0.0.1", ServerCertificate: test.pin, RootCAs: ca.pool()}
			if test.ok {
				c.RootCAs = other.pool()
			}
			got, err := get(t, c, server.URL)
			if test.ok {
				if got != "hello" || err != nil {
					t.Errorf("%q, %v", got, err)
				}
				return
			}
			var e *CertificateError
			var verify *tls.CertificateVerificationError
			if !errors.As(err, &e) || e.Fingerprint != colons(sum256[:]) || e.Host != "127.0.0.1" || !strings.Contains(err.Error(), e.Fingerprint) ||
				!errors.As(err, &verify) || !e.Lasting() {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// The fingerprint that the error tells can be used.
func TestPinFromError(t *testing.T) {
	server := startServer(t, newAuthority(t, "private").issue(t, time.Time{}, "127.0.0.1"))
	c := Config{Host: "127.0.0.1", ServerCertificate: strings.Repeat("00", 32)}
	_, err := get(t, c, server.URL)
	var e *CertificateError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	c.ServerCertificate = e.Fingerprint
	if got, err := get(t, c, server.URL); got != "hello" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A certificate that is itself asked for may have any name; one of a CA that is asked for must have the host's.
func TestPinAndName(t *testing.T) {
	ca := newAuthority(t, "private")
	certificate := ca.issue(t, time.Time{}, "elsewhere.example")
	server := startServer(t, certificate)
	if _, err := get(t, Config{Host: "127.0.0.1", ServerCertificate: pemOf(certificate.Leaf)}, server.URL); err != nil {
		t.Error(err)
	}
	sum := sha256.Sum256(ca.certificate.Raw)
	for _, pin := range []string{pemOf(ca.certificate), hex.EncodeToString(sum[:])} {
		var e *CertificateError
		if _, err := get(t, Config{Host: "127.0.0.1", ServerCertificate: pin}, server.URL); !errors.As(err, &e) {
			t.Errorf("another host's certificate of the CA: %v", err)
		}
	}
}

// A certificate that only signed others must not stand for what it signed by its bare presence.
func TestPinNeedsSignature(t *testing.T) {
	ca, other := newAuthority(t, "private"), newAuthority(t, "other")
	certificate := other.issue(t, time.Time{}, "127.0.0.1")
	certificate.Certificate = append(certificate.Certificate, ca.certificate.Raw) // shown, but it did not sign
	server := startServer(t, certificate)
	sum := sha256.Sum256(ca.certificate.Raw)
	var e *CertificateError
	if _, err := get(t, Config{Host: "127.0.0.1", ServerCertificate: hex.EncodeToString(sum[:])}, server.URL); !errors.As(err, &e) {
		t.Errorf("a chain with a foreign certificate in it: %v", err)
	}
}

func TestPinExpired(t *testing.T) {
	certificate := newAuthority(t, "private").issue(t, time.Now().Add(-24*time.Hour), "127.0.0.1")
	server := startServer(t, certificate)
	_, err := get(t, Config{Host: "127.0.0.1", ServerCertificate: pemOf(certificate.Leaf)}, server.URL)
	var e *CertificateError
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "valid from") {
		t.Error(err)
	}
}

// Other hosts may show what the machine trusts, or what is asked for; nothing else.
func TestPinAndOtherHosts(t *testing.T) {
	private, public, other := newAuthority(t, "private"), newAuthority(t, "public"), newAuthority(t, "other")
	for _, test := range []struct {
		by   authority
		name string
		ok   bool
	}{{public, "localhost", true}, {private, "localhost", true}, {other, "localhost", false}, {public, "elsewhere.example", false}} {
		server := startServer(t, test.by.issue(t, time.Time{}, test.name))
		c := Config{Host: "api.example", ServerCertificate: pemOf(private.certificate), RootCAs: public.pool()}
		url := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
		got, err := get(t, c, url)
		if ok := got == "hello" && err == nil; ok != test.ok {
			t.Errorf("%s of %s: %q, %v", test.name, test.by.certificate.Subject, got, err)
		}
		// An address is not told to the server, nor to the check: it gets no leave.
		if _, err := get(t, c, server.URL); err == nil {
			t.Errorf("an address: no error")
		}
	}
}

func TestPinFaults(t *testing.T) {
	certificate := newAuthority(t, "private").certificate
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(dir, "big")
	if err := os.WriteFile(big, make([]byte, maxCertificateFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for pin, says := range map[string]string{
		" * ":                              "anyone between",
		strings.Repeat("ab", 16):           "MD5",
		strings.Repeat("ab", 31):           "no such file",
		filepath.Join(dir, "missing"):      "no such file",
		dir:                                "cannot be read",
		junk:                               "no certificate in PEM or DER",
		big:                                "1 MB",
		pemBegin + "\nAAAA":                "cut off",
		pemBegin + "\n??\n" + pemEnd:       "not in PEM",
		pemBegin + "\nAAAA\n" + pemEnd:     "cannot be read",
		pemOf(certificate) + pemBegin + "": "cut off",
	} {
		_, err := Transport(Config{ServerCertificate: pin})
		var e *SettingError
		if !errors.As(err, &e) || e.Setting != "SSLServerCert" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", pin, err)
		}
	}
}

// TLS 1.1 is not spoken, with a certificate asked for or without.
func TestTLSVersion(t *testing.T) {
	ca := newAuthority(t, "test")
	certificate := ca.issue(t, time.Time{}, "127.0.0.1")
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	defer func() { _ = l.Close(); <-done }()
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).HandshakeContext(t.Context())
			_ = conn.Close()
		}
	}()
	for _, pin := range []string{"", pemOf(certificate.Leaf)} {
		_, err := get(t, Config{Host: "127.0.0.1", RootCAs: ca.pool(), ServerCertificate: pin}, "https://"+l.Addr().String())
		if err == nil || !strings.Contains(err.Error(), "version") {
			t.Errorf("TLS 1.1: %v", err)
		}
	}
}
