package embedpg

import "testing"

func TestPostgresEndsWithItsServer(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	s := startServer(t, dir)
	s.kill(t)
	eventually(t, "Postgres to end by itself", func() bool { return len(running(t, dir)) == 0 })
	wantGone(t, dir) // its pid file too: it was an orderly end
}
