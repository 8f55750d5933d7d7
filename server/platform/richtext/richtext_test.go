package richtext

import (
	"fmt"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const rel = ` rel="nofollow ugc noopener noreferrer"`

func TestRender(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("> ", maxMarkers+1) + "a"
	for name, tt := range map[string]struct{ in, want string }{
		"empty":             {"", ""},
		"blank":             {" \n\t\n", ""},
		"return is a line":  {"one\r\ntwo\rthree", "<p>one<br>\ntwo<br>\nthree</p>"},
		"spans":             {"*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"},
		"headings":          {"# a\n###### b\nc\n===", "<h4>a</h4>\n<h4>b</h4>\n<h4>c</h4>"},
		"lists":             {"3. a\n4. b\n\n- c", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n<ul>\n<li>c</li>\n</ul>"},
		"code has no class": {"```js\na<b\n```", "<pre><code>a&lt;b\n</code></pre>"},
		"quote and rule":    {"> a\n\n***", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>"},
		"no tables":         {"|a|\n|-|", "<p>|a|<br>\n|-|</p>"},
		"link":              {`[a](https://b.c/?d=1&e=2 "title")`, `<p><a href="https://b.c/?d=1&amp;e=2"` + rel + ">a</a></p>"},
		"link without text": {"[](https://b.c)", `<p><a href="https://b.c"` + rel + ">https://b.c</a></p>"},
		"address in text":   {"see https://b.cd.", `<p>see <a href="https://b.cd"` + rel + ">https://b.cd</a>.</p>"},
		"www":               {"www.b.cd", `<p><a href="http://www.b.cd"` + rel + ">www.b.cd</a></p>"},
		"e-mail in text":    {"ask a@b.cd", "<p>ask a@b.cd</p>"},
		"e-mail as a link":  {"<a@b.cd>", `<p><a href="mailto:a@b.cd"` + rel + ">a@b.cd</a></p>"},
		"image":             {"![a *photo*](https://b.c/d.png)", "<p>a <em>photo</em></p>"},
		"image, no words":   {"![](https://b.c/d.png)", "<p>https://b.c/d.png</p>"},
		"image in a link":   {"[![a](https://b.c/d.png)](https://e.f)", `<p><a href="https://e.f"` + rel + ">a</a></p>"},
		"local address":     {"[a](/logout) [b](//c.d)", "<p>a b</p>"},
		"address of nobody": {"[a](https:b) [c](http:///d) [e](mailto:)", "<p>a c e</p>"},
		"no references":     {"[a][b]\n\n[b]: https://c.de", `<p>[a][b]</p>` + "\n" + `<p>[b]: <a href="https://c.de"` + rel + ">https://c.de</a></p>"},
		"raw HTML is text":  {"feed <3 times <b>a</b>", "<p>feed &lt;3 times &lt;b&gt;a&lt;/b&gt;</p>"},
		"turned text":       {"a\u202eb &#x202e; &#x2066; \x00 &#0; &#7; \xff", "<p>a\ufffdb \ufffd \ufffd \ufffd \ufffd \ufffd \ufffd</p>"},
		"joined emoji":      {"👩\u200d🍼 می\u200cخواهم", "<p>👩\u200d🍼 می\u200cخواهم</p>"},
		"too deep a line":   {deep + "\n<b>", "<p>" + strings.Repeat("&gt; ", maxMarkers+1) + "a<br>\n&lt;b&gt;</p>"},
		"too deep in all":   {strings.Repeat("*a **b ", 20) + strings.Repeat("** *", 20), "<p>" + strings.Repeat("*a **b ", 20) + strings.Repeat("** *", 20) + "</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Render(tt.in)
			if got != tt.want {
				t.Errorf("Render(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
			checkSafe(t, got)
		})
	}
}

func TestNestedSpansTooDeepArePlain(t *testing.T) {
	t.Parallel()
	open, shut := strings.Repeat("*a _b ", maxDepth), strings.Repeat(" b_ a*", maxDepth)
	got := Render(open + "x" + strings.ReplaceAll(strings.ReplaceAll(shut, " b", "b"), " a", "a"))
	if strings.Contains(got, "<em>") || !strings.HasPrefix(got, "<p>*a _b ") {
		t.Errorf("nested spans were rendered: %.80q", got)
	}
}

// vectors are ways in that have worked somewhere. The text they hold may be shown; nothing of it may act.
var vectors = []string{
	`[a](javascript:alert(1))`, `[a](JaVaScRiPt:alert(1))`, `[a](javascript&colon;alert(1))`, `[a](&#106;avascript:alert(1))`,
	`[a](&#x6A&#x61;vascript:alert(1))`, "[a](java\tscript:alert(1))", `[a](java&Tab;script:alert(1))`, `[a](java&NewLine;script:alert(1))`,
	`[a](\x01javascript:alert(1))`, `[a](<javascript:alert(1)>)`, `[a]( javascript:alert(1))`, `[a](javascript://x%0aalert(1))`,
	`[a](data:text/html,<script>alert(1)</script>)`, `[a](data:text/html;base64,PHNjcmlwdD4=)`, `[a](vbscript:msgbox(1))`, `[a](file:///etc/passwd)`,
	`[a](blob:https://a.b/c)`, `[a](view-source:https://a.b)`, `[a](feed:javascript:alert(1))`, `[a](%6Aavascript:alert(1))`, `[a](https:javascript)`,
	`<javascript:alert(1)>`, `<JAVASCRIPT:alert(1)>`, `<data:text/html,a>`, `<vbscript:a>`, `<https://a.b/"onmouseover="alert(1)>`,
	`https://a.bc/"onmouseover="alert(1)`, `https://a.bc/'><img/src=x/onerror=alert(1)>`, `javascript:alert(1)`, `www.a.bc"onclick=alert(1)`,
	`![a](x"onerror="alert(1))`, `![a](javascript:alert(1))`, `![a](https://a.b/c.png "x" onerror=alert(1))`, `![<img src=x onerror=alert(1)>](x)`,
	`<img src=x onerror=alert(1)>`, `<script>alert(1)</script>`, `<SCRIPT SRC=//a.b/c.js></SCRIPT>`, `<svg/onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<iframe srcdoc="<script>alert(1)</script>">`, `<iframe src="javascript:alert(1)">`,
	`<a href="javascript:alert(1)">a</a>`, `<a href="https://a.b" onclick="alert(1)">a</a>`, `<div hx-get="/logout" hx-trigger="load">`, `<p data-hx-post="/p/1/delete" hx-on:load="alert(1)">`,
	`<div hx-swap-oob="true" id="main">a</div>`, `<p style="position:fixed;inset:0;background:url(//a.b)">`, `<style>*{display:none}</style>`, `<form action="//a.b"><input name=password></form>`,
	`<base href="//a.b/">`, `<meta http-equiv="refresh" content="0;url=//a.b">`, `<link rel=stylesheet href=//a.b/c.css>`, `<object data="javascript:alert(1)">`, `<embed src="//a.b">`,
	`<details open ontoggle=alert(1)>`, `<video><source onerror=alert(1)>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<!--><img src=x onerror=alert(1)>-->`,
	`<![CDATA[<script>alert(1)</script>]]>`, `<?php a ?>`, `<textarea></textarea><script>alert(1)</script>`, `<title><script>alert(1)</script></title>`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
	"# a {#main onclick=alert(1)}", "[a](https://b.c){onclick=alert(1) id=x}", "```\"><script>alert(1)</script>\na\n```", "``` js onload=alert(1)\na\n```", "`<script>alert(1)</script>`",
	`[<script>alert(1)</script>](https://a.b)`, `[a](https://b.c "\"onclick=\"alert(1)")`, `[a](https://b.c '><script>alert(1)</script>')`, "[a]: javascript:alert(1)\n\n[a]",
	`[a](https://b.c/\"onclick=alert(1))`, `[a](https://b.c/&quot;onclick=alert(1))`, `[a](https://b.c/&#34;&gt;&lt;script&gt;)`, "1<script>. a", "- <script>a\n- </script>",
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		for _, in := range []string{v, "> " + v, "- " + v, "**" + v + "**", "[" + v + "](https://a.b)", "![" + v + "](" + v + ")"} {
			checkSafe(t, Render(in))
			checkSafe(t, RenderMessage(in))
		}
	}
}

// checkSafe reads a rendering as a browser would, and holds it against the list.
func checkSafe(t *testing.T, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("no UTF-8: %q", out)
	}
	if showable(out) != out {
		t.Errorf("holds characters that must not be shown: %q", out)
	}
	if again := sanitise(out); again != out {
		t.Errorf("sanitising again changes it\n got %q\nfrom %q", again, out)
	}
	doc, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatalf("reading %q: %v", out, err)
	}
	for n := range doc.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if fault := elementFault(n); fault != "" {
				t.Errorf("%s in %q", fault, out)
			}
		case html.CommentNode, html.DoctypeNode, html.RawNode:
			t.Errorf("something else than elements and text in %q", out)
		}
	}
}

