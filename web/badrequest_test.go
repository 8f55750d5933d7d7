package web_test

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/forum"
)

// strangeIDs are no ids, as they stand in an address.
var strangeIDs = []string{
	"0", "-1", "+1", "01", "1.0", "1e0", "0x1", "999999", "9223372036854775807", "9223372036854775808", "a", "'", "*", ":id", "%2A",
	"%00", "1%00", "%FF", "%E2%80%AE1", "1%2F", "..%2f", "..%2F..%2fetc", "%2e%2e", "%5C", "%25", "%D9%A1", "%201", "1%20", "1;1", strings.Repeat("9", 3000),
}

// strange gives the addresses of a route with one parameter spelt otherwise.
func (r route) strange(good string) []string {
	var addresses []string
	parts := strings.Split(good, "/")
	for i, segment := range strings.Split(r.pattern, "/") {
		if !strings.HasPrefix(segment, ":") && segment != "*" {
			continue
		}
		spelt := parts[i]
		for _, id := range append([]string{spelt + "%00", "%00" + spelt, spelt[:1] + "%00" + spelt[1:]}, strangeIDs...) {
			parts[i] = id
			addresses = append(addresses, strings.Join(parts, "/"))
		}
		parts[i] = spelt
	}
	return addresses
}

// TestStrangeAddressesAreMissing asks for each route with each strange id in each of its places.
func TestStrangeAddressesAreMissing(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	post, guest := h.firstPost(thread), h.guest()
	forms := map[string]url.Values{}
	for _, e := range h.entries(river, thread) {
		forms[e.pattern] = e.fields()
	}
	before := h.counts()
	for _, r := range h.routes() {
		for _, at := range r.strange(r.sample(t, thread, post)) {
			for _, who := range []*person{river, guest} {
				a := who.ask(r.method, at, forms[r.pattern].Encode())
				to := a.header.Get("Location")
				asksIn := who == guest && a.status == http.StatusSeeOther && strings.HasPrefix(to, "/login")
				if a.status != http.StatusNotFound && !asksIn && to != thread.Path() { // where only the slug is another
					t.Errorf("%s: %d to %q\n%.300s", a.asked, a.status, to, a.body)
				}
			}
		}
	}
	if after := h.counts(); after != before {
		t.Errorf("stored %s, before %s", after, before)
	}
}

// queries are the fields that pages read from their address.
var queries = map[string][]string{
	"/c/:category": {"before", "sort"}, "/t/:id/:slug": {"after", "reply_to", "quote"}, "/p/:id": {"after"},
	"/rooms/:slug": {"before", "after", "around", "limit", "re"}, "/rooms/:slug/messages": {"before", "after", "around", "limit"},
	"/login": {"next"}, "/login/2fa": {"next"}, "/login/again": {"next"}, "/signup": {"next"}, "/help/now": {"country"},
	"/consultants": {"q", "place", "km", "place=Utrecht&km", "language", "specialty", "accepting", "telehealth", "after", "place=Utrecht&after"},
	"/contacts":    {"before"}, "/mod/consultants": {"after"},
	"/search": {"q", "category", "author", "label", "before", "q=late&before", "q=late&author"},
}

// TestStrangeQueriesAreAnsweredClearly asks every page with every strange value of its query's fields.
func TestStrangeQueriesAreAnsweredClearly(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	post, guest := h.firstPost(thread), h.guest()
	river.say("lounge", "Good evening.")
	values := append([]string{"", "zz.1", "1.zz", "%zz", "a&a", "[]", "%C3%28", "'%20OR%201=1%20--"}, strangeIDs...)
	for _, r := range h.routes() {
		if r.method != http.MethodGet {
			continue
		}
		at := r.sample(t, thread, post)
		asked := []string{"?%zz=%00&a;b", "?" + strings.Repeat("a=1&", 200)}
		for _, name := range queries[r.pattern] {
			for _, value := range values {
				asked = append(asked, "?"+name+"="+value)
			}
		}
		for i, query := range asked {
			who, accept := []*person{river, guest}[i%2], "text/html"
			if strings.HasPrefix(at, "/rooms/") {
				who = river
			}
			if strings.HasSuffix(at, "/messages") {
				accept = "application/json"
			}
			if a := who.get(at+query, "Accept", accept); a.status >= 500 || a.status == http.StatusBadRequest {
				t.Errorf("%s: %d", a.asked, a.status)
			}
		}
	}
}

