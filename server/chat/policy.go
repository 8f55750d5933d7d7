package chat

import "firstdrops/server/accounts"

// mayRead tells who may be in rooms at all: members. Rooms with other rules come with modes.
func mayRead(viewer accounts.Viewer) bool { return !viewer.Guest() }
