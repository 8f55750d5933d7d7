package forum_test

import (
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
)

func TestPolicy(t *testing.T) {
	t.Parallel()
	member := accounts.Viewer{ID: 7, Role: accounts.Member}
	moderator := accounts.Viewer{ID: 8, Role: accounts.Moderator}
	mine := forum.Post{AuthorID: 7}
	gone := forum.Post{AuthorID: 7, DeletedAt: time.Unix(1, 0)}
	nobodys := forum.Post{AuthorID: 0}
	lockedIn := forum.Post{AuthorID: 7, Locked: true}
	open, locked := forum.Thread{Audience: forum.Public}, forum.Thread{Audience: forum.Public, LockedAt: time.Unix(1, 0)}
	hidden := forum.Thread{Audience: forum.Public, Judgement: forum.Judgement{HiddenAt: time.Unix(1, 0)}}
	for _, c := range []struct {
		rule      string
		got, want bool
	}{
		{"a guest reads what is public", forum.MayRead(guest, forum.Public), true},
		{"a guest reads what is the members'", forum.MayRead(guest, forum.Members), false},
		{"a guest reads where the audience is unknown", forum.MayRead(guest, ""), false},
		{"a member reads what is public", forum.MayRead(member, forum.Public), true},
		{"a member reads what is the members'", forum.MayRead(member, forum.Members), true},
		{"a guest writes where all read", forum.MayReply(guest, forum.Public), false},
		{"a guest writes where members read", forum.MayReply(guest, forum.Members), false},
		{"a member writes where all read", forum.MayReply(member, forum.Public), true},
		{"a member writes where members read", forum.MayReply(member, forum.Members), true},
		{"an author changes their post", forum.MayEdit(member, mine), true},
		{"a moderator changes another's words", forum.MayEdit(moderator, mine), false},
		{"an author changes what they removed", forum.MayEdit(member, gone), false},
		{"a guest changes a post", forum.MayEdit(guest, mine), false},
		{"a guest changes a post of nobody's", forum.MayEdit(guest, nobodys), false},
		{"an author deletes their post", forum.MayDelete(member, mine), true},
		{"an author deletes it twice", forum.MayDelete(member, gone), false},
		{"a moderator deletes it as if it were theirs", forum.MayDelete(moderator, mine), false},
		{"a guest deletes a post", forum.MayDelete(guest, mine), false},
		{"an author changes a post in a locked thread", forum.MayEdit(member, lockedIn), false},
		{"an author deletes it there", forum.MayDelete(member, lockedIn), true},
		{"a member sees a hidden thread", forum.MaySee(member, hidden), false},
		{"a moderator sees it", forum.MaySee(moderator, hidden), true},
		{"a member answers in an open thread", forum.MayAnswer(member, open), true},
		{"a guest answers in it", forum.MayAnswer(guest, open), false},
		{"a member answers in a locked one", forum.MayAnswer(member, locked), false},
		{"a moderator answers in it", forum.MayAnswer(moderator, locked), true},
		{"a member answers in a hidden one", forum.MayAnswer(member, hidden), false},
		{"a member moderates", forum.MayModerate(member, open), false},
		{"a moderator moderates", forum.MayModerate(moderator, hidden), true},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, c.got, c.want)
		}
	}
}
