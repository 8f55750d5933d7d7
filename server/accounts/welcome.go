package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
)

// Welcome is the job that greets a newcomer by letter: at most one an address a day, however many
// accounts name it. It holds no address, for jobs are kept and shown to administrators.
type Welcome struct {
	PersonID int64  `json:"person_id"`
	Address  string `json:"address" river:"unique"` // the sha256 of the address in lower case
}

// Kind names the job in River's table.
func (Welcome) Kind() string { return "accounts.welcome" }

// InsertOpts makes a second letter to an address on the same day (of UTC) no job at all.
func (Welcome) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: 24 * time.Hour}}
}

func welcome(personID int64, email string) Welcome {
	return Welcome{PersonID: personID, Address: addressHash(email)}
}

func addressHash(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:])
}

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, letter mail.Letter) error
}

// Workers adds the workers of this domain's jobs.
func (a *Accounts) Workers(workers *river.Workers, mailer Mailer) {
	river.AddWorker(workers, &welcomer{accounts: a, mailer: mailer})
	river.AddWorker(workers, &crier{accounts: a})
	river.AddWorker(workers, &alerter{accounts: a, mailer: mailer})
}

// welcomer works on Welcome.
type welcomer struct {
	river.WorkerDefaults[Welcome]
	accounts *Accounts
	mailer   Mailer
}

// Work reads the person anew: since the job was made they may have left or changed their address.
func (w *welcomer) Work(ctx context.Context, job *river.Job[Welcome]) error {
	email, err := emailOf(ctx, w.accounts.db, job.Args.PersonID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whom to welcome: %w", err)
	}
	if addressHash(email) != job.Args.Address {
		return nil
	}
	return w.mailer.Send(ctx, mail.Letter{To: email, Subject: "Your new account", Text: welcomeText})
}

// welcomeText names neither the place nor the person: others may see the letter, and whoever typed
// the address may not own it.
const welcomeText = `Hello,

your account is ready. You can come back at any time with the name and the password that you chose.

If you did not ask for this, somebody may have typed your address by mistake. You need not do
anything, and we will not write to you about it again today.
`
