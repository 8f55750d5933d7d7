// Command firstdrops is the whole site in one program: `firstdrops` serves it, the other commands
// look after it.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line. Settings come from the environment: see config.go.
type commands struct {
	Serve   serve   `cmd:"" default:"withargs" help:"Serve the site (the default)."`
	Migrate migrate `cmd:"" help:"Bring the database to the newest shape and end."`
	Admin   struct {
		Create            adminCreate            `cmd:"" help:"Make an administrator and print a one-time sign-in link."`
		ResetSecondFactor adminResetSecondFactor `cmd:"" help:"Take the second factor from somebody who lost it, and sign them out."`
		Sessions          adminSessions          `cmd:"" help:"List where somebody is signed in."`
		EndSessions       adminEndSessions       `cmd:"" help:"Sign somebody out, wherever they are or in one place."`
	} `cmd:"" help:"Look after people, from beside the site. Each act is in the audit."`
	Audit struct {
		Verify auditVerify `cmd:"" help:"Check that no entry of the audit was changed, dropped or swapped."`
	} `cmd:"" help:"The record of what staff did."`
	Bench struct {
		People benchPeople `cmd:"" help:"Make people for load tests and print a Cookie header value for each."`
	} `cmd:"" help:"Prepare load tests; only with FIRSTDROPS_LIMITS=off."`
	Version version `cmd:"" help:"Print the version."`
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	var line commands
	parser := kong.Must(&line, kong.Name("firstdrops"),
		kong.Description("A support-group forum for relactation and induced lactation."), kong.UsageOnError())
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "firstdrops: %v\n", err)
		os.Exit(1) //nolint:gocritic // stop only unregisters a signal
	}
}

type version struct{}

// Run prints what was built.
func (version) Run() error {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this program was built without its version")
	}
	revision := build.Main.Version
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			revision += " " + s.Value
		}
	}
	fmt.Printf("firstdrops %s, %s\n", revision, build.GoVersion)
	return nil
}
