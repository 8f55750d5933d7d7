// Package migrations holds the database's shape, forward only. A file is named
// YYYYMMDDHHMMSS_domain_what.tx.up.sql: the domain owns the tables that it makes, and
// `--bun:split` stands between statements.
package migrations

import "embed"

// Files are the migrations, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
