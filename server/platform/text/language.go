package text

import "slices"

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
