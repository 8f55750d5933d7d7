package directory

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

const (
	listingsPerPage = 20

	// maxKm is the widest circle around a place; DefaultKm is it where none is asked for.
	maxKm     = 1000
	DefaultKm = 50

	// MaxQuery is how much of what was typed is read, in code points; maxQueryWords how many words of it count.
	MaxQuery      = 200
	maxQueryWords = 12
)

// Filter is whom somebody looks for; what is empty lets all through.
type Filter struct {
	Place      string // a city, a country, or both with a comma between
	Km         int    // around it; 0 is DefaultKm
	Telehealth bool
	Language   string // ISO 639-1
	Specialty  string // accounts.Specialty
	Accepting  bool   // only who takes somebody now; near a place, only who does so there
	Words      string
	After      string // the cursor of the page; empty for the first
}

// Page is a stretch of consultants.
type Page struct {
	Consultants []Consultant
	Next        string // the cursor of the next page; empty on the last
	Nearest     bool   // the nearest come first, with their distance
	Words       string // the words that were looked for
	Meant       string // the words that were found instead, where those were mistyped
	Capped      bool   // more was typed than was read
}

// Listings lists those whose credential is verified now, who confirmed their listing lately and whom no moderator hid:
// around a place that the house knows the nearest first, else those who take somebody and then who confirmed last. A place
// that it does not know is looked for by its name.
func (d *Directory) Listings(ctx context.Context, viewer accounts.Viewer, f Filter) (Page, error) {
	if !known(f) {
		return Page{}, fault.Missing()
	}
	words, capped := text.Words(f.Words, MaxQuery, maxQueryWords)
	at := readSpot(f.Place)
	page := Page{Words: strings.Join(words, " "), Capped: capped, Nearest: at.known}
	start := cursor{1, latest, latest}
	if page.Nearest {
		start = cursor{-1, 0}
	}
	from, err := parseCursor(f.After, start)
	if err != nil {
		return Page{}, err
	}
	if page.Consultants, err = d.look(ctx, viewer, f, page.Words, at, from); err != nil {
		return Page{}, err
	}
	if len(page.Consultants) == 0 && page.Words != "" && f.After == "" {
		meant, err := meantWords(ctx, d.db, page.Words)
		if err != nil {
			return Page{}, fmt.Errorf("looking for what was meant: %w", err)
		}
		if page.Consultants, err = d.look(ctx, viewer, f, meant, at, from); err != nil {
			return Page{}, err
		}
		if len(page.Consultants) > 0 {
			page.Meant = meant
		}
	}
	page.turn()
	return page, nil
}

// look reads a page, and one consultant more where there is a next one.
func (d *Directory) look(ctx context.Context, viewer accounts.Viewer, f Filter, words string, at spot, from cursor) ([]Consultant, error) {
	now := d.clock()
	arguments := []any{now, now.Add(-Fresh), f.Telehealth, f.Language, f.Specialty, f.Accepting, words, listingsPerPage + 1}
	read := d.reads.listings
	if at.known {
		km := cmp.Or(f.Km, DefaultKm)
		read = d.reads.nearest
		arguments = append(arguments, from[0], from[1], at.lat, at.lon, float64(km)*1000)
	} else {
		arguments = append(arguments, from[0] == 1, time.UnixMicro(from[1]).UTC(), from[2], at.city, at.country)
	}
	arguments = append(arguments, sight(viewer))
	found := make([]Consultant, 0, listingsPerPage+1)
	if err := read.Scan(ctx, &found, arguments...); err != nil {
		return nil, fmt.Errorf("listing consultants: %w", err)
	}
	return found, nil
}

// turn cuts the page, and names the next where there is one.
func (p *Page) turn() {
	if len(p.Consultants) <= listingsPerPage {
		return
	}
	p.Consultants = p.Consultants[:listingsPerPage]
	last := p.Consultants[listingsPerPage-1]
	switch {
	case p.Nearest:
		p.Next = cursor{last.Metres, last.ID}.String()
	case last.Accepting:
		p.Next = cursor{1, last.ConfirmedAt.UnixMicro(), last.ID}.String()
	default:
		p.Next = cursor{0, last.ConfirmedAt.UnixMicro(), last.ID}.String()
	}
}

// known says whether the filter is one that a page offers.
func known(f Filter) bool {
	return f.Km >= 0 && f.Km <= maxKm &&
		(f.Language == "" || text.KnownLanguage(f.Language)) && (f.Specialty == "" || accounts.Specialty(f.Specialty).Known())
}
