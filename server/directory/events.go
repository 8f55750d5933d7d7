package directory

// Applied is the job of having an application checked: a first one, or a changed credential.
type Applied struct {
	ConsultantID int64 `json:"consultant_id"`
}

// Kind names the job in River's table.
func (Applied) Kind() string { return "directory.applied" }

// Judged is the job of telling a consultant that their credential was verified, or why it was not.
type Judged struct {
	ConsultantID int64 `json:"consultant_id"`
	PersonID     int64 `json:"person_id"`
	Verified     bool  `json:"verified"`
}

// Kind names the job in River's table.
func (Judged) Kind() string { return "directory.judged" }

// Contacted is the job of telling a consultant that somebody wrote to them.
type Contacted struct {
	RequestID int64 `json:"request_id"`
	PersonID  int64 `json:"person_id"` // the consultant's
}

// Kind names the job in River's table.
func (Contacted) Kind() string { return "directory.contacted" }

// Answered is the job of telling a person that the consultant has accepted or declined their request.
type Answered struct {
	RequestID int64 `json:"request_id"`
	PersonID  int64 `json:"person_id"` // who asked
	Accepted  bool  `json:"accepted"`
}

// Kind names the job in River's table.
func (Answered) Kind() string { return "directory.answered" }
