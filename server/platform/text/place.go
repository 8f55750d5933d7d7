package text

// Place is what an administrator says of something that people find in a list and at an address of its own.
type Place struct {
	Slug  string
	Name  string
	About string // one line: what it is for
}

const (
	maxPlaceName = 60 // code points
	maxPosition  = 999
)

// Written is the place as it is kept, its line having at most so many code points. What is wrong is added to the faults, by
// the form's fields.
func (p Place) Written(maxAbout int, faults map[string]string) Place {
	if !IsSlug(p.Slug) {
		faults["slug"] = "An address is made of small letters, digits and hyphens: at least one, at most 80."
	}
	return Place{
		Slug:  p.Slug,
		Name:  written("name", p.Name, maxPlaceName, "Please give it a name.", faults),
		About: written("about", p.About, maxAbout, "Please say in one line what it is for.", faults),
	}
}

// written is a line that has to be there.
func written(field, typed string, limit int, none string, faults map[string]string) string {
	kept, err := Line(typed, limit)
	switch {
	case err != nil:
		faults[field] = err.Error()
	case kept == "":
		faults[field] = none
	}
	return kept
}

// CheckPosition adds a fault where a number is no place in a list.
func CheckPosition(n int, faults map[string]string) {
	if n < 1 || n > maxPosition {
		faults["position"] = "Please give its place in the list as a number from 1 to 999."
	}
}
