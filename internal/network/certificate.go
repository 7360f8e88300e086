package network

import (
	"crypto/sha1" // a fingerprint that CData's property takes, too; no signature rests on it
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// CertificateError is a server that shows another certificate than the one asked for.
type CertificateError struct {
	// Host is the server's name, or its address.
	Host string
	// Fingerprint is the SHA-256 fingerprint of the certificate that it shows, in hexadecimal digits and colons.
	Fingerprint string
	// Reason completes the sentence "the certificate of Host …".
	Reason string
	// Err is a [*tls.CertificateVerificationError] with what the server shows.
	Err error
}

func (e *CertificateError) Error() string {
	return fmt.Sprintf("the certificate of %s %s; its SHA-256 fingerprint is %s: compare it with the one that the server's owner tells, "+
		"and set SSLServerCert to it only if they are the same", e.Host, e.Reason, e.Fingerprint)
}

func (e *CertificateError) Unwrap() error { return e.Err }

// Lasting tells that trying again will not help.
func (e *CertificateError) Lasting() bool { return true }

// pin is the certificate that a server must show, or that its own descends from.
type pin struct {
	host         string
	roots        *x509.CertPool // what this machine trusts, for other hosts
	certificates []*x509.Certificate
	fingerprint  []byte // SHA-256 or SHA-1, in place of certificates
}

// maxCertificateFile bounds the file of a certificate, in bytes.
const maxCertificateFile = 1 << 20

// readPin reads PEM text, a fingerprint, or the path of a file.
func readPin(text string) (*pin, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, pemBegin) {
		return pemPin(text)
	}
	digits := strings.NewReplacer(":", "", " ", "").Replace(text)
	if sum, err := hex.DecodeString(digits); err == nil {
		switch len(sum) {
		case sha256.Size, sha1.Size:
			return &pin{fingerprint: sum}, nil
		case 16:
			return nil, errors.New("is an MD5 fingerprint, which can be forged: give the SHA-256 fingerprint of 64 digits")
		}
	}
	f, err := os.Open(text)
	if err != nil {
		if p := (*os.PathError)(nil); errors.As(err, &p) {
			err = p.Err // without the path, which may be anything
		}
		return nil, fmt.Errorf("is neither PEM, nor a SHA-256 or SHA-1 fingerprint, nor a file that can be read: %w", err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxCertificateFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("names a file that cannot be read: %w", err)
	case len(content) > maxCertificateFile:
		return nil, errors.New("names a file of more than 1 MB, which is no certificate")
	case strings.Contains(string(content), pemBegin):
		return pemPin(string(content))
	}
	certificate, err := x509.ParseCertificate(content)
	if err != nil {
		return nil, fmt.Errorf("names a file that holds no certificate in PEM or DER: %w", err)
	}
	return &pin{certificates: []*x509.Certificate{certificate}}, nil
}

const (
	pemBegin = "-----BEGIN CERTIFICATE-----"
	pemEnd   = "-----END CERTIFICATE-----"
)

// pemPin reads certificates in PEM (RFC 7468). Their line breaks may have become blanks, as in a field of one line, which
// encoding/pem does not read.
func pemPin(text string) (*pin, error) {
	p := new(pin)
	for {
		_, rest, found := strings.Cut(text, pemBegin)
		if !found {
			return p, nil
		}
		body, after, found := strings.Cut(rest, pemEnd)
		if !found {
			return nil, errors.New("has no line " + pemEnd + ", the certificate is cut off")
		}
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
		if err != nil {
			return nil, fmt.Errorf("holds a certificate that is not in PEM: %w", err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("holds a certificate that cannot be read: %w", err)
		}
		p.certificates, text = append(p.certificates, certificate), after
	}
}

// is tells whether a certificate is the one asked for.
func (p *pin) is(c *x509.Certificate) bool {
	for _, want := range p.certificates {
		if want.Equal(c) {
			return true
		}
	}
	switch len(p.fingerprint) {
	case sha256.Size:
		sum := sha256.Sum256(c.Raw)
		return string(sum[:]) == string(p.fingerprint)
	case sha1.Size:
		sum := sha1.Sum(c.Raw)
		return string(sum[:]) == string(p.fingerprint)
	}
	return false
}

// verify is for [tls.Config.VerifyConnection], in place of the usual check. A server proves that it has the key of its
// certificate before.
func (p *pin) verify(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("the server shows no certificate")
	}
	leaf, host := state.PeerCertificates[0], state.ServerName
	if host == "" { // an address, which TLS does not send
		host = p.host
	}
	if p.is(leaf) {
		// The name does not matter, since this very certificate is wanted; its dates bound how long a stolen key is of use.
		if now := time.Now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
			return p.refuse(host, "is the one of SSLServerCert and valid from "+leaf.NotBefore.Format(time.DateOnly)+" to "+
				leaf.NotAfter.Format(time.DateOnly)+" only", state)
		}
		return nil
	}
	between, anchors := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range p.certificates {
		if c.IsCA {
			anchors.AddCert(c)
		}
	}
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
		if c.IsCA && p.is(c) {
			anchors.AddCert(c)
		}
	}
	options := x509.VerifyOptions{Roots: anchors, Intermediates: between, DNSName: host}
	if _, err := leaf.Verify(options); err == nil {
		return nil
	}
	if normalHost(host) == normalHost(p.host) {
		return p.refuse(host, "is not the one of SSLServerCert and does not descend from it", state)
	}
	options.Roots = p.roots
	if _, err := leaf.Verify(options); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}

func (p *pin) refuse(host, reason string, state tls.ConnectionState) error {
	sum := sha256.Sum256(state.PeerCertificates[0].Raw)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return &CertificateError{
		Host: host, Fingerprint: strings.Join(parts, ":"), Reason: reason,
		Err: &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: errors.New(reason)},
	}
}
