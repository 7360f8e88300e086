package profile

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// howToMake ends the message of errors that only new profiles mend.
const howToMake = `make the profiles again with "bitbucketsql connect add"`

var listKind = privatefile.Kind{
	Name: "file of connection profiles", Renew: howToMake, Elsewhere: "set XDG_CONFIG_HOME", MayBeReadOnly: true,
	Format: "bitbucketsql-connections", Version: 1,
}

// listFile is the file of profiles.
type listFile struct {
	Format   string        `json:"format"`
	Version  int           `json:"version"`
	Profiles []listProfile `json:"profiles"`
}

type listProfile struct {
	Name       string            `json:"name"`
	Properties map[string]string `json:"properties"`
	Secrets    *listSecrets      `json:"secrets,omitempty"`
}

// listSecrets says where the secrets of a profile are.
type listSecrets struct {
	Names []string `json:"names"`
	In    Keeper   `json:"in"`
	ID    string   `json:"id"`
}

func encode(list []Profile) ([]byte, error) {
	slices.SortFunc(list, func(a, b Profile) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	f := listFile{Format: listKind.Format, Version: listKind.Version, Profiles: []listProfile{}}
	for _, p := range list {
		l := listProfile{Name: p.Name, Properties: p.Properties}
		if p.Keeper != "" {
			l.Secrets = &listSecrets{Names: p.Secrets, In: p.Keeper, ID: p.id}
		}
		f.Profiles = append(f.Profiles, l)
	}
	data, err := json.MarshalIndent(f, "", "  ")
	return append(data, '\n'), err
}

func (s *Store) decode(data []byte) ([]Profile, error) {
	if err := s.list.CheckHead(data); err != nil {
		return nil, err
	}
	var f listFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, s.list.Corrupt()
	}
	list := make([]Profile, 0, len(f.Profiles))
	for _, l := range f.Profiles {
		if CheckName(l.Name) != nil || find(list, l.Name) >= 0 {
			return nil, s.list.Corrupt()
		}
		p := Profile{Name: l.Name, Properties: l.Properties}
		if p.Properties == nil {
			p.Properties = map[string]string{}
		}
		if l.Secrets != nil {
			if l.Secrets.ID == "" || l.Secrets.In == "" {
				return nil, s.list.Corrupt()
			}
			p.Secrets, p.Keeper, p.id = l.Secrets.Names, l.Secrets.In, l.Secrets.ID
		}
		list = append(list, p)
	}
	return list, nil
}
