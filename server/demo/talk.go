package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

//go:embed words
var files embed.FS

// talk is a file of words. Lines that begin with # are for those who edit it. Then comes a head of `name: value` lines,
// after an empty line perhaps a text, and then what was said, each under a line of its own:
//
//	--- river, 72d 6h ago, answers 3, hug sol marit
//
// that is who, how long before the filling, and marks: a word, and what follows it.
type talk struct {
	name string
	head []field
	text string
	said []saying
}

type field struct{ name, value string }

// saying is one thing that was said.
type saying struct {
	where  string // file and line, for the complaint about it
	handle string
	age    time.Duration
	marks  map[string][]string
	body   string
}

// read gives the talks of a folder of words, in the order of their names.
func read(folder string) ([]talk, error) {
	names, err := fs.Glob(files, "words/"+folder+"/*.txt")
	if err != nil {
		return nil, err
	}
	var talks []talk
	for _, name := range names {
		t, err := readTalk(name)
		if err != nil {
			return nil, err
		}
		talks = append(talks, t)
	}
	return talks, nil
}

func readTalk(name string) (talk, error) {
	content, err := files.ReadFile(name)
	if err != nil {
		return talk{}, err
	}
	return parse(strings.TrimPrefix(name, "words/"), string(content))
}

func parse(name, content string) (talk, error) {
	t := talk{name: name}
	var body []string
	end := func() { // of what was read last: the text of the file, or a saying's body
		words := strings.TrimSpace(strings.Join(body, "\n"))
		if body = nil; len(t.said) == 0 {
			t.text = words
		} else {
			t.said[len(t.said)-1].body = words
		}
	}
	inHead := true
	for i, line := range strings.Split(content, "\n") {
		where := fmt.Sprintf("%s:%d", name, i+1)
		entry, said := strings.CutPrefix(line, "--- ")
		switch {
		case said:
			end()
			s, err := parseSaying(where, entry)
			if err != nil {
				return talk{}, err
			}
			t.said, inHead = append(t.said, s), false
		case strings.HasPrefix(line, "#"):
		case inHead && line == "":
			inHead = len(t.head) == 0
		case inHead:
			word, value, ok := strings.Cut(line, ": ")
			if !ok {
				return talk{}, fmt.Errorf("%s: the head has lines such as `title: Words`, this is %q", where, line)
			}
			t.head = append(t.head, field{word, value})
		default:
			body = append(body, line)
		}
	}
	end()
	return t, nil
}

func parseSaying(where, line string) (saying, error) {
	parts := strings.Split(line, ", ")
	if len(parts) < 2 {
		return saying{}, fmt.Errorf("%s: it begins with who and when, such as `--- river, 3d 2h ago`", where)
	}
	age, err := parseAge(parts[1])
	if err != nil {
		return saying{}, fmt.Errorf("%s: %w", where, err)
	}
	s := saying{where: where, handle: parts[0], age: age, marks: map[string][]string{}}
	for _, mark := range parts[2:] {
		words := strings.Fields(mark)
		if len(words) == 0 {
			return saying{}, fmt.Errorf("%s: there is nothing between two commas", where)
		}
		s.marks[words[0]] = words[1:]
	}
	return s, nil
}

// parseAge reads `3d 2h 5m ago`, how long something is past, or `in 40d`, which is a negative age.
func parseAge(words string) (time.Duration, error) {
	amounts, past := strings.CutSuffix(words, " ago")
	ahead, future := strings.CutPrefix(words, "in ")
	if future {
		amounts = ahead
	}
	var age time.Duration
	units := map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute}
	for _, amount := range strings.Fields(amounts) {
		n, err := strconv.Atoi(amount[:len(amount)-1])
		unit := units[amount[len(amount)-1]]
		if past == future || err != nil || unit == 0 {
			return 0, fmt.Errorf("a time is such as `3d 2h ago` or `in 40d`, this is %q", words)
		}
		age += time.Duration(n) * unit
	}
	if future {
		age = -age
	}
	return age, nil
}

// value is the head's value of that name; empty where there is none.
func (t talk) value(name string) string {
	for _, f := range t.head {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has reports whether the mark is there, and mark gives the one word that follows it.
func (s saying) has(name string) bool { return s.marks[name] != nil }

func (s saying) mark(name string) string {
	if len(s.marks[name]) == 0 {
		return ""
	}
	return s.marks[name][0]
}
