//go:build cgo

package engine

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"unsafe"
)

// Function is a scalar SQL function.
type Function struct {
	Name string
	// Args is the number of arguments; -1 is any number. A name may have several functions with different numbers.
	Args int
	// Volatile functions may give another result for the same arguments.
	Volatile bool
	// Doc is one line on what it returns.
	Doc string
	// Call computes the result: nil, int64, float64, string, []byte or bool. args is valid during the call only.
	Call func(args []Value) (Value, error)
}

// Aggregate is an aggregate SQL function; New makes the state of one group. If the state is an Inverter too, it is also a
// window function.
type Aggregate struct {
	Name string
	Args int
	Doc  string
	New  func() Aggregator
}

// Aggregator is the state of one group of an aggregate function.
type Aggregator interface {
	Step(args []Value) error
	Final() (Value, error)
}

// Inverter lets an aggregator work over the moving frame of a window.
type Inverter interface {
	Aggregator
	Inverse(args []Value) error
	Value() (Value, error)
}

// function is a registered function of a connection.
type function struct {
	name string
	call func(args []Value) (Value, error)
	make func() Aggregator
}

// The kinds of calls, as in function.c.
const (
	callScalar = iota
	callStep
	callInverse
	callValue
	callFinal
)

// RegisterFunc adds a scalar function or replaces the one with the name and number of arguments. An error or panic of it
// fails the statement with that error.
func (c *Conn) RegisterFunc(f Function) error {
	return c.register(f.Name, f.Args, !f.Volatile, 0, &function{name: f.Name, call: f.Call})
}

// RegisterAggregate adds or replaces an aggregate function.
func (c *Conn) RegisterAggregate(a Aggregate) error {
	kind := 1
	if _, ok := a.New().(Inverter); ok {
		kind = 2
	}
	return c.register(a.Name, a.Args, true, kind, &function{name: a.Name, make: a.New})
}

func (c *Conn) register(name string, args int, pure bool, kind int, f *function) error {
	if err := c.enter(context.Background()); err != nil {
		return err
	}
	defer c.leave()
	c.lastID++
	c.funcs[c.lastID] = f
	cname := C.CString(name)
	defer C.free(unsafe.Pointer(cname))
	rc := C.bb_register_function(c.c, cname, C.int(args), C.sqlite3_int64(c.lastID), C.int(btoi(pure)), C.int(kind))
	if rc != C.SQLITE_OK {
		delete(c.funcs, c.lastID)
		var e C.bb_error
		C.bb_last_error(c.c.db, rc, &e)
		return fmt.Errorf("cannot register the SQL function %s: %w", name, sqlError(&e))
	}
	return nil
}

//export bbFunction
func bbFunction(conn C.uintptr_t, id C.sqlite3_int64, what C.int, ctx unsafe.Pointer, n C.int, args *C.bb_value, state *C.sqlite3_int64) {
	c := connOf(conn)
	f := c.funcs[int64(id)]
	var message *C.char
	rc := c.protect(&message, func() error {
		var few [4]Value
		vals := few[:0]
		for _, v := range unsafe.Slice(args, int(n)) {
			vals = append(vals, toGo(&v))
		}
		v, has, err := c.invoke(f, int(what), vals, state)
		if err != nil || !has {
			return err
		}
		r, err := flatten(v)
		if err != nil {
			return fmt.Errorf("function %s: %w", f.name, err)
		}
		C.bb_result((*C.sqlite3_context)(ctx), r.kind, r.i, r.d, r.p)
		return nil
	})
	if rc != C.SQLITE_OK {
		C.bb_result_failed((*C.sqlite3_context)(ctx), message, -1)
		C.free(unsafe.Pointer(message))
	}
}

// invoke runs one kind of call; has says that there is a result.
func (c *Conn) invoke(f *function, what int, args []Value, state *C.sqlite3_int64) (v Value, has bool, err error) {
	if what == callScalar {
		v, err = f.call(args)
		return v, true, err
	}
	id := int64(*state)
	a := c.aggs[id]
	if a == nil {
		c.lastID++
		id = c.lastID
		a = f.make()
		c.aggs[id] = a
		live.aggs.Add(1)
		*state = C.sqlite3_int64(id)
	}
	switch what {
	case callStep:
		return nil, false, a.Step(args)
	case callInverse:
		return nil, false, a.(Inverter).Inverse(args)
	case callValue:
		v, err = a.(Inverter).Value()
		return v, true, err
	}
	delete(c.aggs, id)
	live.aggs.Add(-1)
	v, err = a.Final()
	return v, true, err
}
