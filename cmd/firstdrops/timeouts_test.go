package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"firstdrops/server/platform/testdb"
)

// TestDawdlersAreShownOut: headers within 5 s, a body within 10 s; a socket may stay for as long as
// it answers pings.
func TestDawdlersAreShownOut(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	site := "http://" + address
	startNode(t, address, site, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	cookie := joinByForm(t, site, "wren")
	for name, c := range map[string]struct {
		bytes string
		after time.Duration
	}{
		"half a header": {"GET / HTTP/1.1\r\nHost: " + address + "\r\n", 5 * time.Second},
		"half a body":   {"POST /login HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogin=w", 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			begun := time.Now()
			if _, err := conn.Write([]byte(c.bytes)); err != nil {
				t.Fatal(err)
			}
			_ = conn.SetReadDeadline(begun.Add(c.after + 10*time.Second))
			in := bufio.NewReader(conn)
			for {
				if _, err := in.ReadByte(); err != nil {
					break
				}
			}
			if took := time.Since(begun); took < c.after-time.Second || took > c.after+5*time.Second {
				t.Errorf("shown out after %v, not %v", took, c.after)
			}
		})
	}
	t.Run("a socket", func(t *testing.T) {
		t.Parallel()
		header := http.Header{"Origin": {site}, "Cookie": {cookie}, "Sec-Websocket-Protocol": {"firstdrops.v1"}}
		conn, response, err := websocket.DefaultDialer.Dial("ws://"+address+"/ws", header)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close(); _ = conn.Close() }()
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","v":1,"rooms":{}}`)); err != nil {
			t.Fatal(err)
		}
		pinged := false
		_ = conn.SetReadDeadline(time.Now().Add(40 * time.Second))
		for !pinged { // the ping comes after 25 s, 10 % more or less
			_, frame, err := conn.ReadMessage()
			if err != nil {
				t.Fatalf("the socket ended: %v", err)
			}
			pinged = strings.Contains(string(frame), `"t":"p"`)
		}
	})
}

// joinByForm signs somebody up and gives the cookie.
func joinByForm(t *testing.T, site, handle string) string {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := fmt.Sprintf("handle=%s&email=%s@example.org&password=four+words+that+nobody+knows&rules=1", handle, handle)
	response, err := client.Post(site+"/signup", "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	for _, cookie := range response.Cookies() {
		if cookie.Name == "session" {
			return "session=" + cookie.Value
		}
	}
	t.Fatalf("signing up answered %d without a session", response.StatusCode)
	return ""
}
