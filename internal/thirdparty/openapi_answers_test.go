package thirdparty

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// faulty are the places where answers differ from the document although no example shows it, with the reason.
var faulty = map[string]string{
	"project: description: Value is not nullable":                                                 "not seen in an example; the test server does it so that NULLs are met",
	"repository: mainbranch: Value is not nullable":                                               "null while a repository is empty (api-facts.md, section 0)",
	"pullrequest: author: Value is not nullable":                                                  "not seen in an example; the test server does it for accounts that are gone",
	"pullrequest: source.repository: Value is not nullable":                                       "null when the fork is gone (api-facts.md, section 8)",
	`the type "branches" is not defined`:                                                          "the type of a selector is its kind, one of those that pipeline_selector lists",
	`the type "pipeline_trigger_scheduled" is not defined`:                                        "the document has triggers of two kinds only; its parameter trigger_type tells of more",
	`the type "pipeline_step_trigger_manual" is not defined`:                                      "the document has no triggers of steps; examples have the automatic one",
	`the type "deployment_environment_type" is not defined`:                                       "the document has no types of environments, which the API returns (api-facts.md, section 0)",
	`the type "deployment_deployable" is not defined`:                                             "the document has no deployables, which the API returns (api-facts.md, section 0)",
	"user: has_2fa_enabled: Value is not nullable":                                                nulls,
	"ssh_key: last_used: Value is not nullable":                                                   nulls,
	"ssh_key: expires_on: Value is not nullable":                                                  nulls,
	"gpg_key: parent_fingerprint: Value is not nullable":                                          nulls,
	"gpg_key: last_used: Value is not nullable":                                                   nulls,
	"webhook_subscription: description: Value is not nullable":                                    nulls,
	"pipeline_runner_state: version: Value is not nullable":                                       nulls,
	"branching_model_settings: development.name: Value is not nullable":                           nulls,
	"branching_model_settings: production.name: Value is not nullable":                            nulls,
	"commit_comment: inline.to: Value is not nullable":                                            nulls,
	"commit_comment: inline.from: Value is not nullable":                                          nulls,
	"build: refname: Value is not nullable":                                                       nulls,
	"report: link: Value is not nullable":                                                         nulls,
	"report: logo_url: Value is not nullable":                                                     nulls,
	"report_annotation: link: Value is not nullable":                                              nulls,
	"report_annotation: line: Value is not nullable":                                              nulls,
	"report_annotation: path: Value is not nullable":                                              nulls,
	"diffstat: new: Value is not nullable":                                                        nulls,
	"pipeline_cache: key_hash: Value is not nullable":                                             nulls,
	"issue: reporter: Value is not nullable":                                                      nulls,
	"issue_comment: updated_on: Value is not nullable":                                            nulls,
	"rendered: raw: Value is not nullable":                                                        nulls,
	`report_annotation: result: %!q(<nil>) is not one of ["PASSED" "FAILED" "SKIPPED" "IGNORED"]`: nulls,
	`report_annotation: severity: %!q(<nil>) is not one of ["CRITICAL" "HIGH" "MEDIUM" "LOW"]`:    nulls,
	"snippet: id: value must be an integer":                                                       "a word in the addresses of the document's own examples (api-facts.md, section 8)",
	`the type "email" is not defined`:                                                             "the document has no schema of addresses (api-facts.md, section 8)",
	`the type "download" is not defined`:                                                          "the document has no schema of downloads (api-facts.md, section 8)",
	`the type "repository_pipelines_configuration" is not defined`:                                "the document defines it under another name, pipelines_config",
}

const nulls = "not seen in an example; the test server does it so that NULLs are met"

func init() {
	for _, kind := range []string{"BOOLEAN", "DATE", "DURATION", "LINK", "NUMBER", "PERCENTAGE", "TEXT"} {
		faulty[fmt.Sprintf("the type %q is not defined", kind)] = "not the type of an object: what a value in a report means"
		if kind != "LINK" {
			faulty[kind+": value: value must be an object"] = "the document says so, and shows numbers and words"
		}
	}
	for _, attribute := range []string{"link", "executable", "subrepository", "binary", "lfs"} {
		faulty[fmt.Sprintf(`commit_file: attributes: [%q] is not one of ["link" "executable" "subrepository" "binary" "lfs"]`, attribute)] = "a list in listings " +
			"of directories, which the document declares as one of its elements"
	}
	const tasks = "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/tasks"
	for _, member := range []string{
		"id", "state", "content", "creator", "created_on", "updated_on", "resolved_on", "resolved_by", "pending", "links", "comment",
	} {
		for _, place := range []string{tasks + ": values.*", tasks + "/{task_id}: "} {
			faulty[fmt.Sprintf("%s: property %q is unsupported", place, member)] = "the parts of the definition of tasks refuse each other's members"
		}
	}
	faulty[tasks+`: values.*.comment.type: property "type" is missing`] = "as real tasks have it (api-facts.md, section 0)"
	faulty[tasks+`/{task_id}: comment.type: property "type" is missing`] = "as real tasks have it (api-facts.md, section 0)"
	faulty[`GET /repositories/{workspace}/{repo_slug}/file-conflicts/{spec}: values.*.type: property "type" is missing`] = "not in the document's own example"
}

