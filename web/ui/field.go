package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Field is one labelled control of a form, with what was typed and what is wrong with it.
type Field struct {
	Name  string // of the form field; also its id, unless ID says otherwise
	ID    string
	Label string
	Hint  string // stands between label and control; may be empty
	Value string
	Fault string           // empty where nothing is wrong
	Type  string           // of an input: text where empty
	Rows  int              // of a text area
	More  templ.Attributes // autocomplete, maxlength, data-… and the like; an aria-describedby comes before ours
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Type != "" {
		return f.Type
	}
	return "text"
}

func (f Field) hintID() string  { return f.id() + "-hint" }
func (f Field) faultID() string { return f.id() + "-fault" }

// aids are the attributes that tie hint and fault to the control, and the caller's own.
func (f Field) aids() templ.Attributes {
	attributes := templ.Attributes{}
	var described []string
	for name, value := range f.More {
		attributes[name] = value
		if ids, isText := value.(string); isText && name == "aria-describedby" {
			described = append(described, ids)
		}
	}
	if f.Hint != "" {
		described = append(described, f.hintID())
	}
	if f.Fault != "" {
		attributes["aria-invalid"] = "true"
		described = append(described, f.faultID())
	}
	if len(described) > 0 {
		attributes["aria-describedby"] = strings.Join(described, " ")
	}
	return attributes
}

// fault is one line of the summary above a form.
type fault struct{ field, message string }

// inOrder lists the faults as their fields stand on the page; those without a place in order are left out.
func inOrder(faults map[string]string, order []string) []fault {
	var listed []fault
	for _, field := range order {
		if message := faults[field]; message != "" {
			listed = append(listed, fault{field, message})
		}
	}
	return listed
}
