package richtext

import (
	"net/url"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

const (
	// maxDepth is how many blocks and spans may stand inside each other (a list and its item are two).
	maxDepth = 32
	// headingLevel is what every heading becomes: posts stand below the page's h1 and h2.
	headingLevel = 4
	linkRel      = "nofollow ugc noopener noreferrer"
)

// markdownParser knows CommonMark without raw HTML, which therefore stays text, and without reference definitions: a
// long address named once and used a thousand times would multiply.
var markdownParser = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
	)),
	goldmark.WithExtensions(
		extension.Strikethrough,
		extension.NewLinkify(
			extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
			extension.WithLinkifyEmailRegexp(nothing),
		),
	),
	// People on phones press return where they mean a new line.
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// nothing matches nothing: an e-mail address that somebody mentions is not made easier to harvest. It is anchored, or
// each word would search the rest of its line.
var nothing = regexp.MustCompile(`^[^\s\S]`)

// tidy brings a parsed text to what a page shows: headings of one level, links marked as other people's words, and in
// place of images and of links to elsewhere than the web or e-mail their words alone. It reports false when the text
// is nested deeper than maxDepth.
func tidy(doc ast.Node, source []byte) bool {
	var found []ast.Node
	depth := 0
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		if depth++; depth > maxDepth {
			return ast.WalkStop, errTooDeep
		}
		found = append(found, n)
		return ast.WalkContinue, nil
	})
	if err != nil {
		return false
	}
	for _, n := range found {
		tidyNode(n, source)
	}
	return true
}

func tidyNode(n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Heading:
		n.Level = headingLevel
	case *ast.Image:
		unwrap(n, n.Destination)
	case *ast.Link:
		if !allowedAddress(util.URLEscape(n.Destination, true)) {
			unwrap(n, n.Destination)
			return
		}
		if !n.HasChildren() {
			n.AppendChild(n, words(n.Destination))
		}
		n.SetAttributeString("rel", []byte(linkRel))
	case *ast.AutoLink:
		address := n.URL(source)
		if n.AutoLinkType == ast.AutoLinkEmail {
			address = append([]byte("mailto:"), address...)
		}
		if !allowedAddress(util.URLEscape(address, false)) {
			unwrap(n, n.Label(source))
			return
		}
		n.SetAttributeString("rel", []byte(linkRel))
	}
}

// allowedAddress says whether a link may lead there: to a host on the web, or to somebody's e-mail address.
func allowedAddress(address []byte) bool {
	u, err := url.Parse(string(address))
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}

// unwrap puts what stands inside a node in its place, or, where nothing does, the text given.
func unwrap(n ast.Node, otherwise []byte) {
	parent := n.Parent()
	if !n.HasChildren() {
		parent.ReplaceChild(parent, n, words(otherwise))
		return
	}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		parent.InsertBefore(parent, n, child)
	}
	parent.RemoveChild(parent, n)
}

// words is a node of text that is shown as it is, without markup.
func words(s []byte) ast.Node {
	n := ast.NewString(s)
	n.SetRaw(true)
	return n
}
