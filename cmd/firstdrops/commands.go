package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/web/page"
)

type migrate struct{}

// Run migrates and ends.
func (migrate) Run(ctx context.Context) error {
	config, err := ReadConfig(os.Getenv)
	if err != nil {
		return err
	}
	_, release, err := config.borrowDatabase(ctx)
	if err != nil {
		return err
	}
	release()
	fmt.Println("The database is in the newest shape.")
	return nil
}

type adminCreate struct {
	Handle string `required:"" help:"The name to be known by."`
	Email  string `required:"" help:"Where letters go."`
}

// Run makes an administrator, who chooses a password by the link that is printed.
func (a adminCreate) Run(ctx context.Context) error {
	return withAccounts(ctx, func(config Config, people *accounts.Accounts) error {
		token, err := people.CreateAdministrator(ctx, a.Handle, a.Email)
		if err != nil {
			return inWords(err)
		}
		fmt.Printf("%s/login/link/%s\n", config.Base, token)
		fmt.Fprintln(os.Stderr, "The link works once, within 24 hours.")
		return nil
	})
}

type benchPeople struct {
	Count int `required:"" help:"How many."`
}

// mostPeople bounds what one call makes.
const mostPeople = 100_000

// Run makes members without the cost of hashing.
func (b benchPeople) Run(ctx context.Context) error {
	return withAccounts(ctx, func(config Config, people *accounts.Accounts) error {
		if config.Limited {
			return errors.New("bench is for load tests: set FIRSTDROPS_LIMITS=off, which works on loopback only")
		}
		if b.Count < 1 || b.Count > mostPeople {
			return fmt.Errorf("--count must be 1 to %d", mostPeople)
		}
		tokens, err := people.CreatePeople(ctx, b.Count)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(os.Stdout)
		for _, token := range tokens {
			fmt.Fprintf(out, "%s=%s\n", page.CookieName(config.Base), token)
		}
		return out.Flush()
	})
}

type auditVerify struct{}

// Run walks the audit; a broken one ends the program with the entry that gives it away.
func (auditVerify) Run(ctx context.Context) error {
	return withDatabase(ctx, func(_ Config, database *db.DB) error {
		whole, err := audit.New(database).Verify(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("The audit is whole. Entries: %d, fingerprint: %s\n", whole.Entries, cmp.Or(whole.Fingerprint, "none"))
		return nil
	})
}

// withAccounts opens what a command about people needs, and closes it again.
func withAccounts(ctx context.Context, do func(Config, *accounts.Accounts) error) error {
	return withDatabase(ctx, func(config Config, database *db.DB) error {
		queue, err := jobs.NewQueue(database)
		if err != nil {
			return err
		}
		return do(config, accounts.New(database, queue, nobody{}, time.Now))
	})
}

// withDatabase opens the database for a command, and closes it again.
func withDatabase(ctx context.Context, do func(Config, *db.DB) error) error {
	config, err := ReadConfig(os.Getenv)
	if err != nil {
		return err
	}
	target, release, err := config.borrowDatabase(ctx)
	if err != nil {
		return err
	}
	defer release()
	database := db.Open(target)
	defer func() { _ = database.Close() }()
	return do(config, database)
}

// nobody hears the news of a command: it ends no sessions.
type nobody struct{}

func (nobody) Publish(string, []byte) error { return nil }

// inWords adds the faults of the fields, which a form would show beside them.
func inWords(err error) error {
	var refused *fault.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	var all []error
	for field, words := range refused.Fields {
		all = append(all, fmt.Errorf("--%s: %s", field, words))
	}
	return errors.Join(all...)
}