func TestWhatBelongsToOthersStaysAsItIs(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	sol := h.member("sol")
	other := sol.thread("house", "Another place", "Other words.")
	own, theirs := h.firstPost(other), h.firstPost(thread)
	h.must(h.forum.SaveDraft(t.Context(), river.viewer, forum.Draft{Target: thread.ReplyTarget(), Body: "Not sent yet."}))
	before := h.counts()
	form := func(pairs ...string) url.Values {
		fields := url.Values{"body": {"Mine now."}, "key": {uuid.NewString()}}
		for i := 0; i < len(pairs); i += 2 {
			fields.Set(pairs[i], pairs[i+1])
		}
		return fields
	}
	sol.post(fmt.Sprintf("/p/%d/edit", theirs), form("version", "1")).want(http.StatusForbidden)
	sol.post(fmt.Sprintf("/p/%d/delete", theirs), nil).want(http.StatusForbidden)
	sol.get(fmt.Sprintf("/p/%d/edit", theirs)).want(http.StatusForbidden)
	sol.get(fmt.Sprintf("/p/%d/delete", theirs)).want(http.StatusForbidden)
	replies := fmt.Sprintf("/t/%d/posts", other.ID)
	sol.post(replies, form("reply_to", fmt.Sprint(theirs))).want(http.StatusUnprocessableEntity)
	sol.post(replies, form("body", "> She is ten weeks old.", "quote_post", fmt.Sprint(theirs), "quote_end", "5")).want(http.StatusUnprocessableEntity)
	sol.post("/rooms/lounge/messages", url.Values{"cmid": {uuid.NewString()}, "body": {"Mine."}, "re": {"77"}}).want(http.StatusNotFound)
	sol.get(thread.Path()).want(http.StatusOK).lacks("Not sent yet.")
	if after := h.counts(); after != before {
		t.Errorf("stored %s, before %s", after, before)
	}
	sol.post(fmt.Sprintf("/p/%d/edit", own), form("version", "1")).want(http.StatusSeeOther)
	river.get(thread.Path()).want(http.StatusOK).shows("She is ten weeks old.")
	sol.get(other.Path()).want(http.StatusOK).lacks("Verified IBCLC")
}

func TestTheSameKeyGivesTheFirstResult(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	sol := h.member("sol")
	for at, field := range map[string]string{
		"/c/house/threads": "key", fmt.Sprintf("/t/%d/posts", thread.ID): "key", "/rooms/lounge/messages": "cmid",
	} {
		form := url.Values{field: {uuid.NewString()}}
		if at == "/c/house/threads" {
			form.Set("title", "A title.")
		}
		send := func(who *person, body string) string {
			form.Set("body", body)
			return who.post(at, form).want(http.StatusSeeOther).header.Get("Location")
		}
		first := send(river, "First words.")
		stored := h.counts()
		if again := send(river, "Second words."); again != first || h.counts() != stored {
			t.Errorf("%s: the same key leads to %s, then to %s", at, first, again)
		}
		if others := send(sol, "Other words."); others == first {
			t.Errorf("%s: somebody else's key leads to %s too", at, first)
		}
	}
}

func TestBrokenCookiesAreAGuests(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	token := river.client.Jar.Cookies(h.base)[0].Value
	for _, cookie := range []string{
		"session=", "session", "=", ";;;", "session=" + token[1:], "session=" + token + "a", `session="` + token[:20] + `"`, "session=" + strings.Repeat("a", 43),
		"session=a; session=b", "session=\xff\xfe", "session=" + strings.Repeat("a", 8000), "session=../../etc; theme=<script>; sent=%00", "__Host-session=" + token,
	} {
		a := h.guest().get(thread.Path(), "Cookie", cookie).want(http.StatusOK)
		a.shows("Join")
		if strings.Contains(a.body, "data-theme=") {
			t.Errorf("%q chose a light", cookie)
		}
		if to := h.guest().get("/c/house/new", "Cookie", cookie).to(); !strings.HasPrefix(to, "/login?") {
			t.Errorf("%q leads to %s", cookie, to)
		}
	}
	h.guest().get("/c/house/new", "Cookie", "session="+token+"; theme=dim; theme=dark").want(http.StatusOK)
}

// TestOtherSitesWriteNothing sends every good form from elsewhere.
func TestOtherSitesWriteNothing(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	before := h.counts()
	for _, e := range entries {
		who := e.sender(river)
		for _, header := range [][]string{
			{"Origin", "https://elsewhere.example"}, {"Origin", "null"}, {"Origin", "https://sub." + h.base.Host}, {"Origin", "http://" + h.base.Hostname()},
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "cross-site", "Origin", "null"},
		} {
			who.post(e.at, e.fields(), header...).want(http.StatusForbidden)
			who.post(e.at, e.fields(), append(header, "Accept", "application/json")...).want(http.StatusForbidden)
		}
	}
	if after := h.counts(); after != before {
		t.Errorf("stored %s, before %s", after, before)
	}
	river.post("/c/house/threads", url.Values{"title": {"A title."}, "body": {"Words."}}, "Origin", h.base.String()).want(http.StatusSeeOther)
}

