// Package network makes the HTTP transport of a connection: through an HTTP proxy, a SOCKS or tunnelling firewall, or none,
// and with the certificate that the server must show. Its settings are named after the driver's connection properties.
//
// The rules of the house: a secret is sent to the proxy that it is for and is in no error; a proxy that is asked for is used
// for every host that is not excepted, this machine too; TLS is 1.2 at least and its certificate always checked.
package network
