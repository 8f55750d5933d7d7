//go:build !unix

package db

import (
	"context"

	"github.com/uptrace/bun/driver/pgdriver"
)

// alive cannot look at a socket here; a connection that died while idle fails its next query.
func alive(context.Context, *pgdriver.Conn) error { return nil }
