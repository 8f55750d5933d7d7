package accounts

import (
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/ratelimit"
)

// Limits slow down whoever joins or signs in again and again from one place. The zero Limits never do.
type Limits struct {
	signUps, signIns *ratelimit.Limiter
}

// NewLimits leaves room for a household, a ward or a small office behind one address.
func NewLimits() Limits {
	return Limits{signUps: ratelimit.New(60, 10*time.Minute), signIns: ratelimit.New(60, 10*time.Minute)}
}

// network is what counts as one place: an IPv4 address, or an IPv6 /64, which is what one home is given.
func network(c echo.Context) string {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}