func elementFault(n *html.Node) string {
	switch n.Data {
	case "html", "head", "body": // the parser adds them
	case "p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h4", "a":
	default:
		return "element " + n.Data
	}
	if n.Data == "a" && len(n.Attr) != 2 {
		return fmt.Sprintf("link with %v", n.Attr)
	}
	for _, a := range n.Attr {
		switch n.Data + " " + a.Key {
		case "ol start":
			if strings.Trim(a.Val, "0123456789") != "" {
				return "start " + a.Val
			}
		case "a rel":
			if a.Val != linkRel {
				return "rel " + a.Val
			}
		case "a href":
			u, err := url.Parse(a.Val)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
				return "address " + a.Val
			}
		default:
			return "attribute " + n.Data + " " + a.Key
		}
	}
	return ""
}

// TestHostileTextIsBounded renders what keeps a careless parser busy for seconds, minutes or for ever: it is not parsed.
func TestHostileTextIsBounded(t *testing.T) {
	t.Parallel()
	var stairs strings.Builder
	for i := range 12 { // not too deep, but each is visited for every line
		stairs.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	hostile := map[string]string{
		"stairs":           stairs.String() + strings.Repeat("\n", 60<<10),
		"1 MB of brackets": strings.Repeat("[", 1<<20),
		"1 MB of quotes":   strings.Repeat("> ", 1<<19),
		"1 MB of lines":    strings.Repeat("a\n", 1<<19),
	}
	for _, unit := range []string{"> ", ">", "- ", "1. ", "[", "*", "**a ", "`", "``a`", "![", "[a](b ", "[a](<", "<a", "](", "_a *b~ ", "*a_ "} {
		hostile[fmt.Sprintf("20,000 %q", unit)] = strings.Repeat(unit, 20_000)
	}
	for name, in := range hostile {
		start := time.Now()
		out := Render(in)
		if took := time.Since(start); took > 2*time.Second { // less than 100 ms alone; the rest is for a busy machine
			t.Errorf("%s took %v", name, took)
		}
		if out != verbatim(in, unlimited) {
			t.Errorf("%s was parsed: %.80q", name, out)
		}
		if sanitise(out) != out {
			t.Errorf("%s: sanitising again changes it", name)
		}
	}
}

// TestOrdinaryLongTextIsParsed keeps the bounds from ever meeting what people do write.
func TestOrdinaryLongTextIsParsed(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"a long post":     strings.Repeat("We are on **day 12**, *eight times* a day; see [this](https://a.b) and `that`.\n\n", 1000),
		"a long list":     strings.Repeat("- **day**: _two_ drops\n  - more\n    - and more\n", 300),
		"one paragraph":   strings.Repeat("a **b** c ", 500),
		"quoted in depth": strings.Repeat("> > > > *a*\n", 500),
	} {
		if tooCostly(in) {
			t.Errorf("%s is not parsed", name)
		}
	}
}

