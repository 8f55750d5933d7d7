package accounts

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// square is an image that an app's camera reads, drawn here so that the secret in it goes nowhere else.
type square struct {
	path string // of its dark modules, one unit each
	size int    // modules on a side
}

// quiet is the margin, in modules, that cameras need around it.
const quiet = 4

// viewBox is the image with its margin.
func (s square) viewBox() string {
	return fmt.Sprintf("%d %d %d %d", -quiet, -quiet, s.size+2*quiet, s.size+2*quiet)
}

func drawQR(address string) (square, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return square{}, fmt.Errorf("drawing a QR code: %w", err)
	}
	var path strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if code.At(x, y) == color.Black {
				_, _ = fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return square{path.String(), size}, nil
}

// inGroups is a secret as people copy it by hand; apps pass over the spaces.
func inGroups(secret string) string {
	var groups []string
	for group := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}
