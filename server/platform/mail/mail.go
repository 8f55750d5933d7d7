// Package mail sends letters: by SMTP, or into a folder where no SMTP is set, so that a newcomer
// can read them at /dev/mail. Subjects are neutral: a letter must not tell what this place is about.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	gomail "github.com/wneessen/go-mail"
)

// Letter is a plain-text mail to one address.
type Letter struct {
	To, Subject, Text string
}

// SMTP sends through a server.
type SMTP struct {
	client *gomail.Client
	from   string
}

// NewSMTP reads an SMTP_URL (smtp://user:pass@host:587, smtps:// for TLS from the start). The
// sender is no-reply at the site's host.
func NewSMTP(address, siteHost string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, fmt.Errorf("it must look like smtp://user:pass@host:587")
	}
	options := []gomail.Option{gomail.WithTimeout(10 * time.Second), gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithoutNoop()}
	if u.Scheme == "smtps" {
		options = append(options, gomail.WithSSL())
	}
	if port := u.Port(); port != "" {
		number, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("its port is not a number: %w", err)
		}
		options = append(options, gomail.WithPort(number))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("making the mail client: %w", err)
	}
	return &SMTP{client: client, from: "no-reply@" + siteHost}, nil
}

// Send hands the letter to the server; an error means that it should be tried again. It never holds the address: jobs keep
// what they ended with, and logs do.
func (s *SMTP) Send(ctx context.Context, letter Letter) error {
	message, err := compose(s.from, letter)
	if err != nil {
		return err
	}
	err = s.client.DialAndSendWithContext(ctx, message)
	var refusal *gomail.SendError
	if errors.As(err, &refusal) {
		return fmt.Errorf("sending a letter: %s, %d", refusal.Reason, refusal.ErrorCode())
	}
	if err != nil {
		return fmt.Errorf("sending a letter: %w", err)
	}
	return nil
}

func compose(from string, letter Letter) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := message.From(from); err != nil {
		return nil, fmt.Errorf("writing the sender: %w", err)
	}
	if err := message.To(letter.To); err != nil {
		return nil, errors.New("writing the address: it is none")
	}
	message.Subject(letter.Subject)
	message.SetDate()
	message.SetMessageID()
	message.SetBodyString(gomail.TypeTextPlain, letter.Text)
	return message, nil
}

// Folder keeps letters as files, for machines without SMTP.
type Folder struct{ dir string }

// lettersKept bounds the folder; the oldest go first.
const lettersKept = 200

// NewFolder keeps letters in dir, which it makes.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the mail folder: %w", err)
	}
	return &Folder{dir: dir}, nil
}

// Send writes the letter into the folder, whole or not at all.
func (f *Folder) Send(_ context.Context, letter Letter) error {
	message, err := compose("no-reply@localhost", letter)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%020d-%s.eml", time.Now().UnixNano(), uuid.NewString())
	temporary := filepath.Join(f.dir, "."+name)
	if err := message.WriteToFile(temporary); err != nil {
		return fmt.Errorf("keeping a letter: %w", err)
	}
	if err := os.Rename(temporary, filepath.Join(f.dir, name)); err != nil {
		return fmt.Errorf("keeping a letter: %w", err)
	}
	return f.prune()
}

// Forget deletes the letters to an address.
func (f *Folder) Forget(to string) error {
	names, err := f.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		theirs, err := isTo(name, to)
		if err == nil && theirs {
			err = os.Remove(name)
		}
		if err != nil && !os.IsNotExist(err) { // pruned meanwhile
			return fmt.Errorf("forgetting a letter: %w", err)
		}
	}
	return nil
}

func isTo(name, address string) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	letter, err := netmail.ReadMessage(file)
	if err != nil {
		return false, err
	}
	all, err := letter.Header.AddressList("To")
	return slices.ContainsFunc(all, func(a *netmail.Address) bool { return strings.EqualFold(a.Address, address) }), err
}

func (f *Folder) prune() error {
	names, err := f.names()
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-lettersKept)] {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("forgetting an old letter: %w", err)
		}
	}
	return nil
}

func (f *Folder) names() ([]string, error) {
	names, err := filepath.Glob(filepath.Join(f.dir, "*.eml"))
	sort.Strings(names)
	if err != nil {
		return nil, fmt.Errorf("listing letters: %w", err)
	}
	return names, nil
}

// Letters returns the newest letters first, as they would travel, at most limit.
func (f *Folder) Letters(limit int) ([]string, error) {
	names, err := f.names()
	if err != nil {
		return nil, err
	}
	letters := []string{}
	for i := len(names) - 1; i >= 0 && len(letters) < limit; i-- {
		content, err := os.ReadFile(names[i])
		if err != nil {
			return nil, fmt.Errorf("reading a letter: %w", err)
		}
		letters = append(letters, string(content))
	}
	return letters, nil
}
