// Package embedpg runs a Postgres of our own, so that one command is a whole site: it finds the binaries (or fetches
// them), makes the cluster, supervises the postmaster and recovers after any crash. Nobody needs a password and no
// port is open: Postgres listens on a unix socket and asks the kernel who is calling (peer authentication).
//
// Rules that the files here keep:
//   - one process at a time touches the folder: it holds flock on <dir>/lock, which the kernel frees even after SIGKILL;
//   - a cluster is made in <dir>/init-* and then renamed to <dir>/data, so half a cluster never looks like a whole one;
//   - before each start, whatever an earlier postmaster left (processes, pid file, socket) is cleared away;
//   - what people wrote never reaches Postgres's log: see the settings in postmaster.go.
//
// Not here: connections and pools (platform/db), the schema (migrations), clusters for tests (platform/testdb).
package embedpg

import (
	"fmt"
	"log/slog"
)

// User and Database are the one role and the one database of the embedded Postgres.
const User, Database = "firstdrops", "firstdrops"

// Config says where Postgres lives and how it runs.
type Config struct {
	Dir      string            // wholly ours; made when missing, its parents too
	Log      *slog.Logger      // nil: the default logger
	Settings map[string]string // extra Postgres settings; they win over ours
}

// ErrInUse reports that another process holds the folder.
type ErrInUse struct {
	PID    int    // that process; 0 when it has not written its pid yet
	Socket string // the socket file of its Postgres; empty while that is not ready
}

// Error names the process and the ways out.
func (e ErrInUse) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return who + " already runs Postgres on this folder: stop it first, or set DATABASE_URL and NATS_URL so that several servers share one site"
}
