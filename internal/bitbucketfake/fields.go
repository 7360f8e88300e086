package bitbucketfake

import "strings"

// pattern is a node of one tree of paths of the fields parameter ("values.author.*").
type pattern struct {
	name     string
	terminal bool
	below    []*pattern
}

func (p *pattern) add(path string) {
	for _, name := range strings.Split(path, ".") {
		var next *pattern
		for _, c := range p.below {
			if c.name == name {
				next = c
				break
			}
		}
		if next == nil {
			next = &pattern{name: name}
			p.below = append(p.below, next)
		}
		p = next
	}
	p.terminal = true
}

// selection is what the fields parameter means at one place of a document: whether the place itself is included, and
// the patterns that still have something to say below it. Its members are worked out once and kept, so a request
// compiles what it needs and a list pays one map lookup a member.
type selection struct {
	all               bool
	bare, minus, plus []*pattern
	members           map[string]*selection
}

// everything is the selection of a request without fields.
var everything = &selection{all: true}

// whole says that neither this place nor anything below it is filtered.
func (s *selection) whole() bool {
	return s == everything || (s.all && len(s.bare) == 0 && len(s.minus) == 0 && len(s.plus) == 0)
}

// member is the selection of a member, nil when it is left out. A hidden member shows only when a pattern names it, by
// its name or by "*" at its level.
func (s *selection) member(key string, hidden bool) *selection {
	if s == everything {
		if hidden {
			return nil
		}
		return s
	}
	if m, ok := s.members[key]; ok {
		return m
	}
	m := s.work(key, hidden)
	if s.members == nil {
		s.members = make(map[string]*selection, 16)
	}
	s.members[key] = m
	return m
}

func (s *selection) work(key string, hidden bool) *selection {
	bare, inBare, bareEnd := follow(s.bare, key)
	minus, _, minusEnd := follow(s.minus, key)
	plus, inPlus, plusEnd := follow(s.plus, key)
	all := s.all && !hidden || bareEnd
	if minusEnd {
		all = false
	}
	if plusEnd {
		all = true
	}
	if !all && !inBare && !inPlus {
		return nil
	}
	if plusEnd {
		minus = nil
	}
	return &selection{all: all, bare: bare, minus: minus, plus: plus}
}

// follow takes patterns one component down: those that go on, whether any does, and whether any ended here.
func follow(list []*pattern, key string) (next []*pattern, on, ended bool) {
	for _, p := range list {
		for _, c := range p.below {
			if c.name != key && c.name != "*" {
				continue
			}
			if c.terminal {
				ended = true
			}
			if len(c.below) > 0 {
				next, on = append(next, c), true
			}
		}
	}
	return next, on, ended
}

// parseFields reads the fields parameter: bare names keep only themselves, -name removes, +name adds. + outranks -,
// which outranks a bare name. Unknown names say nothing, as in the service.
func parseFields(text string) *selection {
	if text == "" {
		return everything
	}
	var bare, minus, plus pattern
	for _, f := range strings.Split(text, ",") {
		f = strings.TrimSpace(f)
		switch {
		case f == "":
		case f[0] == '-':
			minus.add(f[1:])
		case f[0] == '+':
			plus.add(f[1:])
		default:
			bare.add(f)
		}
	}
	s := &selection{all: len(bare.below) == 0}
	for _, t := range []struct {
		from *pattern
		to   *[]*pattern
	}{{&bare, &s.bare}, {&minus, &s.minus}, {&plus, &s.plus}} {
		if len(t.from.below) > 0 {
			*t.to = []*pattern{t.from}
		}
	}
	return s
}
