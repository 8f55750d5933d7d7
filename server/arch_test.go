// Package server_test holds the architecture: who may import whom, where SQL may stand, how long things may
// get, and that the README's map is true. It reads the files themselves (go/parser) instead of asking
// `go list`, because Go's test cache follows opened files but not what a child process saw.
package server_test

import "testing"

// ranks order the packages under server/. A package imports only lower ranks; equal ranks never meet.
// A new domain adds its line here. Packages of platform have rank 0 and are held acyclic by the compiler.
var ranks = map[string]int{
	"platform":   0,
	"audit":      1,
	"words":      1,
	"media":      1,
	"accounts":   2,
	"forum":      3,
	"chat":       3,
	"directory":  3,
	"signin":     3,
	"groups":     3,
	"journey":    3,
	"search":     4,
	"moderation": 4,
	"gatherings": 4,
	"notify":     5,
	"leaving":    6,
	"demo":       6,
}

// webRanks order the packages under web/; every other folder there is a domain, between live and home.
var webRanks = map[string]int{
	"static": 0,
	"page":   0,
	"ui":     0,
	"live":   1,
	"home":   3,
}

const (
	webDomainRank = 2
	webRootRank   = 4
)

// Budgets, in lines. Generated code does not count.
const (
	maxFunction = 60
	maxFile     = 500
	maxPackage  = 3000
)

// maxConstructor is how many things a constructor may take before it should take a struct.
const maxConstructor = 5

// rule is one sentence of the architecture and the function that finds who breaks it.
type rule struct {
	name  string
	check func(house) []string
}

var rules = []rule{
	{"server packages import only lower ranks", serverOrder},
	{"web packages import only what lies below them", webOrder},
	{"libraries stay in their place", libraryPlaces},
	{"unescaped HTML has one door", rawDoor},
	{"SQL stands only in its files", sqlPlaces},
	{"SQL stays behind its domain", sqlUnexported},
	{"queries name their columns and never skip rows", sqlHabits},
	{"a table is written only by its owner", tableOwners},
	{"names are of the trade", tradeNames},
	{"functions are short", shortFunctions},
	{"files are short", shortFiles},
	{"packages are small", smallPackages},
	{"constructors take few things", smallConstructors},
	{"every package says what it is", packageComments},
	{"the README's map is the tree", readmeMap},
	{"generated templates sit beside their source", templBeside},
}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	h, err := readHouse("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, violation := range r.check(h) {
				t.Error(violation)
			}
		})
	}
}
