package ui

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/text"
)

var specialties = map[accounts.Specialty]string{
	accounts.Relactation:      "Relactation",
	accounts.InducedLactation: "Induced lactation",
	accounts.Adoption:         "Adoption and surrogacy",
	accounts.PrematureBabies:  "Premature babies",
	accounts.LowSupply:        "Low supply",
	accounts.Latch:            "Latch",
	accounts.Pumping:          "Pumping",
	accounts.TongueTie:        "Tongue tie",
	accounts.Multiples:        "Twins and more",
	accounts.Chestfeeding:     "Chestfeeding",
	accounts.Medication:       "Medication",
	accounts.Grief:            "Grief",
}

// SpecialtyWords say a specialty to people.
func SpecialtyWords(s accounts.Specialty) string { return specialties[s] }

// Languages are the codes of text.Languages in the order of their names, as a select offers them.
var Languages = byName(text.Languages)

func byName(codes []string) []string {
	return slices.SortedFunc(slices.Values(codes), func(a, b string) int {
		return cmp.Compare(strings.ToLower(LanguageWords(a)), strings.ToLower(LanguageWords(b)))
	})
}

// LanguagesFrom are Languages with the viewer's own before all others.
func LanguagesFrom(viewer accounts.Viewer) []string {
	if viewer.Language == "" {
		return Languages
	}
	others := slices.DeleteFunc(slices.Clone(Languages), func(code string) bool { return code == viewer.Language })
	return append([]string{viewer.Language}, others...)
}

// LanguageWords name a language as those who speak it do; empty where the code is not known.
func LanguageWords(code string) string {
	if !text.KnownLanguage(code) {
		return ""
	}
	return display.Self.Name(language.Make(code))
}
