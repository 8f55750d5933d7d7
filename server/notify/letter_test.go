package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
)

// office is a real SMTP server that keeps what it is given; the first letters it refuses.
type office struct {
	mu      sync.Mutex
	refuses int
	letters []string // recipient, then the letter as it travelled
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{office: o}, nil }

// counter takes one letter.
type counter struct {
	office *office
	to     string
}

func (*counter) Reset()                               {}
func (*counter) Logout() error                        { return nil }
func (*counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	if c.office.refuses > 0 {
		c.office.refuses--
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	c.to = to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letters = append(c.office.letters, c.to+"\n"+string(content))
	return err
}

// arrived waits until so many letters are there; it fails where they take longer than a minute.
func (o *office) arrived(t *testing.T, want int) []string {
	t.Helper()
	var letters []string
	testdb.Eventually(t, fmt.Sprintf("%d letters", want), func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		letters = slices.Clone(o.letters)
		return len(letters) >= want
	})
	return letters
}

// open starts the office and gives the way to it.
func (o *office) open(t *testing.T) *mail.SMTP {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	go func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = server.Close() })
	sender, err := mail.NewSMTP("smtp://"+listener.Addr().String(), "place.example")
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// start has the workers begin, with this office for their letters; done waits until every job is done, and stops them.
func (h *house) start(post *office) (done func()) {
	h.Helper()
	workers := river.NewWorkers()
	h.notify.Workers(workers, post.open(h.T))
	running, err := jobs.Start(h.Context(), h.target, workers, slog.New(slog.DiscardHandler))
	h.must(err)
	return func() {
		h.Helper()
		testdb.Finish(h, h.db)
		h.must(running.Stop(h.Context()))
	}
}

// TestACrisisReachesStaffByLetter goes the whole way: a job in a transaction, the workers, a real SMTP server that refuses
// the first of them.
func TestACrisisReachesStaffByLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("maya", accounts.Moderator)
	h.join("ada", accounts.Administrator)
	h.join("june", accounts.Consultant)
	about := h.join("sam", accounts.Moderator)
	post := &office{refuses: 1}
	done := h.start(post)
	opened := moderation.Opened{CaseID: h.openCase(about), Crisis: true, Round: 1}
	h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.queue.Insert(ctx, tx, opened, nil) })
	letters := post.arrived(t, 2)
	done()
	to := make([]string, len(letters))
	for i, letter := range letters {
		to[i], letter, _ = strings.Cut(letter, "\n")
		checkNeutral(t, letter, fmt.Sprintf("https://place.example/mod/cases/%d", opened.CaseID))
	}
	slices.Sort(to)
	if !slices.Equal(to, []string{"ada@example.org", "maya@example.org"}) {
		t.Errorf("letters went to %v", to)
	}
}

// checkNeutral wants one link in a letter, and nothing that tells what the place or the case is about.
func checkNeutral(t *testing.T, letter, link string) {
	t.Helper()
	if !strings.Contains(letter, "Subject: Something here needs you\r\n") || strings.Count(letter, link+"\r\n") != 1 || strings.Count(letter, "://") != 1 {
		t.Errorf("not the subject, or not the link:\n%s", letter)
	}
	whole := strings.ToLower(letter)
	for _, word := range []string{"planted", "first drops", "firstdrops", "milk", "breast", "feed", "baby", "parent", "crisis", "danger", "report", "sam"} {
		if strings.Contains(whole, word) {
			t.Errorf("the letter says %q:\n%s", word, letter)
		}
	}
}

// TestWhoIsNoLongerStaffGetsNoLetter has somebody leave between the call and the letter.
func TestWhoIsNoLongerStaffGetsNoLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, ada := h.join("maya", accounts.Moderator), h.join("ada", accounts.Administrator)
	h.work(moderation.Opened{CaseID: h.openCase(h.member("river")), Crisis: true, Round: 1})
	h.exec(`UPDATE people SET role = 'member' WHERE id = ?`, maya.ID)
	h.exec(`UPDATE people SET email = 'elsewhere@example.org' WHERE id = ?`, ada.ID)
	post := &office{}
	h.start(post)()
	if letters := post.arrived(t, 1); len(letters) != 1 || !strings.HasPrefix(letters[0], "elsewhere@example.org\n") {
		t.Errorf("letters: %q", letters)
	}
}
