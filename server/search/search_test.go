package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
)

// search finds, or fails the test.
func (h *house) search(by accounts.Viewer, q search.Query) search.Found {
	h.t.Helper()
	found, err := h.Find(h.t.Context(), by, q)
	if err != nil {
		h.t.Fatalf("%+v: %v", q, err)
	}
	return found
}

// finds wants these posts for the words, the newest first.
func (h *house) finds(by accounts.Viewer, words string, want ...int64) search.Found {
	h.t.Helper()
	found := h.search(by, search.Query{Words: words})
	if !slices.Equal(ids(found), want) {
		h.t.Errorf("%q finds %v, want %v", words, ids(found), want)
	}
	return found
}

func ids(found search.Found) []int64 {
	var all []int64
	for _, hit := range found.Hits {
		all = append(all, hit.ID)
	}
	return all
}

// say begins a thread and gives it and its first post.
func (h *house) say(by accounts.Viewer, category, title, body string) (forum.Thread, int64) {
	h.t.Helper()
	h.pass(time.Minute)
	thread, err := h.forum.Start(h.t.Context(), by, forum.Opening{Category: category, Title: title, Body: body, Key: uuid.New()})
	h.must(err)
	_, posts, err := h.forum.ThreadContext(h.t.Context(), by, thread.ID)
	h.must(err)
	return thread, posts[0].ID
}

// answer adds a post a little later and gives its id.
func (h *house) answer(by accounts.Viewer, thread forum.Thread, body string) int64 {
	h.t.Helper()
	h.pass(time.Minute)
	return h.reply(by, thread, body)
}

