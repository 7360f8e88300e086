package secretscan

import (
	"crypto/rand"
	"encoding/json"
)

// planted is what must not show.
type planted struct {
	Name string // to tell of, in place of the secret
	Text string
}

// shortest is the length from which a secret can be told from other text.
const shortest = 8

// New makes a secret and plants it. It fits into a connection string as it is.
func New(name string) string {
	text := "hush-" + name + "-" + rand.Text()
	Plant(name, text)
	return text
}

// Plant says that a text must not show from here on, nor before. Those of less than eight characters cannot be told from
// other text and are left to the word "hush".
func Plant(name, text string) {
	if len(text) < shortest {
		return
	}
	line, err := json.Marshal(planted{name, text})
	if err != nil {
		panic("secretscan: " + err.Error())
	}
	appendTo(plantedFile, append(line, '\n'))
}
