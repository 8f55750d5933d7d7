package forum

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
)

// audience says who can read what is about to be written.
func audience(a forum.Audience) string {
	if a == forum.Members {
		return "Only people who have joined can read it."
	}
	return "Anyone can read it."
}

// audienceOf says who can read a reply.
func audienceOf(t forum.Thread) string {
	if t.Hidden() {
		return "Only moderators and administrators can read it while the thread is hidden."
	}
	return audience(t.Audience)
}

// replies says how many there are, without ranking anybody by them.
func replies(t forum.Thread) string {
	switch t.Replies {
	case 0:
		if t.Locked() || t.Hidden() {
			return "no reply"
		}
		return "waiting for a first reply"
	case 1:
		return "1 reply"
	}
	return fmt.Sprintf("%d replies", t.Replies)
}

// open says whether the thread takes now what the viewer, or a guest who joins, would write.
func open(viewer accounts.Viewer, t forum.Thread, now time.Time) bool {
	return !viewer.Muted(now) && (forum.MayAnswer(viewer, t) || !t.Locked())
}

// answerable says whether a page offers to answer the post.
func answerable(viewer accounts.Viewer, p forum.Post, now time.Time) bool {
	return !p.Hidden() && (!p.Locked || viewer.Staff()) && !viewer.Muted(now)
}

// hiddenFrom says who still sees a post that a moderator has hidden.
func hiddenFrom(p forum.Post, viewer accounts.Viewer) string {
	if p.AuthorID == viewer.ID {
		return "Only you and moderators can read it."
	}
	return fmt.Sprintf("Only %s and moderators can read it.", p.AuthorName)
}

// answering says what a post does with the one that it refers to.
func answering(p forum.Post) string {
	if p.Quotes {
		return "Quoted words from "
	}
	return "In answer to "
}

// answered names the post that another one quotes or replies to.
func answered(p forum.Post) string {
	return fmt.Sprintf("%s, post %d", p.AnsweredName, p.AnsweredN)
}

// current is the aria-current of a link in a set.
func current(chosen bool) string {
	if chosen {
		return "true"
	}
	return "false"
}

func postPath(id int64) string { return "/p/" + strconv.FormatInt(id, 10) }

func blankZero(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func escapeQuery(s string) string { return url.QueryEscape(s) }
