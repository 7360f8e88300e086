package bitbucketfake

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// stepsBy finds a step of the shared server's first repository for each state.
func stepsBy(t *testing.T, s *Server) (done, running, waiting, skipped, tested string) {
	t.Helper()
	get(t, s, platform+"/pipelines")
	for _, p := range s.ws[0].repos[0].pipelines {
		for _, x := range p.steps {
			path := platform + "/pipelines/" + url.PathEscape(p.uuid) + "/steps/" + url.PathEscape(x.uuid)
			switch {
			case x.detail == "NOT_RUN":
				skipped = path
			case x.state == "COMPLETED":
				done = path
				if x.name == "Unit tests" && x.detail == "FAILED" {
					tested = path
				}
			case x.state == "IN_PROGRESS":
				running = path
			default:
				waiting = path
			}
		}
	}
	if done == "" || running == "" || waiting == "" || skipped == "" || tested == "" {
		t.Fatalf("steps %q %q %q %q %q", done, running, waiting, skipped, tested)
	}
	return done, running, waiting, skipped, tested
}

func TestStepLog(t *testing.T) {
	s := shared()
	done, running, waiting, skipped, tested := stepsBy(t, s)
	for accept, status := range map[string]int{
		"": 200, "*/*": 200, "application/octet-stream": 200, "text/html, */*;q=0.1": 200, "application/json": 406, "text/plain": 406, "*/*;q=0": 406,
	} {
		if a := ask(s, running+"/log", "Accept", accept); a.status != status {
			t.Errorf("Accept %q: %d, want %d", accept, a.status, status)
		}
	}
	for _, path := range []string{waiting, skipped} {
		if msg := refuse(t, s, path+"/log", http.StatusNotFound); !strings.HasPrefix(msg, "Not found: Log in step {") {
			t.Error(msg)
		}
	}
	log := ask(s, running+"/log")
	if log.header.Get("Content-Type") != octets || !strings.HasPrefix(string(log.body), "+ umask") || log.header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("%v %s", log.header, cut(log.body))
	}
	for asked, want := range map[string]struct {
		status int
		body   string
		at     string
	}{
		"bytes=0-9":      {206, string(log.body[:10]), "bytes 0-9/"},
		"bytes=5-":       {206, string(log.body[5:]), "bytes 5-"},
		"bytes=-7":       {206, string(log.body[len(log.body)-7:]), ""},
		"bytes=0-999999": {206, string(log.body), "bytes 0-"},
		"bytes=999999-":  {416, "", "bytes */"},
		"bytes=9-3":      {200, string(log.body), ""},
		"lines=1-2":      {200, string(log.body), ""},
		"bytes=0-1,4-5":  {200, string(log.body), ""},
	} {
		a := ask(s, running+"/log", "Range", asked)
		if a.status != want.status || want.body != "" && string(a.body) != want.body || !strings.HasPrefix(a.header.Get("Content-Range"), want.at) {
			t.Errorf("%s: %d, %d bytes, %s", asked, a.status, len(a.body), a.header.Get("Content-Range"))
		}
	}
	if a := ask(s, running+"/log", "If-None-Match", log.header.Get("Etag")); a.status != http.StatusNotModified || len(a.body) != 0 {
		t.Errorf("304: %d with %d bytes", a.status, len(a.body))
	}
	if a := ask(s, done+"/log"); a.status != http.StatusTemporaryRedirect || a.header.Get("Location") == "" {
		t.Errorf("a finished step's log: %d", a.status)
	}
	// The build container has the step's UUID, a service container its own.
	step := tested[strings.LastIndexByte(tested, '/')+1:]
	if a := ask(s, tested+"/logs/"+step); a.status != http.StatusTemporaryRedirect || a.header.Get("Location") != ask(s, tested+"/log").header.Get("Location") {
		t.Errorf("log of the build container: %d", a.status)
	}
	refuse(t, s, tested+"/logs/%7Bnope%7D", http.StatusNotFound)
	refuse(t, s, tested+"/nope", http.StatusNotFound)
}

// The storage of logs has another name than the API and refuses the API's credential.
func TestStoredLog(t *testing.T) {
	s := small(t)
	done, _, _, _, tested := stepsBy(t, s)
	fetch := func(address string, header ...string) (*http.Response, string) {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	// The standard client drops the credential when the host's name changes.
	resp, body := fetch(s.URL()+done+"/log", "Authorization", "Bearer demo")
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "+ umask") || resp.Request.URL.Hostname() != "localhost" {
		t.Fatalf("%d from %s: %.80s", resp.StatusCode, resp.Request.URL, body)
	}
	at := resp.Request.URL.String()
	if resp, part := fetch(at, "Range", "bytes=2-6"); resp.StatusCode != http.StatusPartialContent || part != body[2:7] {
		t.Errorf("range: %d %q", resp.StatusCode, part)
	}
	if resp, _ := fetch(at, "Range", "bytes=9999999-"); resp.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("range past the end: %d", resp.StatusCode)
	}
	if resp, _ := fetch(at, "Authorization", "Bearer demo"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("with a credential: %d", resp.StatusCode)
	}
	if resp, _ := fetch(strings.Replace(at, "Signature=", "Signature=x", 1)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("bad signature: %d", resp.StatusCode)
	}
	get(t, s, platform+"/pipelines")
	for _, p := range s.ws[0].repos[0].pipelines {
		for _, x := range p.steps {
			if strings.HasSuffix(tested, url.PathEscape(x.uuid)) {
				if _, body := fetch(s.URL()+tested+"/logs/"+url.PathEscape(x.service()), "Authorization", "Bearer demo"); !strings.Contains(body, "checkpoint") {
					t.Errorf("log of the service: %.80s", body)
				}
			}
		}
	}
}

func TestTestReports(t *testing.T) {
	s := shared()
	done, running, waiting, _, tested := stepsBy(t, s)
	path := tested + "/test_reports"
	cases := sameByKey(t, s, path+"/test_cases", "uuid", nil)
	report := get(t, s, path)
	count := map[string]int{}
	reasons := map[string]int{}
	for _, c := range cases {
		status := c["status"].(string)
		count[status]++
		m := get(t, s, path+"/test_cases/"+url.PathEscape(c["uuid"].(string))+"/test_case_reasons")
		reasons[status] = len(values(m))
	}
	if report["number_of_test_cases"] != float64(len(cases)) || report["number_of_failed_test_cases"] != float64(count["FAILED"]) ||
		report["number_of_successful_test_cases"] != float64(count["SUCCESSFUL"]) || count["FAILED"] == 0 {
		t.Errorf("%v of %v", report, count)
	}
	if reasons["FAILED"] != 2 || reasons["SUCCESSFUL"] != 0 {
		t.Errorf("reasons %v", reasons)
	}
	refuse(t, s, path+"/test_cases/%7Bnope%7D/test_case_reasons", http.StatusNotFound)
	for _, other := range []string{done, running, waiting} {
		if !strings.Contains(string(ask(s, other).body), `"Unit tests"`) {
			refuse(t, s, other+"/test_reports", http.StatusNotFound)
		}
	}
}
