package accounts

import "slices"

// Specialty is a subject that a consultant knows well, and that a question can be about.
type Specialty string

// The specialties, as addresses and tables name them.
const (
	Relactation      Specialty = "relactation"
	InducedLactation Specialty = "induced-lactation"
	Adoption         Specialty = "adoption"
	PrematureBabies  Specialty = "premature-babies"
	LowSupply        Specialty = "low-supply"
	Latch            Specialty = "latch"
	Pumping          Specialty = "pumping"
	TongueTie        Specialty = "tongue-tie"
	Multiples        Specialty = "multiples"
	Chestfeeding     Specialty = "chestfeeding"
	Medication       Specialty = "medication"
	Grief            Specialty = "grief"
)

// Specialties are all of them, in the order in which people choose.
var Specialties = []Specialty{
	Relactation, InducedLactation, Adoption, PrematureBabies, LowSupply, Latch, Pumping, TongueTie, Multiples, Chestfeeding,
	Medication, Grief,
}

// Known reports whether it is one of the specialties.
func (s Specialty) Known() bool { return slices.Contains(Specialties, s) }

// Languages are the ISO 639-1 codes of the languages that people can say they speak, in the order of the alphabet.
var Languages = []string{
	"af", "am", "ar", "az", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
	"gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "mk", "ml", "ms", "mt", "nb", "ne",
	"nl", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
}

// KnownLanguage reports whether the code is one of the languages.
func KnownLanguage(code string) bool {
	_, known := slices.BinarySearch(Languages, code)
	return known
}
