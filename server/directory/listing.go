package directory

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Bounds of a listing: of its texts in code points, and of what it lists.
const (
	maxName      = 80
	maxText      = 2000
	maxFees      = 200
	maxWaiting   = 80
	maxNumber    = 40
	maxCity      = 60
	MaxPlaces    = 3
	maxLanguages = 8
)

// Application is a listing with the credential that shall be checked.
type Application struct {
	Listing
	Type    Type
	Number  string
	Country string // where the credential was given: a code, or the English name
}

// reader takes what was typed and keeps what is wrong with it, by the form's fields.
type reader map[string]string

// line reads one line; empty is a fault where empty says so.
func (r reader) line(field, typed string, limit int, empty string) string {
	kept, err := text.Line(typed, limit)
	switch {
	case err != nil:
		r[field] = err.Error()
	case kept == "" && empty != "":
		r[field] = empty
	}
	return kept
}

func (r reader) country(field, typed string) string {
	code := countryOf(typed)
	if code == "" {
		r[field] = "Please name the country, as Netherlands or NL."
	}
	return code
}

// readApplication gives what was typed as it is kept, or the faults of its fields.
func readApplication(typed Application) (Application, error) {
	r := reader{}
	a := Application{Listing: r.listing(typed.Listing), Type: typed.Type, Country: r.country("country", typed.Country)}
	if !a.Type.Known() {
		r["type"] = "Please choose which credential it is."
	}
	a.Number = r.number("number", typed.Number)
	return a, fault.Fields(r)
}

// number reads a credential's number. Only letters that registries print are taken: others look like them.
func (r reader) number(field, typed string) string {
	number := r.line(field, typed, maxNumber, "Please write the number, as it stands on your certificate.")
	strange := func(c rune) bool { return c > unicode.MaxASCII }
	switch {
	case r[field] != "":
	case strings.ContainsFunc(number, strange), text.Looks(number) == "":
		r[field] = "A number is made of letters from A to Z, digits, - and /."
	}
	return number
}

func (r reader) listing(typed Listing) Listing {
	l := typed
	l.Name = r.name(typed.Name)
	l.Fees = r.line("fees", typed.Fees, maxFees, "")
	l.Waiting = r.line("waiting", typed.Waiting, maxWaiting, "")
	var err error
	if l.Text, err = text.Body(typed.Text, maxText); err != nil {
		r["text"] = err.Error()
	} else if l.Text == "" {
		r["text"] = "Please say in a few lines whom you help, and how."
	}
	l.Places = r.places(typed.Places)
	if !l.Telehealth && !l.Home && !l.Clinic {
		r["telehealth"] = "Please choose at least one way in which you meet people."
	} else if (l.Home || l.Clinic) && len(l.Places) == 0 && r["city1"] == "" {
		r["city1"] = "Please name at least one city where you meet people."
	}
	l.Languages = each(typed.Languages)
	switch {
	case slices.ContainsFunc(l.Languages, func(code string) bool { return !text.KnownLanguage(code) }):
		r["language"] = "Please choose from these languages."
	case len(l.Languages) == 0:
		r["language"] = "Please choose at least one language."
	case len(l.Languages) > maxLanguages:
		r["language"] = fmt.Sprintf("Please keep to the %d languages that you speak best.", maxLanguages)
	}
	l.Specialties = each(typed.Specialties)
	if slices.ContainsFunc(l.Specialties, func(s string) bool { return !accounts.Specialty(s).Known() }) {
		r["specialty"] = "Please choose from these subjects."
	}
	return l
}

// each gives every code once; none is an empty list, as Postgres keeps it.
func each(codes []string) []string {
	return append([]string{}, slices.Compact(slices.Sorted(slices.Values(codes)))...)
}

// claimed are words that no name holds: the label beside it says what was checked.
var claimed = []string{"ibclc", "verified", "moderator", "administrator", "firstdrops"}

// name reads the name of somebody or of a group. Its words keep to one alphabet each, as handles do.
func (r reader) name(typed string) string {
	name := r.line("name", typed, maxName, "Please write your name, as people know you.")
	if r["name"] != "" {
		return name
	}
	letter := func(c rune) bool { return unicode.In(c, unicode.L, unicode.M) }
	words := strings.FieldsFunc(name, func(c rune) bool { return !letter(c) })
	looks := text.Looks(name)
	switch {
	case len(words) == 0:
		r["name"] = "A name has letters."
	case slices.ContainsFunc(words, func(word string) bool { return !text.OneAlphabet(word) }):
		r["name"] = "A word of a name keeps to one alphabet, because letters of two can look the same. Please choose one."
	case slices.ContainsFunc(claimed, func(word string) bool { return strings.Contains(looks, text.Looks(word)) }):
		r["name"] = "Please write your name alone. What was checked is said beside it."
	}
	return name
}

// places reads the places; empty rows are none.
func (r reader) places(typed []Place) []Place {
	places := []Place{}
	for i, p := range typed {
		city, country := fmt.Sprintf("city%d", i+1), fmt.Sprintf("country%d", i+1)
		if strings.TrimSpace(p.City) == "" && strings.TrimSpace(p.Country) == "" {
			continue
		}
		p.City = r.line(city, p.City, maxCity, "Please name the city.")
		if r[city] == "" && text.Plain(p.City) == "" {
			r[city] = "A city has letters."
		}
		p.Country = r.country(country, p.Country)
		places = append(places, p)
	}
	if len(typed) > MaxPlaces {
		r["city1"] = fmt.Sprintf("A listing has at most %d places.", MaxPlaces)
	}
	return places
}
