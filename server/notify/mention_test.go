package notify_test

import (
	"slices"
	"strings"
	"testing"

	"firstdrops/server/notify"
	"firstdrops/server/platform/richtext"
)

func TestMentions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"nobody":                {"Good night.", nil},
		"one":                   {"@Sol, thank you", []string{"sol"}},
		"between signs":         {"(@sol) and **@wren**: @june-b_2’s way.", []string{"sol", "wren", "june-b_2"}},
		"each once":             {"@sol @SOL @Ｓol", []string{"sol"}},
		"other alphabets":       {"@Оля @ゆき子 @नीला", []string{"оля", "ゆき子", "नीला"}},
		"too short or too long": {"@so @" + strings.Repeat("x", 25), nil},
		"two alphabets":         {"@sоl", nil},
		"an address":            {"sol@example.org, u/@wren, a.@june", nil},
		"twice the sign":        {"@@sol", []string{"sol"}},
		"code":                  {"`@sol`\n\n```\n@wren\n```\n\n    @june\n\nand @river", []string{"river"}},
		"quotes":                {"> @sol said\n> > @wren\n\n@river", []string{"river"}},
		"links":                 {"[@sol](https://example.org) https://example.org/@wren @river", []string{"river"}},
		"in a list":             {"- @sol\n- @wren", []string{"sol", "wren"}},
		"only ten": {"@aa1 @aa2 @aa3 @aa4 @aa5 @aa6 @aa7 @aa8 @aa9 @aa10 @aa11",
			[]string{"aa1", "aa2", "aa3", "aa4", "aa5", "aa6", "aa7", "aa8", "aa9", "aa10"}},
		"the end": {"@", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := notify.Mentioned(richtext.Render(tt.body)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
