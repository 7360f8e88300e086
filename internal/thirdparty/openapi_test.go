package thirdparty

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// document is Atlassian's OpenAPI document (https://api.bitbucket.org/swagger.json), converted from Swagger 2.0.
type document struct {
	*openapi3.T
	// heirs are the definitions that extend a definition by allOf, by its name.
	heirs map[string][]string
	// retired is the document that still had the operations of retired tables.
	retired *document
}

// of is the document that has the table's operations.
func (d *document) of(table *schema.Table) *document {
	if table.Retired != "" {
		return d.retired
	}
	return d
}

var loadDocument = sync.OnceValues(func() (*document, error) {
	d, err := readDocument(documentPath)
	if err == nil {
		d.retired, err = readDocument(retiredPath)
	}
	return d, err
})

func readDocument(path string) (*document, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var two openapi2.T
	if err := json.Unmarshal(data, &two); err != nil {
		return nil, err
	}
	three, err := openapi2conv.ToV3(&two)
	if err != nil {
		return nil, err
	}
	if err := openapi3.NewLoader().ResolveRefsIn(three, nil); err != nil {
		return nil, err
	}
	d := &document{T: three, heirs: make(map[string][]string)}
	for name, definition := range three.Components.Schemas {
		for _, base := range definition.Value.AllOf {
			if base.Ref != "" {
				d.heirs[refName(base.Ref)] = append(d.heirs[refName(base.Ref)], name)
			}
		}
	}
	return d, nil
}

var documentPath, retiredPath string

func openDocument(t *testing.T) *document {
	t.Helper()
	documentPath, retiredPath = shared(t, "openapi-current.json"), shared(t, "openapi-2026-08-15.json")
	d, err := loadDocument()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// get returns the GET operation of a path, written as in the document, whatever its slash at the end.
func (d *document) get(path string) (operation *openapi3.Operation, item *openapi3.PathItem) {
	for _, p := range []string{path, strings.TrimSuffix(path, "/"), path + "/"} {
		if item := d.Paths.Value(p); item != nil && item.Get != nil {
			return item.Get, item
		}
	}
	return nil, nil
}

// answer is the schema of the operation's answer, nil if the document has none.
func answer(operation *openapi3.Operation) *openapi3.SchemaRef {
	response := operation.Responses.Status(http.StatusOK)
	if response == nil || response.Value == nil {
		return nil
	}
	media := response.Value.Content.Get("application/json")
	if media == nil {
		return nil
	}
	return media.Schema
}

// route finds the path of the document that a request's path (below the base) fits, and the parameters in it. Among several
// the one with the most literal segments wins.
func (d *document) route(escaped string) (path string, params map[string]string, problem string) {
	have := strings.Split(strings.Trim(escaped, "/"), "/")
	best := -1
	for template, item := range d.Paths.Map() {
		want := strings.Split(strings.Trim(template, "/"), "/")
		if item.Get == nil || len(want) != len(have) {
			continue
		}
		literal, found := 0, make(map[string]string)
		for i, segment := range want {
			switch {
			case strings.HasPrefix(segment, "{"):
				found[strings.Trim(segment, "{}")] = have[i]
				continue
			case segment == have[i]:
				literal++
				continue
			}
			literal = -1
			break
		}
		if literal > best {
			best, path, params = literal, template, found
		}
	}
	if best < 0 {
		return "", nil, "is no GET of the document"
	}
	for name, value := range params {
		plain, err := url.PathUnescape(value)
		if err != nil || plain == "" {
			return "", nil, "has no value for {" + name + "}"
		}
		params[name] = plain
	}
	return path, params, ""
}

// find is route for requests of all tables: those of retired ones are in the other document.
func (d *document) find(escaped string) (in *document, path string, params map[string]string, problem string) {
	if path, params, problem = d.route(escaped); problem == "" {
		return d, path, params, ""
	}
	if path, params, other := d.retired.route(escaped); other == "" {
		return d.retired, path, params, ""
	}
	if strings.HasSuffix(escaped, "/") { // of the root directory
		if path, params, other := d.route(escaped + "{}"); other == "" && params["path"] == "{}" {
			params["path"] = "/"
			return d, path, params, ""
		}
	}
	return d, "", nil, problem
}

// parameters are the operation's parameters, and those of all operations of its path.
func parameters(operation *openapi3.Operation, item *openapi3.PathItem) []*openapi3.Parameter {
	var list []*openapi3.Parameter
	for _, p := range slices.Concat(item.Parameters, operation.Parameters) {
		list = append(list, p.Value)
	}
	return list
}

// members finds the schemas of a member of an object: those of the schema itself, of what it extends, and of what extends it
// (an answer says which by its "type").
func (d *document) members(of *openapi3.SchemaRef, name string) []*openapi3.SchemaRef {
	var found []*openapi3.SchemaRef
	seen := make(map[*openapi3.Schema]bool)
	var look func(*openapi3.SchemaRef, bool)
	look = func(s *openapi3.SchemaRef, heirs bool) {
		if s == nil || s.Value == nil || seen[s.Value] {
			return
		}
		seen[s.Value] = true
		if member := s.Value.Properties[name]; member != nil {
			found = append(found, member)
		}
		for _, base := range s.Value.AllOf {
			look(base, false) // the heirs of what it extends are its siblings
		}
		if heirs && s.Ref != "" {
			for _, heir := range d.heirs[refName(s.Ref)] {
				look(&openapi3.SchemaRef{Ref: "#/components/schemas/" + heir, Value: d.Components.Schemas[heir].Value}, true)
			}
		}
	}
	look(of, true)
	return found
}

// elements are the schemas of the elements of a list.
func elements(list []*openapi3.SchemaRef) []*openapi3.SchemaRef {
	var found []*openapi3.SchemaRef
	for _, s := range list {
		if s.Value.Items != nil {
			found = append(found, s.Value.Items)
		}
	}
	return found
}

// resolve follows a dotted path, into the elements of lists too, and returns the schemas of its end, and the piece at which the document knows no further.
func (d *document) resolve(from []*openapi3.SchemaRef, path string) (found []*openapi3.SchemaRef, missing string) {
	for i, piece := range strings.Split(path, ".") {
		var next []*openapi3.SchemaRef
		for _, s := range append(elements(from), from...) {
			next = append(next, d.members(s, piece)...)
		}
		if len(next) == 0 {
			return nil, strings.Join(strings.Split(path, ".")[:i+1], ".")
		}
		from = next
	}
	return from, ""
}
