package bitbucketfake

import "net/http"

// collection is a set of objects that an endpoint serves page by page, and one by one below it.
type collection[T any] struct {
	kind   string // what a 404 calls an object
	items  []T
	is     func(item T, id string) bool
	encode func(item T, e *encoder)
	single func(item T, e *encoder) // how it is written alone; nil: as in the list
	def    int                      // default page length; 0: 10
	fields fieldSet
}

// serve answers the list when rest is empty, and the object that rest names otherwise.
func (c *collection[T]) serve(rq *request, rest []string) {
	switch len(rest) {
	case 0:
		def := c.def
		if def == 0 {
			def = 10
		}
		rq.reply(&list{
			n: len(c.items), max: 100, def: def, fields: c.fields,
			item: func(e *encoder, i int) { c.encode(c.items[i], e) },
		})
	case 1:
		for _, item := range c.items {
			if c.is(item, rest[0]) {
				encode := c.encode
				if c.single != nil {
					encode = c.single
				}
				rq.single(func(e *encoder) { encode(item, e) })
				return
			}
		}
		rq.fail(http.StatusNotFound, c.kind+" "+rest[0]+" not found")
	default:
		rq.noAPI()
	}
}

// strIfNamed writes a string that shows only when the fields parameter names it.
func (e *encoder) strIfNamed(k, v string) {
	if s := e.state.member(k, true); s != nil && s.all {
		e.key(k)
		e.b = appendString(e.b, v)
	}
}
