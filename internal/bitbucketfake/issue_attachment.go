package bitbucketfake

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

func (x *issue) encodeAttachment(e *encoder, name string) {
	e.str("type", "issue_attachment")
	e.str("name", name)
	if e.open("links") {
		e.link("self", x.repo.api, "/issues/", x.idText(), "/attachments/", url.PathEscape(name))
		e.close()
	}
}

func (rq *request) listAttachments(x *issue) {
	rq.reply(&list{n: len(x.attachments), max: 100, def: 20, item: func(e *encoder, i int) { x.encodeAttachment(e, x.attachments[i]) }})
}

// getAttachment redirects to the file.
func (rq *request) getAttachment(x *issue, name string) {
	if !slices.Contains(x.attachments, name) {
		rq.fail(http.StatusNotFound, "Attachment "+name+" not found")
		return
	}
	rq.redirectToStorage(http.StatusFound, "attachments/"+x.repo.uuid+"/"+x.idText()+"/"+name)
}

// storedAttachment makes the file that getAttachment redirected to.
func (r *repository) storedAttachment(seg []string) ([]byte, bool) {
	if len(seg) != 2 || !r.hasIssues {
		return nil, false
	}
	r.loadTracker()
	id, err := strconv.Atoi(seg[0])
	if err != nil || id < 1 || id > len(r.tracker.issues) || !slices.Contains(r.tracker.issues[id-1].attachments, seg[1]) {
		return nil, false
	}
	return []byte("attachment " + seg[1] + " of issue " + seg[0] + " of " + r.fullName() + "\n"), true
}
