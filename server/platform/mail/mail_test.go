package mail_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"firstdrops/server/platform/mail"
)

// sink is a real SMTP server that keeps what it is given.
type sink struct {
	mu      sync.Mutex
	letters []string
	refuse  bool
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }

type session struct{ sink *sink }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.sink.refuse {
		return &smtp.SMTPError{Code: 550, Message: "nobody here is " + to}
	}
	return nil
}

func (s session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.letters = append(s.sink.letters, string(content))
	return err
}

func startSink(t *testing.T, s *sink) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s)
	go func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = server.Close() })
	return "smtp://" + listener.Addr().String()
}

func TestSMTP(t *testing.T) {
	t.Parallel()
	s := &sink{}
	sender, err := mail.NewSMTP(startSink(t, s), "site.example")
	if err != nil {
		t.Fatal(err)
	}
	letter := mail.Letter{To: "wren@example.org", Subject: "Your new account\r\nBcc: evil@example.org", Text: "Hello, ä.\n"}
	if err := sender.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := s.letters[0]
	head, _, _ := strings.Cut(got, "\r\n\r\n")
	for _, want := range []string{"From: <no-reply@site.example>", "To: <wren@example.org>", "Date: ", "Message-ID: "} {
		if !strings.Contains(head, want) {
			t.Errorf("no %q in\n%s", want, head)
		}
	}
	for _, line := range strings.Split(head, "\r\n") {
		if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "User-Agent") || strings.HasPrefix(line, "X-Mailer") {
			t.Errorf("the head says %q", line)
		}
	}
}

func TestRefusalIsAnError(t *testing.T) {
	t.Parallel()
	sender, err := mail.NewSMTP(startSink(t, &sink{refuse: true}), "site.example")
	if err != nil {
		t.Fatal(err)
	}
	for to, want := range map[string]string{"planted@example.org": "550", "planted, and no address": "it is none"} {
		err := sender.Send(t.Context(), mail.Letter{To: to, Subject: "x", Text: "x"})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "planted") {
			t.Errorf("a letter to %q: %v", to, err)
		}
	}
}

func TestWrongURLs(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "host:25", "http://host", "smtp://", "smtp://host:x"} {
		if _, err := mail.NewSMTP(address, "site.example"); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	folder, err := mail.NewFolder(t.TempDir() + "/deep/mail")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"first", "second"} {
		if err := folder.Send(t.Context(), mail.Letter{To: "a@example.org", Subject: words, Text: words + "\n"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond) // names are by time
	}
	letters, err := folder.Letters(10)
	if err != nil || len(letters) != 2 || !strings.Contains(letters[0], "Subject: second") {
		t.Errorf("the newest first: %q %v", letters, err)
	}
	if one, err := folder.Letters(1); err != nil || len(one) != 1 {
		t.Errorf("at most one: %q %v", one, err)
	}
	for range 205 {
		if err := folder.Send(t.Context(), mail.Letter{To: "a@example.org", Subject: "many", Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := folder.Letters(1000); err != nil || len(all) != 200 {
		t.Errorf("kept %d letters, %v", len(all), err)
	}
}
