package text

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want string
		err  error
	}{
		"empty":             {"", "", nil},
		"trimmed":           {" \t\u00a0Night feeds\r\n", "Night feeds", nil},
		"composed":          {"Zoe\u0308", "Zoë", nil},
		"counted in runes":  {"ééééééééééé", "ééééééééééé", nil},
		"composed, counted": {strings.Repeat("e\u0301", 11), strings.Repeat("é", 11), nil},
		"too long":          {"123456789012", "", ErrTooLong},
		"family emoji":      {"👩\u200d👧\u200d👦\ufe0f", "👩\u200d👧\u200d👦\ufe0f", nil},
		"Persian joiner":    {"می\u200cخواهم", "می\u200cخواهم", nil},
		"direction marks":   {"a\u200eב\u200f\u061c", "a\u200eב\u200f\u061c", nil},
		"nothing to see":    {"\u200b\u3164\u2800\u200d\u2060", "", nil},
		"newline":           {"a\nb", "", ErrOneLine},
		"return":            {"a\rb", "", ErrOneLine},
		"line separator":    {"a\u2028b", "", ErrOneLine},
		"NUL":               {"a\x00b", "", ErrCharacter},
		"NUL at the end":    {"ab\x00", "", ErrCharacter},
		"tab":               {"a\tb", "", ErrCharacter},
		"escape":            {"a\x1b[1m", "", ErrCharacter},
		"C1":                {"a\u009bb", "", ErrCharacter},
		"delete":            {"a\x7f", "", ErrCharacter},
		"override":          {"a\u202eb", "", ErrDirection},
		"embedding":         {"a\u202ab", "", ErrDirection},
		"isolate":           {"a\u2066b\u2069", "", ErrDirection},
		"bad UTF-8":         {"a\xffb", "", ErrEncoding},
		"surrogate":         {"\xed\xa0\x80", "", ErrEncoding},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Line(tt.in, 11)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Line(%q) = %q, %v; want %q, %v", tt.in, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want string
		err  error
	}{
		"empty":            {"", "", nil},
		"trimmed":          {"\r\n a\r\n", "a", nil},
		"lines":            {"a\r\nb\n\tc", "a\nb\n\tc", nil},
		"CRLF counts once": {"1234\r\n67890", "1234\n67890", nil},
		"fits":             {"1234567890", "1234567890", nil},
		"too long":         {"12345678901", "", ErrTooLong},
		"as typed":         {"e\u0301", "e\u0301", nil},
		"nothing to see":   {"\n\u200b\n\u3164", "", nil},
		"lone return":      {"a\rb", "", ErrCharacter},
		"NUL":              {"a\x00", "", ErrCharacter},
		"vertical tab":     {"a\vb", "", ErrCharacter},
		"override":         {"a\u202eb", "", ErrDirection},
		"isolate":          {"a\u2069b", "", ErrDirection},
		"marks, joiners":   {"\u200ea\u200d\u200c\u200fb", "\u200ea\u200d\u200c\u200fb", nil},
		"bad UTF-8":        {"\xc3", "", ErrEncoding},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Body(tt.in, 10)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Body(%q) = %q, %v; want %q, %v", tt.in, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestHandle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in, handle, folded string
		err                error
	}{
		"plain":               {"river", "river", "river", nil},
		"trimmed":             {" river ", "river", "river", nil},
		"case":                {"Night_Owl-2", "Night_Owl-2", "night_owl-2", nil},
		"digits":              {"123", "123", "123", nil},
		"sharp s":             {"Straße", "Straße", "strasse", nil},
		"wide letters":        {"Ｒｉｖｅｒ", "River", "river", nil},
		"ligature":            {"ﬁnn", "finn", "finn", nil},
		"composed":            {"Zoe\u0308", "Zoë", "zoë", nil},
		"Greek, final sigma":  {"Νίκος", "Νίκος", "νίκοσ", nil},
		"Cyrillic":            {"Анна", "Анна", "анна", nil},
		"Hindi":               {"हिन्दी", "हिन्दी", "हिन्दी", nil},
		"Arabic":              {"فاطمة", "فاطمة", "فاطمة", nil},
		"Japanese and Latin":  {"mama-カール花さん", "mama-カール花さん", "mama-カール花さん", nil},
		"Korean":              {"엄마야", "엄마야", "엄마야", nil},
		"longest":             {strings.Repeat("é", 24), strings.Repeat("é", 24), strings.Repeat("é", 24), nil},
		"too long":            {strings.Repeat("a", 25), "", "", ErrHandleLength},
		"too short":           {"ab", "", "", ErrHandleLength},
		"empty":               {"", "", "", ErrHandleLength},
		"blank inside":        {"a b c", "", "", ErrHandleCharacter},
		"dot":                 {"a.b", "", "", ErrHandleCharacter},
		"slash":               {"a/b", "", "", ErrHandleCharacter},
		"at":                  {"a@b", "", "", ErrHandleCharacter},
		"markup":              {"<b>a", "", "", ErrHandleCharacter},
		"emoji":               {"ana🙂", "", "", ErrHandleCharacter},
		"no letter":           {"-_-", "", "", ErrHandleCharacter},
		"NUL":                 {"a\x00bc", "", "", ErrHandleCharacter},
		"override":            {"ab\u202ec", "", "", ErrHandleCharacter},
		"joiner":              {"ab\u200dc", "", "", ErrHandleCharacter},
		"filler":              {"ab\u3164", "", "", ErrHandleCharacter},
		"piled marks":         {"zal\u0316\u0317\u0318go", "", "", ErrHandleCharacter},
		"mark on a hyphen":    {"ab-\u0301", "", "", ErrHandleCharacter},
		"bad UTF-8":           {"ab\xff", "", "", ErrEncoding},
		"Latin and Cyrillic":  {"аdelina", "", "", ErrHandleScripts},
		"Latin and Greek":     {"riνer", "", "", ErrHandleScripts},
		"also across hyphens": {"anna-анна", "", "", ErrHandleScripts},
		"digits of elsewhere": {"river৪", "", "", ErrHandleScripts},
		"letter apostrophe":   {"o\u02bcbrien", "", "", ErrHandleScripts},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handle, folded, err := Handle(tt.in)
			if handle != tt.handle || folded != tt.folded || !errors.Is(err, tt.err) {
				t.Errorf("Handle(%q) = %q, %q, %v; want %q, %q, %v", tt.in, handle, folded, err, tt.handle, tt.folded, tt.err)
			}
		})
	}
}

