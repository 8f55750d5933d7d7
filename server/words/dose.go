package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nearby is how many words may stand between a medicine and its dose.
const nearby = 10

var (
	units = set(`mg mgs mcg μg g gram grams gramme grammes milligram milligrams milligramme milligrammes
		ml mls cc millilitre millilitres milliliter milliliters tablet tablets tab tabs pill pills capsule capsules cap caps
		dropper droppers teaspoon teaspoons tsp tablespoon tablespoons tbsp spoon spoons cup cups sachet sachets dose doses`)
	numbers = set(`half one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty eighty
		ninety hundred`)
	often  = set(`once twice thrice`)
	eachOf = set(`a per each every`)
	spans  = set(`day daily night hour hours hr hrs h morning evening`)
)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// doses marks where a dose begins: "10 mg", "two tablets", "a tablet a day", "3x a day", "every 8 hours".
func doses(said []token) []bool {
	marks := make([]bool, len(said))
	at := func(i int) string {
		if i < len(said) {
			return said[i].word
		}
		return ""
	}
	for i := range said {
		count := isNumber(at(i))
		next := at(i + 1)
		switch {
		case count && units[next]:
			marks[i] = true
		case count && (next == "x" || next == "times" || next == "time"):
			marks[i] = each(at(i+2), at(i+3))
		case count || often[at(i)] || units[at(i)]:
			marks[i] = each(next, at(i+2))
		case at(i) == "every" && isNumber(next):
			marks[i] = spans[at(i+2)]
		}
	}
	return marks
}

// each says whether two words tell a rhythm: "a day", "per day", "daily".
func each(first, second string) bool {
	return first == "daily" || first == "day" || eachOf[first] && spans[second]
}

func isNumber(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsNumber(r) || numbers[word]
}

// near says whether a dose is marked close to the words from starts up to ends.
func near(marks []bool, starts, ends int) bool {
	return slices.Contains(marks[max(0, starts-nearby):min(len(marks), ends+nearby)], true)
}
