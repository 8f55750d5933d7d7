package live

// CheckSessions is the look that is taken every 30 s, for tests that will not wait so long.
func (l *Live) CheckSessions() { l.checkSessions() }
