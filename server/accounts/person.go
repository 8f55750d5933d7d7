package accounts

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Person is what everybody may see of somebody.
type Person struct {
	ID       int64
	Handle   string
	Name     string // the display name; the handle where none is chosen
	Role     Role
	Label    Label // the label valid now
	JoinedAt time.Time

	// What they say of themselves, to those who may read it. Empty in lists.
	Pronouns   string
	Way        []string `bun:",array"` // of Ways
	WayLine    string
	Visibility Visibility // told to themselves only

	Block int64 // the viewer's own block of them; 0 where there is none
	Apart bool  // whichever of the two asked for it; told to nobody
}

// Person reads a profile. What it says beyond name, role and label is for whom the person chose; for all others, and for those
// who are apart from them, it is a profile that says nothing: a missing one would tell that they were blocked.
func (a *Accounts) Person(ctx context.Context, viewer Viewer, handle string) (Person, error) {
	h, err := parseHandle(handle)
	if err != nil {
		return Person{}, fault.Missing().Because(err)
	}
	person, err := personByHandle(ctx, a.db, viewer, h, a.now())
	if db.IsMissing(err) {
		return Person{}, fault.Missing()
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading a profile: %w", err)
	}
	return person.as(viewer), nil
}

// as is what of a person this viewer may read.
func (p Person) as(viewer Viewer) Person {
	if p.ID == viewer.ID {
		return p
	}
	if p.Visibility == ForNobody || p.Visibility == ForMembers && !viewer.Admitted() || p.Apart && !viewer.Staff() {
		p.Pronouns, p.Way, p.WayLine = "", nil, ""
	}
	p.Visibility, p.Apart = "", false
	return p
}

// Visibility is who may read somebody's profile beyond their name, role and label.
type Visibility string

// The visibilities. A profile for nobody looks to others like one in which nothing was said.
const (
	ForEverybody Visibility = "public"
	ForMembers   Visibility = "members"
	ForNobody    Visibility = "nobody"
)

// FeedingWord is the word for it where somebody chose none: the one that fits everybody.
const FeedingWord = "feeding"

// maxEmail is the longest address that mail servers carry, in bytes.
const maxEmail = 254

// ValidEmail gives a bare address, or the words for what is wrong with it.
func ValidEmail(typed string) (email, complaint string) {
	email = strings.TrimSpace(typed)
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	switch {
	case email == "":
		return "", "Please write your e-mail, so that you can come back if you forget your password."
	case len(email) > maxEmail:
		return "", fmt.Sprintf("This is longer than an e-mail can be: at most %d characters.", maxEmail)
	case strings.ContainsFunc(email, unprintable):
		return "", "This holds a character that no e-mail has. Please type it anew."
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email {
		return "", "This does not look like an e-mail. It should be like name@example.org."
	}
	if domain := email[strings.LastIndexByte(email, '@')+1:]; !strings.Contains(domain, ".") || strings.HasPrefix(domain, "[") {
		return "", "The part after @ is not whole. It should be like example.org."
	}
	return email, ""
}
