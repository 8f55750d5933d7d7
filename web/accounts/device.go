package accounts

import (
	"strings"

	"github.com/labstack/echo/v4"
)

// word pairs what a User-Agent holds with what people call it.
type word struct{ mark, name string }

// Most browsers claim to be others too, so the more particular come first.
var (
	browsers = []word{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"DuckDuckGo/", "DuckDuckGo"},
		{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []word{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"CrOS", "ChromeOS"}, {"Macintosh", "a Mac"}, {"Linux", "Linux"},
	}
)

// device says in words what somebody came with, so that they recognise their sessions. It holds
// nothing of the header itself.
func device(c echo.Context) string {
	agent := c.Request().UserAgent()
	browser, system := called(agent, browsers), called(agent, systems)
	if browser == "" {
		browser = "A browser"
	}
	if system == "" {
		return browser
	}
	return browser + " on " + system
}

func called(agent string, words []word) string {
	for _, w := range words {
		if strings.Contains(agent, w.mark) {
			return w.name
		}
	}
	return ""
}
