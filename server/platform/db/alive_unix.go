//go:build unix

package db

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"syscall"

	"github.com/uptrace/bun/driver/pgdriver"
)

// alive looks, without waiting, whether the server has hung up on an idle connection. Without it
// each pooled connection fails once after Postgres was restarted.
func alive(_ context.Context, conn *pgdriver.Conn) error {
	plain := conn.Conn()
	if secured, ok := plain.(*tls.Conn); ok {
		plain = secured.NetConn()
	}
	socket, ok := plain.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return driver.ErrBadConn
	}
	bad := false
	peek := [1]byte{}
	err = raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), peek[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT) //nolint:gosec // a descriptor fits an int
		// end of file, bytes nobody asked for (FATAL), or a broken socket
		bad = (err == nil && n >= 0) || (err != nil && !errors.Is(err, syscall.EAGAIN))
	})
	if err != nil || bad {
		return driver.ErrBadConn
	}
	return nil
}
