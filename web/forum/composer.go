package forum

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// composer is the form for a reply, with what was typed and what is wrong with it.
type composer struct {
	Action    string
	After     int    // where the page of the thread begins that it stands on
	Target    string // what the draft answers
	DraftedAt int64  // when the shown draft was kept by the server, unix ms; 0 where the words are none
	Refused   bool   // the words were just sent and refused: they are newer than any draft
	To        string // whom it answers
	Audience  string // who will be able to read it, in words
	Body      string
	Key       string
	ReplyTo   int64
	Quote     forum.Quote
	As        accounts.Label // chosen by staff
	Under     string         // the name by which the viewer writes here; empty for their own
	Alias     string         // the one that they typed
	Quoted    string         // the quoted lines that the address asked for; the device's draft may be newer than Body
	Faults    map[string]string
}

func newComposer(read forum.Page) composer {
	return composer{
		Action: actPath(read.Thread, "posts"), After: read.After,
		Target: read.Thread.ReplyTarget(), To: read.Thread.AuthorName, Audience: audienceOf(read.Thread), Under: read.Alias,
	}
}

// refusedComposer is the composer as it was sent, with the faults that were found.
func refusedComposer(read forum.Page, form url.Values, faults map[string]string) composer {
	k := newComposer(read)
	k.Refused, k.Faults, k.Body, k.Key = true, seen(faults), page.Shown(form.Get("body")), page.Shown(form.Get("key"))
	k.As, k.Alias = accounts.Label(form.Get("as")), page.Shown(form.Get("alias"))
	if k.Under != "" && faults["alias"] != "" { // taken on another page meanwhile: there is no field for it any more
		k.Faults = seen(map[string]string{"": faults["alias"]})
	}
	if faults["key"] != "" || k.Key == "" {
		k.Key = uuid.NewString()
	}
	if faults["reply_to"] == "" {
		k.answer(form.Get("reply_to"), read)
	}
	if faults["quote_post"] == "" {
		k.Quote, _ = quoteOf(form)
	}
	return k
}

// answer turns the composer to one post of the page.
func (k *composer) answer(id string, read forum.Page) {
	for _, post := range read.Posts {
		if strconv.FormatInt(post.ID, 10) == id {
			k.ReplyTo, k.To = post.ID, post.AuthorName
		}
	}
}

// quote adds a post's words to what is typed already.
func (k *composer) quote(post forum.Post, read forum.Page) {
	lines, from := post.Quote()
	if k.Body != "" {
		k.Body = strings.TrimRight(k.Body, "\n") + "\n\n"
	}
	k.Body += lines
	k.Quote, k.Quoted = from, lines
	k.answer(strconv.FormatInt(post.ID, 10), read)
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
