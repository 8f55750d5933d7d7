package accounts

import (
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // machines that have no time zones of their own know the same ones
)

// zoneShape is how zones that a place has are spelt: "Europe/Amsterdam", "America/Argentina/Salta", "UTC". It leaves out
// "Local", which is where the server stands.
var zoneShape = regexp.MustCompile(`^(UTC|[A-Z][A-Za-z]{1,15}(/[A-Za-z0-9_+-]{1,20}){1,2})$`)

// zones are those that somebody chose, since the library reads a zone's file each time.
var zones sync.Map

func knownZone(name string) bool {
	if !zoneShape.MatchString(name) {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// Location is the time zone in which the viewer reads moments: UTC where they chose none.
func (v Viewer) Location() *time.Location {
	if v.Zone == "" {
		return time.UTC
	}
	if kept, found := zones.Load(v.Zone); found {
		return kept.(*time.Location)
	}
	location, err := time.LoadLocation(v.Zone)
	if err != nil { // a zone that has been abolished since
		return time.UTC
	}
	zones.Store(v.Zone, location)
	return location
}
