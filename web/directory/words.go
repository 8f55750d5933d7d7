package directory

import (
	"fmt"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/web/ui"
)

// day is a day as one says it: with its year where that is another.
func day(t, now time.Time) string {
	if t.UTC().Year() == now.UTC().Year() {
		return t.UTC().Format("2 January")
	}
	return t.UTC().Format("2 January 2006")
}

// meets says how a consultant meets people.
func meets(c directory.Consultant) string {
	var ways []string
	for _, way := range []struct {
		does  bool
		words string
	}{{c.Home, "at your home"}, {c.Clinic, "at a clinic"}, {c.Telehealth, "by video"}} {
		if way.does {
			ways = append(ways, way.words)
		}
	}
	words := strings.Join(ways, ", ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// credentialWords say how a credential stands, plainly.
func credentialWords(k directory.Credential, now time.Time) string {
	what := "Credential"
	if k.Type == directory.Supporter {
		what = "Training"
	}
	switch {
	case k.Valid(now):
		return what + " valid to " + k.LastDay().Format("January 2006")
	case k.Ended(now):
		return what + " ended in " + k.LastDay().Format("January 2006") + "; not verified now"
	case k.Status == directory.Pending:
		return what + " is being checked; not verified now"
	}
	return what + " could not be verified"
}

// typeWords say a type of credential.
var typeWords = map[directory.Type]string{
	directory.IBCLC:     "IBCLC (lactation consultant)",
	directory.Supporter: "Training as a supporter, or a group led by somebody trained",
}

// statusWords say how far a credential was checked, for staff.
func statusWords(k directory.Credential, now time.Time) string {
	switch {
	case k.Valid(now):
		return "Verified to " + k.LastDay().Format("2 January 2006")
	case k.Ended(now):
		return "Ended on " + k.LastDay().Format("2 January 2006")
	case k.Status == directory.Pending:
		return "Waits to be checked"
	}
	return "Could not be verified"
}

// takes says whether they take somebody new.
func takes(c directory.Consultant) string {
	switch {
	case c.Accepting:
		return "Accepting now"
	case c.Waiting != "":
		return "Waiting list, " + c.Waiting
	}
	return "Takes nobody new now"
}

// takesThere says the same of one place, with since when.
func takesThere(c directory.Consultant, p directory.Place, now time.Time) string {
	switch {
	case c.Takes(p) && p.AcceptingAt.After(c.AcceptingAt):
		return "accepting since " + day(p.AcceptingAt, now)
	case c.Takes(p):
		return "accepting since " + day(c.AcceptingAt, now)
	case c.Accepting:
		return "not accepting since " + day(p.AcceptingAt, now)
	}
	return "not accepting since " + day(c.AcceptingAt, now)
}

// languages names what they speak, each as those who speak it do.
func languages(c directory.Consultant) string {
	var words []string
	for _, code := range c.Languages {
		words = append(words, ui.LanguageWords(code))
	}
	return strings.Join(words, ", ")
}

// where names a place.
func where(p directory.Place) string { return p.City + ", " + directory.CountryName(p.Country) }

// away is a distance as one says it.
func away(metres int64) string {
	if metres < 1000 {
		return "Less than 1 km away"
	}
	return fmt.Sprintf("%d km away", (metres+500)/1000)
}

// firstName is how one speaks of them: a group by its whole name.
func firstName(c directory.Consultant) string {
	if c.Credential.Type == directory.Supporter {
		return c.Name
	}
	first, _, _ := strings.Cut(c.Name, " ")
	return first
}

// briefly is the beginning of their text, for a card.
func briefly(c directory.Consultant) string {
	const most = 220
	words := strings.Join(strings.Fields(c.Text), " ")
	if runes := []rune(words); len(runes) > most {
		cut := string(runes[:most])
		if at := strings.LastIndexByte(cut, ' '); at > most/2 {
			cut = cut[:at]
		}
		return cut + " …"
	}
	return words
}

// paragraphs are a text's, as its writer parted them.
func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// specialtyWords name subjects.
func specialtyWords(codes []string) string {
	var words []string
	for _, code := range codes {
		words = append(words, ui.SpecialtyWords(accounts.Specialty(code)))
	}
	return strings.Join(words, ", ")
}

// stateWords say how far a request has come, to either side.
func stateWords(r directory.Request, viewer accounts.Viewer) string {
	theirs := r.Answers(viewer)
	switch r.State() {
	case directory.Accepted:
		if theirs {
			return "You accepted it"
		}
		return "Accepted"
	case directory.Declined:
		if theirs {
			return "You declined it"
		}
		return "Declined"
	case directory.Seen:
		if theirs {
			return "Waits for your answer"
		}
		return "Seen"
	}
	if theirs {
		return "New"
	}
	return "Sent"
}
