package page_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

func TestRefusedFormsComeBack(t *testing.T) {
	t.Parallel()
	slow := fault.SlowDown(1500 * time.Millisecond)
	for _, tt := range []struct {
		err    error
		json   bool
		status int
		faults map[string]string
		wait   string
	}{
		{err: fault.Field("title", "Too short."), status: 422, faults: map[string]string{"title": "Too short."}},
		{err: fmt.Errorf("doing it: %w", fault.New(fault.Forbidden, "No.")), status: 403, faults: map[string]string{"body": "No."}},
		{err: fault.New(fault.Conflict, "Changed."), status: 409, faults: map[string]string{"body": "Changed."}},
		{err: slow, status: 429, faults: map[string]string{"body": slow.Message}, wait: "2"},
		{err: fault.Field("title", "Too short."), json: true},
		{err: fault.Missing()},
		{err: errors.New("broken")},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		if tt.json {
			r.Header.Set("Accept", "application/json")
		}
		w := httptest.NewRecorder()
		status, faults, ok := page.Refusal(echo.New().NewContext(r, w), tt.err, "body")
		if ok != (tt.status != 0) || status != tt.status || !maps.Equal(faults, tt.faults) || w.Header().Get("Retry-After") != tt.wait {
			t.Errorf("%v: %v %d %v, to wait %q", tt.err, ok, status, faults, w.Header().Get("Retry-After"))
		}
	}
}

func TestKeysOfForms(t *testing.T) {
	t.Parallel()
	key := uuid.New()
	if got, err := page.Key(url.Values{"key": {key.String()}}); err != nil || got != key {
		t.Errorf("%s is read as %s %v", key, got, err)
	}
	if got, err := page.Key(url.Values{}); err != nil || got == uuid.Nil {
		t.Errorf("no key is read as %s %v", got, err)
	}
	if _, err := page.Key(url.Values{"key": {"x"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a damaged one: %v", err)
	}
}
