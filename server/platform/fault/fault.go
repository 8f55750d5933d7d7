// Package fault is how the house says no to a person: a kind that becomes a status, a message in
// their words, and a cause that only the log sees. Any other error is internal.
package fault

import (
	"errors"
	"time"
)

// Kind tells what sort of no it is; page.Error turns it into an HTTP status.
type Kind int

// The kinds, with the status that each becomes.
const (
	Invalid         Kind = iota + 1 // 422: what was sent has faults, named in Fields
	Unauthenticated                 // 401: sign in first
	Forbidden                       // 403: may be seen, may not be done
	NotFound                        // 404: not there, or hidden from this viewer
	Conflict                        // 409: somebody was faster
	TooMany                         // 429: slower, please
	Unavailable                     // 503: the house is busy or its database is away
	TooLarge                        // 413: more than the house takes at once
)

// Error is a refusal that a person may read.
type Error struct {
	Kind    Kind
	Message string            // for a person: what happened, what is kept, what to do
	Fields  map[string]string // the fault of each form field, by its name
	Code    string            // a fixed word for machines, as in the chat protocol; may be empty
	Retry   time.Duration     // when to try again; zero if that would not help
	Details map[string]any    // what a program may need to go on; a page shows it in its own way
	cause   error
}

// Error is for the log; it holds nothing that a person typed.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.Message + ": " + e.cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.cause }

// New makes a refusal of a kind.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Because adds the cause for the log.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Coded adds the fixed word for machines.
func (e *Error) Coded(code string) *Error {
	e.Code = code
	return e
}

// Field makes an Invalid with one field's fault.
func Field(name, message string) *Error {
	return &Error{Kind: Invalid, Message: message, Fields: map[string]string{name: message}}
}

// Fields makes an Invalid with several, or nil where there are none.
func Fields(faults map[string]string) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Some things need another look.", Fields: faults}
}

// Missing is the one answer for what is not there and for what this viewer may not see.
func Missing() *Error {
	return New(NotFound, "There is nothing here, or it is not open to you.")
}

// SlowDown asks for a pause; nothing that was typed is lost.
func SlowDown(retry time.Duration) *Error {
	return &Error{Kind: TooMany, Message: "That was a lot in a short time. Please try again in a little while; nothing you wrote is lost.", Code: "rate", Retry: retry}
}

// KindOf tells the kind of an error; zero means internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// Is reports whether err is a refusal of this kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }
