package directory

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"firstdrops/server/platform/text"
)

// Place is a city where a consultant meets people.
type Place struct {
	City        string    `json:"city"`
	Country     string    `json:"country"` // ISO 3166-1, as NL
	Accepting   bool      `json:"accepting"`
	AcceptingAt time.Time `json:"accepting_at"` // since when they do or do not
}

// CountryName names a country in English; a code that is none stands for itself.
func CountryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.English.Regions().Name(region)
}

// countries are the codes by how people write them: the code, or the English name.
var countries = readCountries()

func readCountries() map[string]string {
	found := map[string]string{"uk": "GB", "usa": "US", "england": "GB", "scotland": "GB", "wales": "GB"}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err == nil && region.IsCountry() && region.Canonicalize().String() == code && CountryName(code) != "" {
				found[text.Plain(code)] = code
				found[text.Plain(CountryName(code))] = code
			}
		}
	}
	return found
}

// countryOf is the code of a country as somebody typed it; empty where there is none like that.
func countryOf(typed string) string { return countries[text.Plain(typed)] }

// point is where on earth something is, in degrees.
type point struct{ lat, lon float64 }

// city is one that the house can place.
type city struct {
	country string
	point
}

//go:embed cities.tsv
var cityTable string

// cities are those that the house can place, by their plain names; of one name the best known first.
var cities = readCities(cityTable)

// readCities reads lines of names with | between, country, latitude and longitude, with tabs between.
func readCities(table string) map[string][]city {
	found := map[string][]city{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		lat, latErr := strconv.ParseFloat(cells[len(cells)-2], 64)
		lon, lonErr := strconv.ParseFloat(cells[len(cells)-1], 64)
		if len(cells) != 4 || latErr != nil || lonErr != nil {
			panic(fmt.Sprintf("cities.tsv: %q", line))
		}
		for name := range strings.SplitSeq(cells[0], "|") {
			plain := text.Plain(name)
			found[plain] = append(found[plain], city{cells[1], point{lat, lon}})
		}
	}
	return found
}

// locate places a city; one without a country is the best known of that name.
func locate(name, country string) (point, bool) {
	for _, c := range cities[text.Plain(name)] {
		if country == "" || c.country == country {
			return c.point, true
		}
	}
	return point{}, false
}

// spot is a place that somebody looks for.
type spot struct {
	city    string // plain; empty for a whole country
	country string // its code; empty where none was named
	point
	known bool // the house can place it
}

// readSpot reads what somebody typed: a city, a country, or both with a comma between.
func readSpot(typed string) spot {
	name, rest, _ := strings.Cut(typed, ",")
	s := spot{city: text.Plain(name), country: countryOf(rest)}
	if s.point, s.known = locate(name, s.country); s.known {
		return s
	}
	if code := countryOf(name); code != "" {
		return spot{country: code}
	}
	return s
}
