package text_test

import (
	"testing"

	"firstdrops/server/platform/text"
)

func TestUnmention(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"":                          "",
		"wren wrote this":           "wren wrote this",
		"@wren":                     "@former-member",
		"Ask @WREN, or (@wren).":    "Ask @former-member, or (@former-member).",
		"@wren-two and @wrens":      "@wren-two and @wrens",
		"@sol, @wren and @sol":      "@sol, @former-member and @sol",
		"@\uff37ren":                "@former-member", // a wide letter
		"me@wren.example, a.@wren":  "me@wren.example, a.@wren",
		"@@wren <p>@wren</p>":       "@@former-member <p>@former-member</p>",
		"https://place/u/Wren#top":  "https://place/u/former-member#top",
		"/menu/wren and /u/wrens":   "/menu/wren and /u/wrens",
		"@former-member and @wren ": "@former-member and @former-member ",
	} {
		if got := text.Unmention(said, "wren", "former-member"); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}