// BenchmarkRenderHostile times the worst that the bounds let through, each unit repeated as far as they allow.
func BenchmarkRenderHostile(b *testing.B) {
	for _, unit := range []string{"[", "*a_ ", "[a](b", "[a](b \"", "`a``b", "-\n+\n", ">a\n", "http://a.b ", "&a"} {
		count := sort.Search(maxParsed/len(unit)+1, func(n int) bool { return tooCostly(strings.Repeat(unit, n)) }) - 1
		in := strings.Repeat(unit, count)
		b.Run(fmt.Sprintf("%q", unit), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				Render(in)
			}
		})
	}
}

func TestRenderMessageHasALimit(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"&", "-\n+\n", "<http:😀", "é'", "a\n", "<", "😀"} {
		for extra := range 8 { // so that the limit falls on each byte of a character or reference
			out := RenderMessage(strings.Repeat("x", extra) + strings.Repeat(unit, 40_000))
			if len(out) > MessageLimit || len(out) < MessageLimit-20 {
				t.Errorf("%q: %d bytes", unit, len(out))
			}
			if !strings.HasSuffix(out, "</p>") {
				t.Errorf("%q: ends in %q", unit, out[len(out)-20:])
			}
			checkSafe(t, out)
		}
	}
	if got := RenderMessage("*a*"); got != Render("*a*") {
		t.Errorf("a short message differs from a post: %q", got)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"no room":        {"a", 0, ""},
		"markup is gone": {"# One\n\n- *two*\n- [three](https://a.b)\n\n> `four` & **f**ive", 100, "One two three four & five"},
		"lines":          {"one\ntwo\n\n\nthree", 100, "one two three"},
		"fits":           {"one two", 7, "one two"},
		"after a word":   {"one two three", 9, "one two…"},
		"at a word":      {"one two three", 8, "one two…"},
		"inside a word":  {"abcdefghij", 5, "abcd…"},
		"runes":          {"ééééé ééééé", 8, "ééééé…"},
		"no comma left":  {"one, two", 6, "one…"},
		"too deep":       {strings.Repeat("> ", 40) + "a", 9, "> > > >…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Plain(tt.in, tt.limit); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSaidIsTheAuthorsOwn(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"*one* two\n\n- three":                                 "one two three",
		"one `two` three\n\n```\nfour\n```\n\n    five\n\nsix": "one three six",
		"> one\n> > two\n\nthree\n\n> four":                    "three",
		"[one](https://a.b) two https://c.d":                   "two",
	} {
		if got := strings.Join(strings.Fields(Said(Render(in))), " "); got != want {
			t.Errorf("%q says %q, want %q", in, got, want)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, v := range vectors {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		checkSafe(t, Render(markdown))
		message := RenderMessage(markdown)
		checkSafe(t, message)
		if len(message) > MessageLimit {
			t.Errorf("a message of %d bytes", len(message))
		}
		if got := Plain(markdown, 40); utf8.RuneCountInString(got) > 40 || strings.ContainsAny(got, "\n\t") {
			t.Errorf("excerpt %q", got)
		}
	})
}

// BenchmarkRender renders a post of ordinary length and markup.
func BenchmarkRender(b *testing.B) {
	post := strings.Repeat("We are on **day 12** of pumping, *eight times* a day, and see https://example.org/a?b=1.\nAnybody else?\n\n- morning\n- night\n\n> It takes time.\n\n", 8)
	b.SetBytes(int64(len(post)))
	b.ReportAllocs()
	for b.Loop() {
		Render(post)
	}
}

func TestQuotesArePutAside(t *testing.T) {
	t.Parallel()
	const instead = "<blockquote><p><em>Not &lt;here&gt;.</em></p></blockquote>"
	for markdown, want := range map[string]string{
		"No.":                         "<p>No.</p>",
		"> One\n>\n> > two\n\nNo.":    instead + "\n<p>No.</p>",
		"> One\n\nNo.\n\n> Two":       instead + "\n<p>No.</p>\n" + instead,
		"- > One\n- No. <blockquote>": "<ul>\n<li>\n" + instead + "\n</li>\n<li>No. &lt;blockquote&gt;</li>\n</ul>",
	} {
		if got := WithoutQuotes(Render(markdown), "Not <here>."); strings.TrimSpace(got) != want {
			t.Errorf("%q without quotes is %q, want %q", markdown, got, want)
		}
	}
	if got := WithoutQuotes("<p>No.</p><blockquote><p>cut", "Not <here>."); got != "<p>No.</p>"+instead {
		t.Errorf("one that was cut short leaves %q", got)
	}
}
