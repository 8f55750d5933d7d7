// Package settings is what people say of themselves, and how the site is to be for them. It is a room of accounts, whose
// tables it reads and writes.
//
// Owns: the columns of people that they fill themselves. Emits: nothing.
// Not here: how others meet what somebody said (accounts.Person), the pages (web/accounts).
package settings

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// The bounds of what people say of themselves, in runes.
const (
	PronounsMax = 40
	WayLineMax  = 160
)

// Settings is the one door to them.
type Settings struct {
	db  *db.DB
	now func() time.Time
}

// New builds it; now is the clock, so that tests may own it.
func New(database *db.DB, now func() time.Time) *Settings { return &Settings{db: database, now: now} }

// visibilities are all of them, from the widest.
var visibilities = []accounts.Visibility{accounts.ForEverybody, accounts.ForMembers, accounts.ForNobody}

// FeedingWords are the words between which people choose.
var FeedingWords = []string{"breastfeeding", "chestfeeding", "nursing", accounts.FeedingWord}

// Themes are the choices of light; the empty one follows the device.
var Themes = []string{"", "light", "dark", "dim"}

// Ways are where people can be on the way, in the order in which they choose; anybody may be at several places at once.
var Ways = []string{
	"relactating", "inducing", "adoptive", "non-gestational", "surrogacy", "pumping", "supplementer", "donor-milk", "premature",
	"low-supply", "weaning",
}

// Self is what somebody says of themselves, and how the site is to be for them. All of it is optional: an empty name is the
// handle, and everything else stands for nothing said.
type Self struct {
	Name       string
	Pronouns   string
	Feeding    string   // of FeedingWords
	Way        []string `bun:",array"` // of Ways
	WayLine    string
	Visibility accounts.Visibility

	Language    string // of Languages
	Zone        string // as in Viewer
	Theme       string // of Themes
	ReducedData bool
}

// account is a Self as it is stored, with the handle that stands where there is no other name.
type account struct {
	Self
	Handle, HandleFold string
}

// Of reads what the viewer has said of themselves.
func (s *Settings) Of(ctx context.Context, viewer accounts.Viewer) (Self, error) {
	self, err := selfOf(ctx, s.db, viewer.ID)
	if db.IsMissing(err) {
		return Self{}, notSignedIn()
	}
	if err != nil {
		return Self{}, fmt.Errorf("reading somebody's settings: %w", err)
	}
	return self, nil
}

// Set stores what the viewer typed in the place of what stood there. Faults are named by the form's fields, and then
// nothing is stored. Whoever may not write now can still change what nobody else sees.
func (s *Settings) Set(ctx context.Context, viewer accounts.Viewer, typed Self) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		was, err := lockSelf(ctx, tx, viewer.ID)
		switch {
		case db.IsMissing(err):
			return notSignedIn()
		case err != nil:
			return fmt.Errorf("holding somebody's settings: %w", err)
		}
		self, faults := typed.read()
		if self.Name == "" && faults["name"] == "" {
			self.Name = was.Handle
		}
		if was.tells(self) {
			if err := accounts.Admit(ctx, tx, viewer, s.now()); err != nil {
				return err
			}
		}
		if self.Name != was.Name && faults["name"] == "" {
			if faults["name"], err = rename(ctx, tx, viewer.ID, was, self.Name); err != nil {
				return err
			}
		}
		maps.DeleteFunc(faults, func(_, words string) bool { return words == "" })
		if err := fault.Fields(faults); err != nil {
			return err
		}
		if err := updateSelf(ctx, tx, viewer.ID, self); err != nil {
			return fmt.Errorf("storing somebody's settings: %w", err)
		}
		return nil
	})
}

// SetTheme stores the light that somebody chose, for all their devices: one of Themes.
func (s *Settings) SetTheme(ctx context.Context, viewer accounts.Viewer, theme string) error {
	if !slices.Contains(Themes, theme) {
		return fault.Field("theme", chooseTheme)
	}
	if err := updateTheme(ctx, s.db, viewer.ID, theme); err != nil {
		return fmt.Errorf("storing somebody's theme: %w", err)
	}
	return nil
}

const chooseTheme = "Please choose one of the four: as my phone, light, dark or dim."

func notSignedIn() error { return fault.New(fault.Unauthenticated, "Please sign in first.") }

// tells reports whether others would read something else of them than now.
func (s Self) tells(other Self) bool {
	return s.Name != other.Name || s.Pronouns != other.Pronouns || s.WayLine != other.WayLine || !slices.Equal(s.Way, other.Way)
}

// read gives what was typed as it is stored, and the words for what is wrong with it; the name is only read as far as that
// needs no look at others. An empty message is no fault.
func (s Self) read() (Self, map[string]string) {
	faults := map[string]string{}
	line := func(field, typed string, limit int) string {
		kept, err := text.Line(typed, limit)
		if err != nil {
			faults[field] = err.Error()
		}
		return kept
	}
	choice := func(field, words string, chosen bool) {
		if !chosen {
			faults[field] = words
		}
	}
	if s.Name = line("name", s.Name, text.NameMax); s.Name != "" {
		var err error
		if s.Name, _, err = text.Name(s.Name); err != nil {
			faults["name"] = err.Error()
		}
	}
	s.Pronouns = line("pronouns", s.Pronouns, PronounsMax)
	s.WayLine = line("way_line", s.WayLine, WayLineMax)
	typed := s.Way
	s.Way = slices.DeleteFunc(slices.Clone(Ways), func(way string) bool { return !slices.Contains(typed, way) })
	choice("way", "Please choose from these.", !slices.ContainsFunc(typed, func(way string) bool { return !slices.Contains(Ways, way) }))
	choice("feeding", "Please choose one of these words.", slices.Contains(FeedingWords, s.Feeding))
	choice("visibility", "Please choose who may read your profile.", slices.Contains(visibilities, s.Visibility))
	choice("language", "Please choose a language of the list, or none.", s.Language == "" || text.KnownLanguage(s.Language))
	choice("zone", "We do not know this time zone. It should be like Europe/Amsterdam.", s.Zone == "" || knownZone(s.Zone))
	choice("theme", chooseTheme, slices.Contains(Themes, s.Theme))
	return s, faults
}

// rename gives somebody a display name and lets others have the one before, or says what is wrong with it. One's own handle
// is one's name already.
func rename(ctx context.Context, tx *db.Tx, personID int64, was account, name string) (complaint string, err error) {
	if err := deleteDisplayName(ctx, tx, personID); err != nil {
		return "", fmt.Errorf("giving a name back: %w", err)
	}
	fold := text.Fold(name)
	if fold == was.HandleFold {
		return "", nil
	}
	if text.Reserved(fold) {
		return "This name sounds as if it spoke for the house. Please choose another.", nil
	}
	theirs, err := accounts.ClaimName(ctx, tx, personID, fold, accounts.DisplayName)
	if err == nil && !theirs {
		complaint = fmt.Sprintf("“%s” is taken already. Please choose another name.", name)
	}
	return complaint, err
}

// zoneShape is how zones that a place has are spelt: "Europe/Amsterdam", "America/Argentina/Salta", "UTC". It leaves out
// "Local", which is where the server stands.
var zoneShape = regexp.MustCompile(`^(UTC|[A-Z][A-Za-z]{1,15}(/[A-Za-z0-9_+-]{1,20}){1,2})$`)

func knownZone(name string) bool {
	if !zoneShape.MatchString(name) {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
