package richtext

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

var allowed = policy()

// policy lists all that a rendering may hold. Nothing here takes an id, a class, a style, a data or an hx attribute, and
// nothing makes a browser fetch.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h4")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + linkRel + `$`)).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	return p
}

// sanitise leaves of some HTML what the policy allows. Doing it twice changes nothing.
func sanitise(html string) string { return allowed.Sanitize(html) }
