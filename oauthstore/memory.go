package oauthstore

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// memory is a store in the process.
type memory struct {
	gate     privatefile.Gate
	mu       sync.Mutex
	settings *Settings
}

var memories = struct {
	sync.Mutex
	named map[string]*memory
}{named: map[string]*memory{}}

func newMemory() *memory { return &memory{gate: privatefile.NewGate()} }

func memoryNamed(name string) *memory {
	memories.Lock()
	defer memories.Unlock()
	if memories.named[name] == nil {
		memories.named[name] = newMemory()
	}
	return memories.named[name]
}

func (m *memory) Load(context.Context) (Settings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.settings == nil {
		return Settings{}, ErrNoSettings
	}
	return *m.settings, nil
}

func (m *memory) Save(_ context.Context, s Settings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings = &s
	return nil
}

func (m *memory) Lock(ctx context.Context) (func(), error) { return m.gate.Enter(ctx) }

func (m *memory) remove() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings = nil
	return nil
}

// Format shows no secret: fmt would reach the settings through the pointer.
func (m *memory) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "OAuth settings in memory") }