// The answers of the test server are valid by the document: as a whole by the schema of the operation, and every object in
// them by the definition that its "type" names. They may differ from it only where real answers do too, those of examples.
func TestAnswersAreDocumented(t *testing.T) {
	d := openDocument(t)
	real := d.exampleFaults(t)
	fake := startFake(t, bitbucketfake.Config{PullRequests: 20, Commits: 60, Issues: true})
	needed, told, seen := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, address := range addresses(t, fake) {
		status, body := fetch(t, address)
		d, path, _, problem := d.find(strings.TrimPrefix(address.EscapedPath(), "/2.0/"))
		if problem != "" {
			if path = young(&exchange{url: address}); path == "" {
				t.Errorf("GET %s %s", address, problem)
			}
			seen[path] = true
			continue
		}
		if operation, _ := d.get(path); body == nil {
			if answer(operation) != nil {
				t.Errorf("GET %s is answered with something that is no JSON", address)
			}
			continue
		}
		found := d.faults(body)
		if status == http.StatusOK {
			seen[path] = true
			operation, _ := d.get(path)
			if s := answer(operation); s != nil {
				found = append(found, anchored(visit(s.Value, body), body, "GET "+path)...)
			}
		}
		for _, fault := range found {
			needed[fault] = true
			if !real[fault] && faulty[fault] == "" && !told[fault] {
				told[fault] = true
				t.Errorf("%s (GET %s)", fault, address.RequestURI())
			}
		}
	}
	endpoints(func(table *schema.Table, e *schema.Endpoint, _ bool) {
		if !seen[strings.TrimSuffix(e.Path, "/")] && e.Paging != schema.Raw {
			t.Errorf("%s: no answer of %s was judged", table.Name, e.Path)
		}
	})
	for fault := range faulty {
		if !needed[fault] || real[fault] {
			t.Errorf("the exception %q is not needed", fault)
		}
	}
}

// The test server's error answers are valid too.
func TestErrorsAreDocumented(t *testing.T) {
	d := openDocument(t)
	real := d.exampleFaults(t)
	fake := startFake(t, small)
	for path, want := range map[string]int{
		"/workspaces/none":        http.StatusNotFound,
		"/workspaces":             http.StatusGone,
		"/nothing":                http.StatusNotFound,
		"/repositories/acme/none": http.StatusNotFound,
		"/repositories/acme/platform/pullrequests/0":           http.StatusNotFound,
		"/repositories/acme/platform/pullrequests?pagelen=51":  http.StatusBadRequest,
		"/repositories/acme/platform/pullrequests?q=title":     http.StatusBadRequest,
		"/repositories/acme/platform/pullrequests?state=MAYBE": http.StatusBadRequest,
		"/repositories/acme/platform/refs/branches/none":       http.StatusNotFound,
		"/repositories/acme/platform/commit/none":              http.StatusNotFound,
		"/repositories/acme/platform/pipelines/999999":         http.StatusNotFound,
	} {
		address, err := url.Parse(fake.URL() + "/2.0" + path)
		if err != nil {
			t.Fatal(err)
		}
		status, body := fetch(t, address)
		if status != want {
			t.Errorf("GET %s: %d, want %d", path, status, want)
		}
		if kind, _ := dig(body, "type"); kind != "error" {
			t.Errorf("GET %s: the type is %v", path, kind)
		}
		for _, fault := range d.faults(body) {
			if !real[fault] {
				t.Errorf("GET %s: %s", path, fault)
			}
		}
	}
}

// exampleFaults are the differences of real answers from the document.
func (d *document) exampleFaults(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(shared(t, "examples/SOURCES.md")), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	real := make(map[string]bool)
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "hand.") { // put together from prose
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var body any
		if err := json.Unmarshal(data, &body); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, fault := range d.faults(body) {
			real[fault] = true
		}
	}
	return real
}

// faults lists what is wrong with the objects in a body by the definitions that their types name.
func (d *document) faults(body any) (list []string) {
	walk(body, func(object map[string]any) {
		name, _ := object["type"].(string)
		s := d.Components.Schemas[name]
		if s == nil {
			list = append(list, fmt.Sprintf("the type %q is not defined", name))
			return
		}
		list = append(list, anchored(visit(s.Value, object), object, "")...)
	})
	return list
}