func TestOnlyFormsAndJSONAreRead(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	before := h.counts()
	for _, e := range entries {
		if e.pattern == "/logout" || e.pattern == "/p/:id/delete" {
			continue // they read nothing
		}
		for _, sent := range []struct {
			kind, body string
			status     int
		}{
			{"", cmp.Or(e.fields().Encode(), "a"), 415}, {"text/plain", e.fields().Encode(), 415}, {"application/octet-stream", "\x00\x01", 415}, {";;;", "a", 415},
			{"application/xml", "<body>Words</body>", 415}, {"multipart/form-data", "Words", 415},
			{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nWor", 415},
			{"application/x-www-form-urlencoded", "body=%zz", 400}, {"application/x-www-form-urlencoded", "body=a;key=b", 400},
		} {
			e.sender(river).ask(http.MethodPost, e.at, sent.body, "Content-Type", sent.kind).want(sent.status)
		}
		e.sender(river).post(e.at, e.fields(), "Content-Encoding", "gzip").want(http.StatusUnsupportedMediaType)
	}
	for _, body := range []string{
		"", "null", "1", `"words"`, "[]", "{}", `{"cmid":1}`, `{"body":{}}`, `{"body":"Words","cmid":null}`, `{"re":"1"}`, `{"re":1e99}`, `{"body":"Wor`, "{\"body\":\"\xff\"}",
		fmt.Sprintf(`{"body":"a","cmid":%q,"role":"administrator"}`, uuid.NewString()), fmt.Sprintf(`{"body":"a","body":"b","cmid":%q}`, uuid.NewString()),
		fmt.Sprintf(`{"Body":"a","cmid":%q}`, uuid.NewString()), fmt.Sprintf(`{"body":"a","cmid":%q} {}`, uuid.NewString()),
		fmt.Sprintf(`{"body":"a","cmid":%q`, uuid.NewString()), fmt.Sprintf(`{1:"a","cmid":%q}`, uuid.NewString()),
		strings.Repeat("[", 100_000), strings.Repeat(`{"body":`, 50_000), fmt.Sprintf(`{"body":"a\u0000b","cmid":%q}`, uuid.NewString()), fmt.Sprintf(`{"body":"\ud800","cmid":%q,"re":-1}`, uuid.NewString()),
	} {
		for _, accept := range []string{"text/html", "application/json"} {
			river.ask(http.MethodPost, "/rooms/lounge/messages", body, "Content-Type", "application/json", "Accept", accept).want(http.StatusUnprocessableEntity)
		}
	}
	if after := h.counts(); after != before {
		t.Errorf("stored %s, before %s", after, before)
	}
}

// TestAHugeBodyIsRefusedInBoundedTime sends 20 MB to every form, with its length told before or not.
func TestAHugeBodyIsRefusedInBoundedTime(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	before := h.counts()
	for _, e := range entries {
		cookie := ""
		if !e.guests {
			cookie = "Cookie: session=" + e.sender(river).client.Jar.Cookies(h.base)[0].Value + "\r\n"
		}
		head := "POST " + e.at + " HTTP/1.1\r\nHost: " + h.base.Host + "\r\n" + cookie + "Content-Type: application/x-www-form-urlencoded\r\n"
		if got := h.flood(head + "Content-Length: 20000000\r\n\r\nbody="); got != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", e.pattern, got)
		}
		unread := e.pattern == "/logout" || e.pattern == "/p/:id/delete"
		got := h.flood(head + "Transfer-Encoding: chunked\r\n\r\n1312D00\r\nbody=")
		if got != http.StatusRequestEntityTooLarge && !unread {
			t.Errorf("%s, of a length not told: %d", e.pattern, got)
		}
	}
	if after := h.counts(); after != before {
		t.Errorf("stored %s, before %s", after, before)
	}
	h.guest().get("/rules").want(http.StatusOK)
}

// flood sends a head and then 20 MB, and reads the answer meanwhile, as browsers do. It gives the status.
func (h *house) flood(head string) int {
	h.Helper()
	begun := time.Now()
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(h.Context(), "tcp", h.base.Host)
	h.must(err)
	defer func() { _ = conn.Close() }()
	h.must(conn.SetDeadline(begun.Add(patience)))
	go func() {
		_, _ = io.WriteString(conn, head)
		_, _ = io.CopyN(conn, endless{}, 20_000_000) // until the other side has had enough
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	h.must(err)
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	h.must(err)
	return response.StatusCode
}

// endless is one letter again and again.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
