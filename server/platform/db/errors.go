package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/uptrace/bun/driver/pgdriver"
)

// SQLSTATE codes, from the appendix of Postgres's manual; only this file knows them.
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	queryCanceled        = "57014"
	objectInUse          = "55006"
	duplicateObject      = "42710"
	insufficientRights   = "42501"
	concurrentUpdate     = "XX000" // "tuple concurrently updated": two grants of one role
)

func code(err error) string {
	var pg pgdriver.Error
	if errors.As(err, &pg) {
		return pg.Field('C')
	}
	return ""
}

// IsUnique reports whether err is a violation of this unique constraint or index.
func IsUnique(err error, constraint string) bool {
	var pg pgdriver.Error
	return errors.As(err, &pg) && pg.Field('C') == uniqueViolation && pg.Field('n') == constraint
}

// IsReferenced reports whether a row could not be deleted because others stand on it.
func IsReferenced(err error) bool { return code(err) == foreignKeyViolation }

// IsMissing reports whether a single row was asked for and there is none.
func IsMissing(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// ObjectInUse reports whether a template database is being copied by somebody else.
func ObjectInUse(err error) bool { return code(err) == objectInUse }

// forbidden reports whether the login lacks the right to do it.
func forbidden(err error) bool { return code(err) == insufficientRights }

// madeMeanwhile reports whether another process made the same role or grant first.
func madeMeanwhile(err error) bool {
	c := code(err)
	return c == duplicateObject || c == uniqueViolation || c == concurrentUpdate
}

func retryable(err error) bool {
	c := code(err)
	return c == serializationFailure || c == deadlockDetected
}

// Unavailable reports whether Postgres is away, starting, or too busy to answer in time: the
// request may be tried again, and whether a write was done is not known.
func Unavailable(err error) bool {
	switch c := code(err); {
	case c == lockNotAvailable, c == queryCanceled:
		return true
	case c != "":
		// 08 connection, 53 resources, 57P operator's intervention (shutdown, start-up)
		return strings.HasPrefix(c, "08") || strings.HasPrefix(c, "53") || strings.HasPrefix(c, "57P")
	}
	for _, gone := range []error{
		context.DeadlineExceeded, os.ErrDeadlineExceeded, driver.ErrBadConn, sql.ErrConnDone, io.EOF,
		io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, syscall.ENOENT,
	} {
		if errors.Is(err, gone) {
			return true
		}
	}
	var network net.Error
	return errors.As(err, &network)
}