// addresses are requests for every endpoint, without fields so that the answers are whole.
func addresses(t *testing.T, fake *bitbucketfake.Server) []*url.URL {
	t.Helper()
	db, recorded := openRecorded(t, fake.DSN()+";PushDown=false")
	pushing, more := openRecorded(t, fake.DSN())
	for _, table := range schema.Tables() {
		name := schemaOf(table) + "." + table.Name
		for _, example := range table.Examples {
			run(t, pushing, example.SQL)
		}
		if len(needs(table)) > 0 {
			continue
		}
		run(t, db, "SELECT * FROM "+name+" LIMIT 200")
		run(t, db, "SELECT * FROM "+name+" LIMIT 3")
		for i := range table.Endpoints {
			columns := bound(&table.Endpoints[i])
			if len(columns) == 0 {
				continue
			}
			for _, values := range run(t, db, "SELECT DISTINCT "+strings.Join(columns, ", ")+" FROM "+name+" LIMIT 25") {
				if !slices.Contains(values, nil) {
					run(t, pushing, "SELECT * FROM "+name+" WHERE "+equalities(columns), values...)
				}
			}
		}
	}
	var list []*url.URL
	seen := make(map[string]bool)
	for _, x := range slices.Concat(recorded.take(), more.take()) {
		if x.led || !json.Valid(x.body) {
			continue // not asked for by the driver, or no JSON
		}
		address := *x.url
		query := address.Query()
		query.Del("fields")
		address.RawQuery = query.Encode()
		if !seen[address.String()] {
			seen[address.String()] = true
			list = append(list, &address)
		}
	}
	return list
}

// fetch gets an answer; its body is nil if it is no JSON.
func fetch(t *testing.T, address *url.URL) (status int, body any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+fakeToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return response.StatusCode, nil
	}
	return response.StatusCode, body
}

// visit judges a value and reports all that is wrong.
func visit(s *openapi3.Schema, value any) error {
	return s.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse(), openapi3.EnableFormatValidation(),
		openapi3.WithStringFormatValidator("date-time", openapi3.NewCallbackValidator(func(text string) error {
			_, err := time.Parse(time.RFC3339Nano, text)
			return err
		})),
		openapi3.WithStringFormatValidator("uri", openapi3.NewCallbackValidator(func(text string) error {
			u, err := url.Parse(text)
			if err == nil && !u.IsAbs() {
				err = errors.New("is not absolute")
			}
			return err
		})))
}

// walk calls f for every object that names its type.
func walk(value any, f func(map[string]any)) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			walk(element, f)
		}
	case map[string]any:
		if _, ok := v["type"].(string); ok {
			f(v)
		}
		for _, member := range v {
			walk(member, f)
		}
	}
}

// anchored lists what a validation of the body found, each as "type: member: what is wrong", where the member is below the
// innermost object with a type. Outside of any it begins with root.
func anchored(err error, body any, root string) (list []string) {
	for _, e := range schemaErrors(err) {
		anchor, place, value := root, []string(nil), body
		note := func() {
			if object, ok := value.(map[string]any); ok {
				if name, ok := object["type"].(string); ok {
					anchor, place = name, nil
				}
			}
		}
		note()
		for _, piece := range e.JSONPointer() {
			switch v := value.(type) {
			case []any:
				i, _ := strconv.Atoi(piece)
				value, piece = v[i], "*"
			case map[string]any:
				value = v[piece]
			}
			place = append(place, piece)
			note()
		}
		list = append(list, fmt.Sprintf("%s: %s: %s", anchor, strings.Join(place, "."), reason(e)))
	}
	return list
}

func reason(e *openapi3.SchemaError) string {
	switch e.SchemaField {
	case "format":
		return "is no " + e.Schema.Format
	case "enum":
		return fmt.Sprintf("%q is not one of %q", e.Value, e.Schema.Enum)
	}
	return e.Reason
}

// schemaErrors are the innermost errors of a validation.
func schemaErrors(err error) []*openapi3.SchemaError {
	switch e := err.(type) { //nolint:errorlint // each layer is looked into
	case openapi3.MultiError:
		var list []*openapi3.SchemaError
		for _, one := range e {
			list = append(list, schemaErrors(one)...)
		}
		return list
	case *openapi3.SchemaError:
		if inner := schemaErrors(e.Origin); len(inner) > 0 {
			return inner
		}
		return []*openapi3.SchemaError{e}
	case nil:
		return nil
	default:
		return schemaErrors(errors.Unwrap(err))
	}
}
