package db

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/uptrace/bun/driver/pgdriver"
)

// Target is where Postgres is. One parser feeds both drivers: pgdriver for the pages, pgx for the jobs.
type Target struct {
	conn *pgconn.Config
	pool int
	role string // taken after connecting; empty stays who logged in
}

// Socket is the target of a Postgres on a unix socket folder, entered by the system's own user.
func Socket(dir, user, database string) Target {
	target, err := Parse(fmt.Sprintf("postgres://%s@/%s?host=%s", url.PathEscape(user), url.PathEscape(database), url.QueryEscape(dir)))
	if err != nil {
		panic("a socket address that we made ourselves: " + err.Error())
	}
	return target
}

// Parse reads a DATABASE_URL. Without a user it takes PGUSER, else `firstdrops`; without a database
// PGDATABASE, else `firstdrops`. Without sslmode
// the connection is not encrypted: over a network say sslmode=verify-full.
func Parse(address string) (Target, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return Target{}, errors.New("it must look like postgres://user:password@host:5432/firstdrops or postgres:///firstdrops?host=/dir")
	}
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		// pgconn's own message hides the password, and the address is the operator's.
		return Target{}, fmt.Errorf("it cannot be read: %w", err)
	}
	if u.User.Username() == "" && os.Getenv("PGUSER") == "" && !u.Query().Has("user") {
		config.User = "firstdrops"
	}
	if config.Database == "" {
		config.Database = "firstdrops"
	}
	if u.Query().Get("sslmode") == "" && os.Getenv("PGSSLMODE") == "" {
		config.TLSConfig = nil
	}
	config.Fallbacks = nil
	config.ConnectTimeout = 0
	return Target{conn: config, pool: 20}, nil
}

// WithDatabase is the same server, another database.
func (t Target) WithDatabase(name string) Target {
	copied := t.conn.Copy()
	copied.Database = name
	return Target{conn: copied, pool: t.pool, role: t.role}
}

// WithPool sets how many connections the pool may hold.
func (t Target) WithPool(size int) Target {
	t.pool = size
	return t
}

// Database is the name of the database.
func (t Target) Database() string { return t.conn.Database }

// URL is the target as a DATABASE_URL, for a second process; it names the login, not the role.
func (t Target) URL() string {
	user := url.User(t.conn.User)
	if t.conn.Password != "" {
		user = url.UserPassword(t.conn.User, t.conn.Password)
	}
	query := url.Values{"host": {t.conn.Host}, "port": {fmt.Sprint(t.conn.Port)}}
	u := url.URL{Scheme: "postgres", User: user, Path: "/" + t.conn.Database, RawQuery: query.Encode()}
	return u.String()
}

func (t Target) poolSize() int { return t.pool }

func (t Target) driverOptions() []pgdriver.Option {
	network, address := pgconn.NetworkAddress(t.conn.Host, t.conn.Port)
	options := []pgdriver.Option{
		pgdriver.WithNetwork(network), pgdriver.WithAddr(address),
		pgdriver.WithUser(t.conn.User), pgdriver.WithPassword(t.conn.Password),
		pgdriver.WithDatabase(t.conn.Database), pgdriver.WithApplicationName("firstdrops"),
	}
	if t.conn.TLSConfig == nil {
		return append(options, pgdriver.WithInsecure(true))
	}
	return append(options, pgdriver.WithTLSConfig(t.conn.TLSConfig))
}

// PoolConfig is the same target for pgx, which the jobs' workers need.
func (t Target) PoolConfig() (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig("host=/")
	if err != nil {
		return nil, fmt.Errorf("making a pool for the jobs: %w", err)
	}
	config.ConnConfig.Config = *t.conn.Copy()
	if t.role != "" {
		config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "SET ROLE "+t.role)
			return err
		}
	}
	return config, nil
}
