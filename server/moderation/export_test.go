package moderation

// What the workers do, for tests that do it twice.
var (
	Alarm      = (*Moderation).alarm
	Credential = (*Moderation).credential
)

// ParseCursor reads a cursor and gives it as it stands in an address.
func ParseCursor(s string) (string, error) {
	c, err := parseCursor(s)
	return c.String(), err
}

// MayPause is the rule of who may mute or suspend whom.
var MayPause = mayPause
