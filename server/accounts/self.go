package accounts

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// The bounds of what people say of themselves, in runes.
const (
	PronounsMax = 40
	WayLineMax  = 160
)

// Visibility is who may read somebody's profile beyond their name, role and label.
type Visibility string

// The visibilities. A profile for nobody looks to others like one in which nothing was said.
const (
	ForEverybody Visibility = "public"
	ForMembers   Visibility = "members"
	ForNobody    Visibility = "nobody"
)

// Visibilities are all of them, from the widest.
var Visibilities = []Visibility{ForEverybody, ForMembers, ForNobody}

// FeedingWord is the word for it where somebody chose none: the one that fits everybody.
const FeedingWord = "feeding"

// FeedingWords are the words between which people choose.
var FeedingWords = []string{"breastfeeding", "chestfeeding", "nursing", FeedingWord}

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
	Visibility Visibility

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

// Self reads what the viewer has said of themselves.
func (a *Accounts) Self(ctx context.Context, viewer Viewer) (Self, error) {
	self, err := selfOf(ctx, a.db, viewer.ID)
	if db.IsMissing(err) {
		return Self{}, notSignedIn()
	}
	if err != nil {
		return Self{}, fmt.Errorf("reading somebody's settings: %w", err)
	}
	return self, nil
}

// SetSelf stores what the viewer typed in the place of what stood there. Faults are named by the form's fields, and then
// nothing is stored. Whoever may not write now can still change what nobody else sees.
func (a *Accounts) SetSelf(ctx context.Context, viewer Viewer, typed Self) error {
	return a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
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
			if err := Admit(ctx, tx, viewer, a.now()); err != nil {
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
func (a *Accounts) SetTheme(ctx context.Context, viewer Viewer, theme string) error {
	if !slices.Contains(Themes, theme) {
		return fault.Field("theme", chooseTheme)
	}
	if err := updateTheme(ctx, a.db, viewer.ID, theme); err != nil {
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
	choice("visibility", "Please choose who may read your profile.", slices.Contains(Visibilities, s.Visibility))
	choice("language", "Please choose a language of the list, or none.", s.Language == "" || KnownLanguage(s.Language))
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
	theirs, err := ClaimName(ctx, tx, personID, fold, DisplayName)
	if err == nil && !theirs {
		complaint = fmt.Sprintf("“%s” is taken already. Please choose another name.", name)
	}
	return complaint, err
}
