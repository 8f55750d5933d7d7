package ui

import (
	"fmt"
	"time"
)

// AgoWords say how long ago t was, as one says it to a friend: "12 min ago", "yesterday", "Monday", "3 March".
// Days are those of t's own zone; js/time.js says them again in the reader's.
func AgoWords(t, now time.Time) string {
	now = now.In(t.Location())
	switch age, days := now.Sub(t), daysBetween(t, now); {
	case age < time.Minute:
		return "just now"
	case age < time.Hour:
		return fmt.Sprintf("%d min ago", int(age.Minutes()))
	case days == 0 || age < 6*time.Hour:
		return fmt.Sprintf("%d h ago", int(age.Hours()))
	case days == 1:
		return "yesterday"
	case days < 7:
		return t.Weekday().String()
	case t.Year() == now.Year():
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}

// daysBetween counts the midnights from t to now.
func daysBetween(t, now time.Time) int {
	midnight := func(m time.Time) time.Time {
		return time.Date(m.Year(), m.Month(), m.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(now).Sub(midnight(t)).Hours() / 24)
}

// machine is t for the datetime attribute.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }
