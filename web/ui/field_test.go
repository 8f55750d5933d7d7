package ui

import (
	"testing"

	"github.com/a-h/templ"
)

func TestFieldTiesHintAndFaultToItsControl(t *testing.T) {
	t.Parallel()
	html := render(t, Input(Field{
		Name: "handle", Label: "A name", Hint: "Not your real one.", Value: `wr"en`, Fault: "Taken.",
		More: templ.Attributes{"autocomplete": "username"},
	}))
	expect(t, html, `<label for="handle">A name</label>`, `id="handle-hint"`, `id="handle-fault"`, `aria-invalid="true"`,
		`aria-describedby="handle-hint handle-fault"`, `autocomplete="username"`, `value="wr&#34;en"`, `type="text"`)
}

func TestFieldKeepsTheDescriptionThatItsFormGives(t *testing.T) {
	t.Parallel()
	expect(t, render(t, TextArea(Field{Name: "body", Label: "Words", Fault: "Empty.", More: templ.Attributes{"aria-describedby": "kept"}})),
		`aria-describedby="kept body-fault"`)
}

func TestFieldWithoutFaultSaysNothingOfOne(t *testing.T) {
	t.Parallel()
	html := render(t, Input(Field{Name: "password", Label: "Password", Type: "password"}))
	refuse(t, html, "aria-invalid", "aria-describedby", "error")
	expect(t, html, `type="password"`)
}

func TestFieldHasAnIDOfItsOwnWhereTwoFormsMeet(t *testing.T) {
	t.Parallel()
	expect(t, render(t, Input(Field{Name: "body", ID: "body-2", Label: "Words", Fault: "Empty."})),
		`for="body-2"`, `id="body-2" name="body"`, `id="body-2-fault"`)
}

// The parser drops the first line break in a text area, so one more keeps the person's own.
func TestTextAreaKeepsTheFirstLineBreak(t *testing.T) {
	t.Parallel()
	expect(t, render(t, TextArea(Field{Name: "body", Label: "Words", Value: "\n<first>", Rows: 6})),
		">\n\n&lt;first&gt;</textarea>", `rows="6"`)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	html := render(t, Check(Field{Name: "rules", Label: "I will keep to these", Value: "1", Fault: "Please read them."}, true))
	expect(t, html, `type="checkbox" name="rules" value="1" checked`, `aria-describedby="rules-fault"`)
	refuse(t, render(t, Check(Field{Name: "rules", Value: "1"}, false)), "checked")
}

func TestErrorsStandInTheOrderOfTheFields(t *testing.T) {
	t.Parallel()
	html := render(t, Errors("Two things", map[string]string{"a": "First.", "b": "Second.", "c": ""}, "a", "c", "b"))
	expect(t, html, `<h2>Two things</h2><p><a href="#a">First.</a></p><p><a href="#b">Second.</a></p>`, `role="alert"`)
}

func TestErrorsShowNothingWithoutFaults(t *testing.T) {
	t.Parallel()
	if html := render(t, Errors("Nothing", nil)); html != "" {
		t.Errorf("shows %s", html)
	}
}
