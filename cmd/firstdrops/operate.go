package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/signin"
)

type adminResetSecondFactor struct {
	Handle string `required:"" help:"Whose. Make sure first that it is they who ask."`
}

// Run takes away what somebody lost. The running site hears of their sessions' end by a job.
func (a adminResetSecondFactor) Run(ctx context.Context) error {
	return withDatabase(ctx, func(config Config, database *db.DB) error {
		queue, err := jobs.NewQueue(database)
		if err != nil {
			return err
		}
		people := accounts.New(database, queue, nobody{}, time.Now)
		s := signin.New(signin.Deps{DB: database, Queue: queue, Accounts: people, Base: config.Base, Now: time.Now})
		if err := s.ResetSecondFactor(ctx, a.Handle); err != nil {
			return inWords(err)
		}
		fmt.Printf("%s is signed out and has no second factor, passkey or recovery code any more. Their password is as it was.\n", a.Handle)
		return nil
	})
}

type adminSessions struct {
	Handle string `required:"" help:"Whose."`
}

// Run lists where somebody is signed in, as far as anybody knows.
func (a adminSessions) Run(ctx context.Context) error {
	return withAccounts(ctx, func(_ Config, people *accounts.Accounts) error {
		sessions, err := people.SessionsOf(ctx, a.Handle)
		if err != nil {
			return inWords(err)
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(out, "ID\tDEVICE\tBEGUN\tLAST USED")
		for _, s := range sessions {
			fmt.Fprintf(out, "%d\t%s\t%s\t%s\n", s.ID, s.Device, s.BegunAt.UTC().Format(time.DateTime), s.SeenAt.UTC().Format(time.DateTime))
		}
		return out.Flush()
	})
}

type adminEndSessions struct {
	Handle string `required:"" help:"Whose."`
	ID     int64  `help:"Which one, as sessions lists it; all of them without."`
}

// Run signs somebody out. The running site hears of it by a job.
func (a adminEndSessions) Run(ctx context.Context) error {
	return withAccounts(ctx, func(_ Config, people *accounts.Accounts) error {
		ended, err := people.EndSessionsOf(ctx, a.Handle, a.ID)
		if err != nil {
			return inWords(err)
		}
		fmt.Printf("Sessions ended: %d\n", ended)
		return nil
	})
}
