package planner

import (
	"net/url"
	"reflect"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestKeyTellsFetchesApart changes each field of a fetch: two with the same key share their rows, so that every field changes the key
// but those that change no row.
func TestKeyTellsFetchesApart(t *testing.T) {
	noRow := map[string]string{
		"Supply": "the endpoint says it", "PageLen": "it cuts the same rows into pages", "Eager": "it says when", "FirstRow": "it says when",
		"Detail": "the columns say it", "Unfiltered": "SQLite drops what it has beyond the others",
	}
	other := map[string]any{
		"Relation": NewRelation("acme", "platform", "Tags"), "Endpoint": &schema.Endpoint{Path: "/elsewhere"},
		"Parent":   &Fetch{Relation: NewRelation("acme", "Information", "Repositories"), Endpoint: &schema.Endpoint{}},
		"Queries":  []url.Values{{"q": {"id = 1"}}},
		"Bindings": []Binding{{"name": "main"}},
	}
	base := Fetch{Relation: NewRelation("acme", "platform", "Branches"), Endpoint: &schema.Endpoint{Path: "/here"}}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Fetch]()) {
		changed := base
		place := reflect.ValueOf(&changed).Elem().FieldByIndex(field.Index)
		if value, ok := other[field.Name]; ok {
			place.Set(reflect.ValueOf(value))
		} else {
			place.Set(sample(t, field.Type))
		}
		_, same := noRow[field.Name]
		if (changed.Key() == base.Key()) != same {
			t.Errorf("%s: the keys are equal: %v, want %v", field.Name, !same, same)
		}
	}
}

// sample is a value of a type that is not its zero.
func sample(t *testing.T, of reflect.Type) reflect.Value {
	switch of.Kind() {
	case reflect.Bool:
		return reflect.ValueOf(true)
	case reflect.Int, reflect.Int64:
		return reflect.ValueOf(7).Convert(of)
	case reflect.Pointer:
		return reflect.New(of.Elem())
	case reflect.Slice:
		return reflect.MakeSlice(of, 1, 1)
	case reflect.Map:
		m := reflect.MakeMap(of)
		m.SetMapIndex(reflect.Zero(of.Key()), reflect.Zero(of.Elem()))
		return m
	}
	t.Fatalf("no value of type %s is at hand", of)
	return reflect.Value{}
}
