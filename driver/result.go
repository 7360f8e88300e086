package driver

import (
	sqldriver "database/sql/driver"
	"errors"
)

// result is the number of rows that a statement changed.
type result int64

var _ sqldriver.Result = result(0)

var errNoInsertID = errors.New("bitbucket: there is no last insert id, Bitbucket's keys are not numbers: read the row back by its key")

func (r result) LastInsertId() (int64, error) { return 0, errNoInsertID }
func (r result) RowsAffected() (int64, error) { return int64(r), nil }
