package live

// The objects that belong to the connection, as CHAT-PROTOCOL section 4 names them; those of a room
// are chat's.

type wireWelcome struct {
	T    string `json:"t"`
	V    int    `json:"v"`
	Conn string `json:"conn"`
	Me   string `json:"me"`
	Now  int64  `json:"now"`  // unix ms
	Ping int    `json:"ping"` // s
}

type wireAck struct {
	T    string `json:"t"`
	ID   string `json:"id"`
	Room string `json:"room"`
	CMID string `json:"cmid"`
	N    int64  `json:"n"`
	Seq  int64  `json:"seq"`
	At   int64  `json:"at"` // unix ms
	Dup  bool   `json:"dup,omitempty"`
}

type wireErr struct {
	T     string `json:"t"`
	ID    string `json:"id,omitempty"`
	Room  string `json:"room,omitempty"`
	Code  string `json:"code"`
	Msg   string `json:"msg"`
	Retry int64  `json:"retry,omitempty"` // ms
}

// wireBell is how many notices wait for the person.
type wireBell struct {
	T     string `json:"t"`
	K     string `json:"k"`
	Count int    `json:"count"`
}

// wireCare asks the page to show the person who can help.
type wireCare struct {
	T    string `json:"t"`
	K    string `json:"k"`
	Room string `json:"room"`
}

type wireGone struct {
	T    string `json:"t"`
	Room string `json:"room"`
	Why  string `json:"why"`
}

type wirePing struct {
	T   string `json:"t"`
	Now int64  `json:"now"` // unix ms
}

type wireBye struct {
	T      string `json:"t"`
	Window int64  `json:"window"` // ms
}
