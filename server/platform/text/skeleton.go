package text

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Skeleton gives a folded name as it looks at a glance, in the way of Unicode's TS 39: two names that can be taken for each
// other have the same. Unlike Looks it keeps accents and signs, which people do see. The database says the same of the names
// that it keeps, by its function looks_like: whoever changes the one changes the other.
func Skeleton(folded string) string {
	return pairs.Replace(strings.Map(func(r rune) rune {
		if plain, alike := skeletons[r]; alike {
			return plain
		}
		return r
	}, norm.NFD.String(folded)))
}

// pairs are letters that stand for one when they are set close together.
var pairs = strings.NewReplacer("rn", "m", "vv", "w")

// confusable holds, for a letter or digit, what is drawn like it: from confusables.txt of TS 39, what a folded handle can
// hold, with those whose capitals are drawn alike; Cherokee in both cases, which folding does not make one. Zero is O, and
// one and I are L.
var confusable = map[rune]string{
	'o': "0оοօסهഠဝჿᴏⲟꓳ०০੦૦୦౦೦൦๐໐၀",
	'l': "1iıɩɪιіӏꙇᎥꭵǀוןا١۱ߊⵏᛁꓲ",
	'a': "ɑаαᎪꭺꓮ", 'b': "вβƅьᏏꮟᏴᏼꓐ", 'c': "сᴄⲥᏟꮯꓚ", 'd': "ԁᎠꭰꓓ", 'e': "еεҽᎬꭼꓰ", 'f': "ғքϝꞙꓝ", 'g': "ɡցԍᏀꮐꓖ",
	'h': "һнηհⲏᎻꮋᏂꮒꓧ", 'j': "јϳᎫꭻꓙ", 'k': "кκĸᴋⲕᏦꮶꓗ", 'm': "мμⲙᎷꮇꓟ", 'n': "ոռⲛꓠ", 'p': "рρⲣᏢꮲꓑ", 'q': "ԛգզ",
	'r': "гᴦⲅᎡꭱᏒꮢꓣ", 's': "ѕƽտꜱᏚꮪꓢ", 't': "тτⲧᎢꭲꓔ", 'u': "υսʋᴜሀꓴ", 'v': "ѵνᴠטᏙꮩꓦ", 'w': "ԝѡաɯᴡᎳꮃᏔꮤꓪ", 'x': "хχⲭꓫ",
	'y': "уүγʏɣყᎩꭹꓬ", 'z': "ζᴢⲍᏃꮓꓜ", '2': "ƨꙅ", '3': "зӡʒȝ", '4': "Ꮞꮞ", '6': "бᏮꮾ", '8': "ȣ৪੪", '9': "৭੧୨൭",
}

// skeletons turns confusable round.
var skeletons = func() map[rune]rune {
	turned := map[rune]rune{}
	for plain, drawn := range confusable {
		for _, r := range drawn {
			turned[r] = plain
		}
	}
	return turned
}()
