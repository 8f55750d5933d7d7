package chat

// Alarmed is the job of having a moderator look at a message whose author may be in danger.
type Alarmed struct {
	RoomID int64 `json:"room_id" river:"unique"`
	N      int64 `json:"n" river:"unique"`
}

// Kind names the job in River's table.
func (Alarmed) Kind() string { return "chat.alarmed" }
