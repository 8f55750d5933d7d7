package forum

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// react sets or takes back what a person says to a post without words, and leads back to it.
func (p *pages) react(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	on := form.Get("on")
	if on != "0" && on != "1" {
		return fault.Field("on", "Please say whether to set it or to take it back.")
	}
	if err := take(c, p.pace.reactions); err != nil {
		return err
	}
	place, err := p.forum.React(c.Request().Context(), page.Viewer(c), id, forum.Kind(form.Get("kind")), on == "1")
	if err != nil {
		return err
	}
	return page.SeeOther(c, place.Path())
}

// kinds are the reactions in words: on the button, and in the sentence below the post.
var kinds = map[forum.Kind]struct{ button, sentence string }{
	forum.SameHere: {"Same here", "felt the same"},
	forum.Hug:      {"Hug", "sent a hug"},
	forum.Helpful:  {"Helpful", "found this helpful"},
	forum.Thanks:   {"Thank you", "said thank you"},
}

// mine are the kinds of reactions that the viewer has set on the post, or has not.
func mine(p forum.Post, set bool) []forum.Kind {
	var found []forum.Kind
	for _, kind := range forum.Kinds {
		if reaction(p, kind).Mine == set {
			found = append(found, kind)
		}
	}
	return found
}

// reaction is the one of a kind; zero where nobody said that.
func reaction(p forum.Post, kind forum.Kind) forum.Reaction {
	for _, r := range p.Reactions {
		if r.Kind == kind {
			return r
		}
	}
	return forum.Reaction{Kind: kind}
}

// felt says in sentences what people said to a post; empty where nobody did.
func felt(p forum.Post, t forum.Thread, viewer accounts.Viewer) string {
	var sentences []string
	for _, kind := range forum.Kinds {
		if r := reaction(p, kind); r.Count > 0 {
			sentences = append(sentences, who(r, t, viewer)+" "+kinds[kind].sentence+".")
		}
	}
	return strings.Join(sentences, " ")
}

// who says who reacted so, without a name but the asker's: "Wren, who asked, and two others".
func who(r forum.Reaction, t forum.Thread, viewer accounts.Viewer) string {
	var named []string
	if r.Asker && t.AuthorID != viewer.ID {
		named = append(named, t.AuthorName+", who asked,")
	}
	if r.Mine {
		named = append(named, sentenceCase("you", len(named) == 0))
	}
	if others := r.Count - len(named); others > 0 {
		named = append(named, sentenceCase(counted(others, len(named) > 0), len(named) == 0))
	}
	last := len(named) - 1
	if last == 0 {
		return named[0]
	}
	return strings.Join(named[:last], " ") + " and " + named[last]
}

// sentenceCase is a word of ours as it opens a sentence, or stands in it.
func sentenceCase(word string, opens bool) string {
	if opens {
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return word
}

// counted is a number of people in words.
func counted(n int, others bool) string {
	word := strconv.Itoa(n)
	if n < len(numerals) {
		word = numerals[n]
	}
	switch {
	case others && n == 1:
		return "one other"
	case others:
		return fmt.Sprintf("%s others", word)
	case n == 1:
		return "one person"
	}
	return fmt.Sprintf("%s people", word)
}

var numerals = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// reactWords stand on the button that sets a reaction or takes it back.
func reactWords(kind forum.Kind, on string) string {
	if on == "1" {
		return kinds[kind].button
	}
	return fmt.Sprintf("Take back “%s”", kinds[kind].button)
}
