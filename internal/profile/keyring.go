package profile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is the name of our entries in a keyring.
const keyringService = "bitbucketsql"

// keyringPatience is how long a keyring may take: over a D-Bus without a Secret Service a call can last for ever.
const keyringPatience = 3 * time.Second

// keyringVariable is the environment variable that keeps the keyring out of it, when it is "off".
const keyringVariable = "BITBUCKETSQL_KEYRING"

// errNoKeyring says that nothing here could be a keyring.
var errNoKeyring = errors.New("there is no keyring in this session (no D-Bus, or " + keyringVariable + "=off)")

// osKeyring keeps secrets in the keyring of the operating system, the entry of a profile being JSON.
type osKeyring struct{}

// reachable says whether it makes sense to ask. The library would start a D-Bus of its own where none runs.
func reachable() bool {
	if strings.EqualFold(os.Getenv(keyringVariable), "off") {
		return false
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus")
	return err == nil
}

// ask calls the keyring, which knows no context. A call that hangs is left alone.
func ask[T any](ctx context.Context, call func() (T, error)) (T, error) {
	var none T
	if !reachable() {
		return none, errNoKeyring
	}
	ctx, cancel := context.WithTimeoutCause(ctx, keyringPatience, fmt.Errorf("the keyring does not answer within %v: unlock it and try again", keyringPatience))
	defer cancel()
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := call()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

func (osKeyring) set(ctx context.Context, id string, secrets map[string]string) error {
	data, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	_, err = ask(ctx, func() (struct{}, error) { return struct{}{}, keyring.Set(keyringService, id, string(data)) })
	return err
}

func (osKeyring) get(ctx context.Context, id string) (map[string]string, error) {
	text, err := ask(ctx, func() (string, error) { return keyring.Get(keyringService, id) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, errNotKept
	}
	if err != nil {
		return nil, err
	}
	var secrets map[string]string
	if json.Unmarshal([]byte(text), &secrets) != nil {
		return nil, errors.New("the keyring's entry is not one of this program")
	}
	return secrets, nil
}

func (osKeyring) remove(ctx context.Context, id string) error {
	_, err := ask(ctx, func() (struct{}, error) { return struct{}{}, keyring.Delete(keyringService, id) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}