// reply adds a post and gives its id.
func (h *house) reply(by accounts.Viewer, thread forum.Thread, body string) int64 {
	h.t.Helper()
	place, err := h.forum.Reply(h.t.Context(), by, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	h.must(err)
	return place.PostID
}

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	cupboard, first := h.say(wren, "pumping-and-let-down", "Let-down at work, in a cupboard", "How do you relax in *twelve* minutes? She took 3 oz, then 1.5 more.")
	second := h.answer(wren, cupboard, "I pumped with an SNS taped to my finger. My PPD was worse at night.Then it lifted.")
	_, bébé := h.say(wren, "house", "Parlez-vous français?", "Mon bébé ne prend pas le sein. See https://mail.example/relactation/notes.")
	for words, want := range map[string][]int64{
		"relax":                {first},
		"SNS":                  {second},
		"sns":                  {second},
		"ppd":                  {second},
		"oz":                   {first},
		"1.5 oz":               {first},
		"pumping":              {second},
		"finger tape":          {second},
		"lifted then":          {second},
		"bébé":                 {bébé},
		"Bébé SEIN":            {bébé},
		"relactation notes":    {bébé},
		"cupboard":             {first},
		"let down":             {first},
		"let-down":             {first},
		"let-down finger":      {second},
		"cupboard minute":      {first},
		"how do you":           {first},
		"worse, at (night)!":   {second},
		"relax SNS":            nil,
		"cupboard zzz":         nil,
		"'relax' & !twelve | ": {first},
	} {
		h.finds(guest, words, want...)
	}
	for _, words := range []string{"", "  ", "(((", "'", "%", `\`, "' -- ; \"", "& | ! <->", ":*", "\x00", "\xff\xfe", "\u202e"} {
		if found := h.finds(guest, words); found.Words != "" {
			t.Errorf("%q is taken for the words %q", words, found.Words)
		}
	}
}

func TestSearchTakesAnythingTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, post := h.say(h.person("wren"), "house", "A title", "Milk 'n' milk % \\ NULL.")
	for typed, want := range map[string]struct {
		capped bool
		hits   []int64
	}{
		"milk' OR '1'='1":                       {false, nil},
		"milk%":                                 {false, []int64{post}},
		`milk\`:                                 {false, []int64{post}},
		"mi%k":                                  {false, nil},
		"milk:* <-> milk":                       {false, []int64{post}},
		"milk\x00null":                          {false, []int64{post}},
		"milk \xc3\x28":                         {false, []int64{post}},
		"NULL":                                  {false, []int64{post}},
		strings.Repeat("milk ", 12):             {false, []int64{post}},
		strings.Repeat("milk ", 12) + "zebra":   {true, []int64{post}},
		strings.Repeat("milk ", 2000):           {true, []int64{post}},
		strings.Repeat("a", 100_000):            {true, nil},
		strings.Repeat("(", 2000) + "milk":      {true, nil},
		strings.Repeat("é", search.MaxQuery):    {false, nil},
		strings.Repeat("é", search.MaxQuery+1):  {true, nil},
		strings.Repeat("\u0301", 100) + " milk": {false, []int64{post}},
	} {
		found, err := h.Find(t.Context(), guest, search.Query{Words: typed})
		if err != nil || found.Capped != want.capped || !slices.Equal(ids(found), want.hits) {
			t.Errorf("%.30q: %v, capped %v, %v", typed, ids(found), found.Capped, err)
		}
	}
	for _, q := range []search.Query{
		{Words: "milk", Before: "x"}, {Words: "milk", Before: "1.0"}, {Words: "milk", Label: "expert"}, {Words: "milk", Category: "Ho'use"}, {Before: "\x00"},
	} {
		_, err := h.Find(t.Context(), guest, q)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func TestSearchForgivesTypingErrors(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	_, herbs := h.say(wren, "medication-and-herbs", "Domperidone, week three", "Fenugreek did nothing for me while pumping.")
	for typed, meant := range map[string]string{
		"fenugrek": "fenugreek", "FENUGREEKK": "fenugreek", "dompridone": "domperidone", "pumpng": "pumping",
		"fenugrek dompridone": "fenugreek domperidone", "while pumpng": "while pumping",
	} {
		found := h.finds(guest, typed, herbs)
		if found.Meant != meant {
			t.Errorf("%q is read as %q, want %q", typed, found.Meant, meant)
		}
	}
	if found := h.finds(guest, "fenugreek", herbs); found.Meant != "" {
		t.Errorf("a word that is there is read as %q", found.Meant)
	}
	h.finds(guest, "zeppelin")
	h.finds(guest, "fenugrek zeppelin")
	h.finds(guest, "fog")
}

func TestSearchKnowsOnlyWhatStands(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread, first := h.say(wren, "house", "Marmalade questions", "It began with porcelain.")
	second := h.answer(wren, thread, "Then came thistledown.")
	h.finds(guest, "porcelain", first)
	if _, err := h.forum.Edit(t.Context(), wren, forum.Revision{PostID: first, Version: 1, Body: "It began with earthenware."}); err != nil {
		t.Fatal(err)
	}
	h.finds(guest, "porcelain")
	h.finds(guest, "porcelin")
	h.finds(guest, "earthenware", first)
	h.finds(guest, "earthenwear", first)
	h.finds(guest, "marmalade", first)
	h.finds(guest, "marmalade thistledown", second)
	if _, err := h.forum.Delete(t.Context(), wren, first); err != nil {
		t.Fatal(err)
	}
	h.finds(guest, "earthenware")
	h.finds(guest, "earthenwear")
	h.finds(wren, "earthenware")
	h.finds(guest, "marmalade", second)
	if _, err := h.forum.Delete(t.Context(), wren, second); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"marmalade", "marmlade", "thistledown", "thistledwn"} {
		h.finds(guest, words)
		h.finds(wren, words)
	}
	if left := h.count(`SELECT count(*) FROM search_words`); left != 0 {
		t.Errorf("%d words are kept of texts that are gone", left)
	}
}

func TestSearchKnowsNoHiddenThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	thread, post := h.say(wren, "relactation", "A cupboard", "With a broken zeppelin in it.")
	h.finds(wren, "zeppelin", post)
	_, err := h.forum.Hide(t.Context(), maya, thread.ID, audit.Rules)
	h.must(err)
	for _, by := range []accounts.Viewer{{}, wren, maya} {
		h.finds(by, "zeppelin")
		h.finds(by, "cupboard")
		if found := h.finds(by, "zepelin"); found.Meant != "" {
			t.Errorf("a word of a hidden thread is offered: %q", found.Meant)
		}
	}
	_, err = h.forum.Restore(t.Context(), maya, thread.ID, audit.Rules)
	h.must(err)
	h.finds(accounts.Viewer{}, "cupboard", post)
}

// TestSearchTellsGuestsNothingOfMembers looks for the same before and after members have written: nothing may change.
func TestSearchTellsGuestsNothingOfMembers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	h.say(wren, "house", "Lanterns at night", "A lantern in the cupboard.")
	asked := []string{"quillmoor", "quilmoor", "quillmor", "ossuary", "ossuaries", "lantern", "lanterns", "lanternn", "lanterne", "the ossuary", "lantern ossuary"}
	look := func(by accounts.Viewer) (all string) {
		for _, words := range asked {
			for _, category := range []string{"", "feelings", "house"} {
				all += fmt.Sprintf("%q in %q: %+v\n", words, category, h.search(by, search.Query{Words: words, Category: category}))
			}
		}
		return all
	}
	before := look(guest)
	secret, first := h.say(wren, "feelings", "Quillmoor lanternn", "An ossuary, and lanterne, lantrens and lanternes.")
	reply := h.answer(wren, secret, "More ossuary.")
	if after := look(guest); after != before {
		t.Errorf("a guest is shown\n%s\nand before it was\n%s", after, before)
	}
	h.finds(wren, "quillmoor", first)
	h.finds(wren, "quilmoor", first)
	h.finds(wren, "ossuary", reply, first)
	h.finds(guest, "lantern", h.finds(guest, "cupboard", 1).Hits[0].ID)
}

func TestSearchFilters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, june := h.person("wren"), h.person("June_IB")
	june.Label = accounts.IBCLC
	thread, first := h.say(wren, "relactation", "Lecithin", "Does lecithin help?")
	answer := h.answer(june, thread, "Lecithin helps some.")
	_, elsewhere := h.say(wren, "house", "Something", "Lecithin again.")
	for name, c := range map[string]struct {
		q    search.Query
		want []int64
	}{
		"no filter":         {search.Query{}, []int64{elsewhere, answer, first}},
		"a category":        {search.Query{Category: "relactation"}, []int64{answer, first}},
		"no such category":  {search.Query{Category: "nowhere"}, nil},
		"an author":         {search.Query{Author: "wren"}, []int64{elsewhere, first}},
		"a handle as typed": {search.Query{Author: " @JUNE_ib "}, []int64{answer}},
		"nobody":            {search.Query{Author: "nobody"}, nil},
		"no handle":         {search.Query{Author: "' OR 1=1 \x00\xff"}, nil},
		"a label":           {search.Query{Label: accounts.IBCLC}, []int64{answer}},
		"all of them":       {search.Query{Category: "relactation", Author: "wren", Label: accounts.Peer}, []int64{first}},
	} {
		for _, words := range []string{"lecithin", "lecithn"} {
			c.q.Words = words
			if found := h.search(guest, c.q); !slices.Equal(ids(found), c.want) {
				t.Errorf("%s: %q finds %v, want %v", name, words, ids(found), c.want)
			}
		}
	}
}

func TestSearchPagesHoldEveryHitOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread, first := h.say(wren, "house", "A jar", "Honey, no. Apricots.")
	want := []int64{first}
	for i := range 49 {
		if i%3 == 0 { // three at the same moment, also where a page ends
			h.pass(time.Second)
		}
		want = append(want, h.reply(wren, thread, fmt.Sprintf("Apricots, %d.", i)))
	}
	slices.Reverse(want)
	var seen []int64
	q, pages := search.Query{Words: "apricot"}, 0
	for ; pages < 10; pages++ {
		found := h.search(guest, q)
		seen = append(seen, ids(found)...)
		h.reply(wren, thread, "One more apricot, meanwhile.")
		if q.Before = found.Next; q.Before == "" {
			break
		}
	}
	if pages != 2 || !slices.Equal(seen, want) {
		t.Errorf("turning %d pages shows %v, want %v", pages, seen, want)
	}
}

func TestSearchMarksWhatWasLookedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	long := strings.Repeat("Nothing of it here, day after day. ", 40)
	h.say(wren, "house", "Fish & <chips>, pumped", long+"\n\nThen *she* **pumped** <b>twice</b> & slept, isn't it.\n\n"+long)
	hit := h.search(guest, search.Query{Words: "pumping chips"}).Hits[0]
	if want := (search.Marked{{"Fish & <", false}, {"chips", true}, {">, ", false}, {"pumped", true}}); !slices.Equal(hit.Title, want) {
		t.Errorf("the title is %+v, want %+v", hit.Title, want)
	}
	excerpt := hit.Excerpt.String()
	if !strings.Contains(excerpt, "she pumped <b>twice</b> & slept, isn't it.") || utf8.RuneCountInString(excerpt) > 270 {
		t.Errorf("the excerpt is %q", excerpt)
	}
	if !strings.HasPrefix(excerpt, "… day after day. ") || !strings.HasSuffix(excerpt, " of it here, …") {
		t.Errorf("the excerpt is not cut between words: %q", excerpt)
	}
	if !slices.Contains(hit.Excerpt, search.Span{Text: "pumped", Marked: true}) {
		t.Errorf("its marks are %+v", hit.Excerpt)
	}
	if hit.Words != "pumping chips" || hit.Path() != "/p/1" || hit.AuthorHandle != "wren" || hit.CategoryName != "House" {
		t.Errorf("the hit is %+v", hit)
	}
}

func FuzzSearch(f *testing.F) {
	for _, typed := range []string{"", "SNS", "let-down oz", "'", "%", `\`, "(((", "a & !b | c:*", "\x00", "\xff", "1.5", "é\u0301", strings.Repeat("milk ", 2000)} {
		f.Add(typed, typed, "")
	}
	s := search.New(testdb.New(f), time.Now)
	f.Fuzz(func(t *testing.T, words, author, before string) {
		_, err := s.Find(t.Context(), guest, search.Query{Words: words, Author: author, Before: before})
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Errorf("%q by %q before %q: %v", words, author, before, err)
		}
	})
}
