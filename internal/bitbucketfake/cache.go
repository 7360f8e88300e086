package bitbucketfake

import (
	"fmt"
	"time"
)

// cache is what a step kept for later ones.
type cache struct {
	uuid, name, path, key string // key: hash of the files it depends on, empty for caches of fixed name
	pipeline              *pipeline
	step                  *step
	size                  int64
	created               time.Time
}

// makeCaches makes n caches, of finished steps.
func (r *repository) makeCaches(base uint64, n int) []*cache {
	var out []*cache
	for i := 0; i < n && len(r.pipelines) > 0; i++ {
		g := at(base, i)
		p := r.pipelines[g.n(len(r.pipelines))]
		s := p.steps[0]
		c := &cache{
			uuid: g.uuid(), pipeline: p, step: s, name: []string{"docker", "node", "gomod", "gradle \"big\"", "größe"}[i%5],
			path: []string{"", "node_modules", "/root/go/pkg/mod", "~/.gradle/caches", "C:\\cache"}[i%5], size: int64(g.n(900_000_000)),
			created: p.created.Add(time.Duration(60+g.n(400))*time.Second + 421_000_000),
		}
		if i >= 5 {
			c.name = fmt.Sprintf("%s-%d", c.name, i/5+1)
		}
		if i%2 == 1 {
			c.key = fmt.Sprintf("%016x%016x%016x%016x", g.next(), g.next(), g.next(), g.next())
		}
		if i == 3 {
			c.size = 5_368_709_120 // more than 32 bits
		}
		out = append(out, c)
	}
	return out
}

func (c *cache) encode(e *encoder) {
	e.str("type", "pipeline_cache")
	e.str("uuid", c.uuid)
	e.str("pipeline_uuid", c.pipeline.uuid)
	e.str("step_uuid", c.step.uuid)
	e.str("name", c.name)
	e.strOrNull("key_hash", c.key)
	e.str("path", c.path)
	e.num("file_size_bytes", c.size)
	e.stamp("created_on", stampMilli, c.created)
}

// encodeURI writes where the content could be fetched; the fake has no content.
func (c *cache) encodeURI(e *encoder, r *repository) {
	const host = "https://bitbucketci-file-service.s3.amazonaws.com"
	e.str("uri", host+"/cache/"+quoteUUID(r.uuid)+"/"+quoteUUID(c.uuid)+".tar?X-Amz-Expires=600")
}
