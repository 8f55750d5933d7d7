package accounts

import (
	"sync"
	"time"
	_ "time/tzdata" // machines that have no time zones of their own know the same ones
)

// zones are those that somebody chose, since the library reads a zone's file each time.
var zones sync.Map

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
