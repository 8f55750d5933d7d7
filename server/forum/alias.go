package forum

import (
	"context"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// TakeAlias has all that the viewer wrote in a thread, and will write, stand under another name and the label Peer, for good.
// Nothing that others are shown leads from that to the viewer; staff can look, and that is written down.
func (f *Forum) TakeAlias(ctx context.Context, viewer accounts.Viewer, threadID int64, name string) (Thread, error) {
	thread, err := f.Thread(ctx, viewer, threadID)
	switch {
	case err != nil:
		return Thread{}, err
	case viewer.Guest():
		return Thread{}, signInFirst()
	case strings.TrimSpace(name) == "":
		return Thread{}, fault.Field("alias", "Please choose a name.")
	}
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := f.admit(ctx, tx, viewer); err != nil {
			return err
		}
		held, err := lockThread(ctx, tx, viewer, threadID)
		if err != nil {
			return err
		}
		if !MaySee(viewer, held) {
			return fault.Missing()
		}
		_, err = f.mask(ctx, tx, viewer, newPost{ThreadID: threadID, Label: viewer.Label, Alias: name})
		return err
	})
	if err != nil {
		return Thread{}, fmt.Errorf("taking an alias: %w", err)
	}
	return thread, nil
}

// mask puts a post that was added, and all that its author wrote before in the thread, which the caller holds, under the
// alias that they have there or take with it. It gives the label under which the post then stands.
func (f *Forum) mask(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, post newPost) (accounts.Label, error) {
	name, fresh, err := accounts.TakeAlias(ctx, tx, viewer, post.ThreadID, post.Alias, f.clock())
	switch {
	case err != nil || name == "":
		return post.Label, err
	case post.Label == accounts.AsModerator:
		return "", fault.Field("as", "A moderator speaks under their own name, and here you write as "+name+". Please choose one of both.")
	case !fresh && post.Label == accounts.Peer:
		return accounts.Peer, nil
	}
	return accounts.Peer, maskPosts(ctx, tx, post.ThreadID, viewer.ID)
}

// unmasked wants the viewer to write in the thread under their own name, which their credential is of.
func unmasked(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, threadID int64, now time.Time) error {
	name, _, err := accounts.TakeAlias(ctx, tx, viewer, threadID, "", now)
	if err == nil && name != "" {
		err = fault.New(fault.Forbidden, "You write here as "+name+", and not as a consultant. Another consultant will answer it.")
	}
	return err
}
