package db

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/uptrace/bun"
)

// AppRole is the role under which the pools work. It reads and writes rows and owns nothing, so that a
// fault in a query can neither reshape a table nor touch one that is only added to. It is no wall
// against somebody who may send any SQL: the login behind it could take its own role back.
const AppRole = "firstdrops_app"

// grants gives AppRole what it needs on the tables that the migrations made. One with a trigger called
// append_only is written by the functions of its own migration alone: the role reads it. Views are for reading too.
const grants = `
	DO $$
	DECLARE t regclass; closed boolean;
	BEGIN
		GRANT USAGE ON SCHEMA public TO firstdrops_app;
		FOR t, closed IN
			SELECT c.oid, c.relkind = 'v' OR EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = 'append_only')
			FROM pg_class c
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND pg_has_role(c.relowner, 'USAGE')
		LOOP
			IF closed THEN
				EXECUTE format('REVOKE ALL ON %s FROM firstdrops_app', t);
				EXECUTE format('GRANT SELECT ON %s TO firstdrops_app', t);
			ELSE
				EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO firstdrops_app', t);
			END IF;
		END LOOP;
		FOR t IN
			SELECT c.oid FROM pg_class c
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND pg_has_role(c.relowner, 'USAGE')
		LOOP
			EXECUTE format('GRANT USAGE, SELECT ON %s TO firstdrops_app', t);
		END LOOP;
	END $$`

// AsApp is the same target under AppRole.
func (t Target) AsApp() Target {
	t.role = AppRole
	return t
}

// asAppWhereMade gives AppRole its rights, and the target under it. Where the login may not make the
// role, the tables keep only their triggers, and the log says so.
func asAppWhereMade(ctx context.Context, conn bun.Conn, target Target) (Target, error) {
	switch err := makeRole(ctx, conn); {
	case forbidden(err):
		slog.WarnContext(ctx, "the database's login may not make the role "+AppRole+": the audit is guarded by its trigger alone", "error", err)
		return target, nil
	case err != nil:
		return Target{}, fmt.Errorf("making the role %s: %w", AppRole, err)
	}
	if _, err := conn.ExecContext(ctx, grants); err != nil {
		return Target{}, fmt.Errorf("giving the role %s its rights: %w", AppRole, err)
	}
	return target.AsApp(), nil
}

// makeRole sees to it that the login can become AppRole. Roles belong to the whole server, so another
// database's migration may make it at the same moment.
func makeRole(ctx context.Context, conn bun.Conn) error {
	if enter(ctx, conn) == nil {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "CREATE ROLE "+AppRole); err != nil && !madeMeanwhile(err) {
		return err
	}
	if enter(ctx, conn) == nil {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "GRANT "+AppRole+" TO CURRENT_USER"); err != nil && !madeMeanwhile(err) {
		return err
	}
	return enter(ctx, conn)
}

// enter becomes AppRole and oneself again.
func enter(ctx context.Context, conn bun.Conn) error {
	if _, err := conn.ExecContext(ctx, "SET ROLE "+AppRole); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, "RESET ROLE")
	return err
}
