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
