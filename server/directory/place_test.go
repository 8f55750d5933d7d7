package directory

import "testing"

func TestCountries(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"NL": "NL", "nl": "NL", " netherlands ": "NL", "Côte d’Ivoire": "CI", "United Kingdom": "GB", "UK": "GB", "usa": "US",
		"": "", "  ": "", "XX": "", "ZZ": "", "Atlantis": "", "\xff": "", "'": "",
	} {
		if got := countryOf(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestCitiesStandInTheirCountries(t *testing.T) {
	t.Parallel()
	if len(cities) < 150 {
		t.Errorf("%d cities", len(cities))
	}
	for name, all := range cities {
		for _, c := range all {
			if countryOf(c.country) != c.country || name == "" || c.lat < -60 || c.lat > 70 || c.lon < -180 || c.lon > 180 {
				t.Errorf("%s: %+v", name, c)
			}
		}
	}
}

func TestSpots(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]spot{
		"":                    {},
		"München":             {city: "munchen", point: point{48.14, 11.58}, known: true},
		"munich, Germany":     {city: "munich", country: "DE", point: point{48.14, 11.58}, known: true},
		"London, Canada":      {city: "london", country: "CA", point: point{42.98, -81.25}, known: true},
		"London, Atlantis":    {city: "london", point: point{51.51, -0.13}, known: true},
		"Munich, France":      {city: "munich", country: "FR"},
		"Germany":             {country: "DE"},
		"Little Snoring":      {city: "little snoring"},
		"Little Snoring, GB,": {city: "little snoring", country: "GB"},
	} {
		if got := readSpot(typed); got != want {
			t.Errorf("%q is %+v, want %+v", typed, got, want)
		}
	}
}
