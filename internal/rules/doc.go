// Package rules holds the test of the house: who may import what, and how long a file may grow.
package rules
