//go:build !linux && !darwin

package embedpg

import (
	"context"
	"errors"
)

// Postgres does not exist on this system: Start always fails.
type Postgres struct{}

// Start fails: peer authentication and recovery after a crash need Linux or macOS.
func Start(context.Context, Config) (*Postgres, error) {
	return nil, errors.New("the embedded Postgres runs on Linux and macOS only: set DATABASE_URL to a Postgres of your own")
}

// Attach finds nothing: no process can have started Postgres here.
func Attach(string) (socketFile string, running bool) { return "", false }

// Socket is empty.
func (*Postgres) Socket() string { return "" }

// SocketDir is empty.
func (*Postgres) SocketDir() string { return "" }

// Ready is false.
func (*Postgres) Ready() bool { return false }

// Stop has nothing to do.
func (*Postgres) Stop(context.Context) error { return nil }