func TestReserved(t *testing.T) {
	t.Parallel()
	for folded, want := range map[string]bool{
		"moderator": true, "admin": true, "administrator": true, "ibclc": true, "consultant": true, "staff": true, "support": true,
		"firstdrops": true, "first-drops": true, "system": true, "help": true, "former-member": true, "anonymous": true, "root": true,
		"null": true, "deleted": true, "mod-maya": true, "ibclc-june": true, "admin-ada": true, "admin1": true, "a-d-m-i-n": true,
		"_staff_": true, "ibclcjune": true, "módérator": true, "the-first_drops-team": true,
		"river": false, "sol": false, "badminton": false, "night-help": false, "root-beer": false, "modesty": false, "анна": false, "123": false,
	} {
		if got := Reserved(folded); got != want {
			t.Errorf("Reserved(%q) = %v", folded, got)
		}
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "thread",
		"🙂 !!":                      "thread",
		"Анна":                      "thread",
		"My baby's first latch":     "my-babys-first-latch",
		"  Été à l’hôpital — 2.  ":  "ete-a-lhopital-2",
		"Größe & Łódź":              "grosse-lodz",
		"a/b?c=d#e":                 "a-b-c-d-e",
		"a\x00\u202eb":              "a-b",
		strings.Repeat("word ", 20): strings.TrimSuffix(strings.Repeat("word-", 12), "-"),
		strings.Repeat("x", 100):    strings.Repeat("x", 60),
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzBody(f *testing.F) {
	for _, s := range []string{"", "a\r\nb", "\x00", "\xff", "\u202e", " \u3164 ", "e\u0301", "\r\r\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, take := range map[string]func(string, int) (string, error){"Body": Body, "Line": Line} {
			got, err := take(s, 50)
			if err != nil {
				continue
			}
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 50 || strings.ContainsAny(got, "\x00\r\u202e") {
				t.Errorf("%s(%q) = %q", name, s, got)
			}
			if again, err := take(got, 50); again != got || err != nil {
				t.Errorf("%s takes %q, then as %q, %v", name, got, again, err)
			}
		}
	})
}

func FuzzHandle(f *testing.F) {
	for _, s := range []string{"river", "Straße", "Ｒｉｖｅｒ", "हिन्दी", "ab\u3164", "İstanbul", "ǰǰǰ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		handle, folded, err := Handle(s)
		if err != nil {
			return
		}
		if again, same, err := Handle(handle); again != handle || same != folded || err != nil {
			t.Errorf("%q becomes %q, %q, then %q, %q, %v", s, handle, folded, again, same, err)
		}
		if !norm.NFKC.IsNormalString(folded) {
			t.Errorf("%q folds to %q", s, folded)
		}
	})
}
