package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// form is a form of a page, filled in as the page gave it.
type form struct {
	*person
	method, action string
	values         url.Values
	buttons        url.Values
}

// form is the page's form that goes to this address. Where there are several, they are the same.
func (a answer) form(action string) form {
	a.Helper()
	for _, node := range a.elements("form") {
		to, _, _ := strings.Cut(attribute(node, "action"), "?")
		if to == "" {
			to, _, _ = strings.Cut(a.at, "?")
		}
		if to == action {
			return a.read(node)
		}
	}
	a.Fatalf("%s (%d) has no form for %s\n%.3000s", a.asked, a.status, action, a.body)
	return form{}
}

func (a answer) read(node *html.Node) form {
	f := form{person: a.person, method: strings.ToUpper(attribute(node, "method")), action: attribute(node, "action"), values: url.Values{}, buttons: url.Values{}}
	if f.action == "" || f.action == "?" {
		f.action, _, _ = strings.Cut(a.at, "?")
	}
	for control := range node.Descendants() {
		name, value := attribute(control, "name"), attribute(control, "value")
		switch {
		case name == "":
		case control.Data == "textarea":
			f.values.Set(name, words(control))
		case control.Data == "button":
			f.buttons.Add(name, value)
		case control.Data == "input" && attribute(control, "type") == "checkbox":
			f.values[name] = nil // there to be ticked
		case control.Data == "input":
			f.values.Set(name, value)
		}
	}
	return f
}

// send fills fields in, by name and value in turn, and sends the form as a browser would.
func (f form) send(typed ...string) answer {
	f.Helper()
	for i := 0; i < len(typed); i += 2 {
		name := typed[i]
		if _, asked := f.values[name]; !asked && !slices.Contains(f.buttons[name], typed[i+1]) {
			f.Fatalf("the form for %s does not ask for %s", f.action, name)
		}
		f.values.Set(name, typed[i+1])
	}
	if f.method != http.MethodPost {
		f.Fatalf("the form for %s is sent by %s", f.action, f.method)
	}
	return f.post(f.action, f.values, "Origin", f.base.String(), "Sec-Fetch-Site", "same-origin")
}

// link is the address of the page's first link that reads so.
func (a answer) link(text string) string {
	a.Helper()
	return a.links(text)[0]
}

// lastLink is the address of the last one: of the newest post's.
func (a answer) lastLink(text string) string {
	a.Helper()
	found := a.links(text)
	return found[len(found)-1]
}

func (a answer) links(text string) []string {
	a.Helper()
	var found []string
	for _, node := range a.elements("a") {
		if strings.Join(strings.Fields(words(node)), " ") == text {
			to, _, _ := strings.Cut(attribute(node, "href"), "#")
			found = append(found, to)
		}
	}
	if len(found) == 0 {
		a.Fatalf("%s has no link that reads %q\n%.3000s", a.asked, text, a.body)
	}
	return found
}

// elements are all of these names.
func (a answer) elements(names ...string) []*html.Node {
	a.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	a.must(err)
	var found []*html.Node
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && slices.Contains(names, node.Data) {
			found = append(found, node)
		}
	}
	return found
}

// text is what a person reads on the page, and in its fields.
func (a answer) text() string {
	a.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	a.must(err)
	return words(root)
}

func words(node *html.Node) string {
	var text strings.Builder
	for part := range node.Descendants() {
		if part.Type == html.TextNode {
			text.WriteString(part.Data)
		}
	}
	return text.String()
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
