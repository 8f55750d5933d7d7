package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestPagesGoByWhatTheReaderChose: their word, their language first, and the moments of their zone.
func TestPagesGoByWhatTheReaderChose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.exec(`UPDATE people SET feeding = 'nursing', language = 'nl', zone = 'Asia/Kolkata' WHERE id = ?`, wren.viewer.ID)
	wren.say("lounge", "Is somebody there?")
	for at, says := range map[string]string{
		"/":             `Everything about nursing, by subject`,
		"/help/now":     `Your own way of nursing can wait until tomorrow`,
		"/consultants":  `Somebody who knows about nursing[\s\S]+<option value="">Any</option>\s*<option value="nl"`,
		"/c/house/new":  `<option value="nl" lang="nl" selected`,
		"/rooms/lounge": `data-zone="Asia/Kolkata"[\s\S]+>08:30 IST<`,
	} {
		if body := wren.get(at).want(http.StatusOK).body; !regexp.MustCompile(says).MatchString(body) {
			t.Errorf("%s does not say %s", at, says)
		}
	}
	if body := h.guest().get("/").want(http.StatusOK).body; !strings.Contains(body, "Everything about feeding, by subject") {
		t.Error("a guest reads another word than the one for everybody")
	}
}
