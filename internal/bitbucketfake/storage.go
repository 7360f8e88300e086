package bitbucketfake

import "strings"

// redirectToStorage answers with the signed address of a stored file, see bucketURL.
func (rq *request) redirectToStorage(status int, name string) {
	rq.fail(status, "The file is in storage")
	rq.header.Set("Location", rq.bucketURL(name))
}

// stored makes a file again whose address redirectToStorage gave away: "kind/{repository}/…", as its handler named it.
func (s *Server) stored(name string) ([]byte, bool) {
	seg := strings.Split(name, "/")
	if len(seg) < 3 {
		return nil, false
	}
	for _, w := range s.ws {
		for _, r := range w.repos {
			if r.uuid != seg[1] {
				continue
			}
			switch seg[0] {
			case "logs":
				return r.storedLog(seg[2:])
			case "attachments":
				return r.storedAttachment(seg[2:])
			}
		}
	}
	return nil, false
}
