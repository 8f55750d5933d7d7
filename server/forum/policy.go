package forum

import (
	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

// MayRead says whether the viewer may know of what stands in a category of this audience. Reads ask the same in SQL, by
// the clauses called open, readable and shown.
func MayRead(viewer accounts.Viewer, audience Audience) bool {
	return audience == Public || viewer.Admitted()
}

// MaySee says whether the viewer may know of the thread: a hidden one is for staff, a removed one for nobody.
func MaySee(viewer accounts.Viewer, t Thread) bool {
	return MayRead(viewer, t.Audience) && !t.Removed() && (!t.Hidden() || viewer.Staff())
}

// MayReadPost says whether the viewer may read the post, where they may see its thread: a hidden one is for its author and
// for staff, a deleted or removed one for nobody.
func MayReadPost(viewer accounts.Viewer, p Post) bool {
	return !p.Deleted() && !p.Removed() && (!p.Hidden() || viewer.Staff() || member(viewer) && p.AuthorID == viewer.ID)
}

// MayAnswer says whether the viewer may write in the thread: in a locked one only staff may.
func MayAnswer(viewer accounts.Viewer, t Thread) bool {
	return MaySee(viewer, t) && MayReply(viewer, t.Audience) && (!t.Locked() || viewer.Staff())
}

// MayReply says whether the viewer may write there, a reply or a thread of their own.
func MayReply(viewer accounts.Viewer, audience Audience) bool {
	return member(viewer) && MayRead(viewer, audience)
}

// MayEdit says whether the viewer may change the post: only who wrote it may, while everybody sees it and its thread is
// open. What a moderator judged stays as it was judged.
func MayEdit(viewer accounts.Viewer, post Post) bool {
	return MayDelete(viewer, post) && !post.Hidden() && (!post.Locked || viewer.Staff())
}

// MayDelete says whether the viewer may take the post away: who wrote it may, while they see it.
func MayDelete(viewer accounts.Viewer, post Post) bool {
	return member(viewer) && post.AuthorID == viewer.ID && MayReadPost(viewer, post)
}

// MayReport says whether the viewer may tell moderators of words: members may, of those that others wrote.
func MayReport(viewer accounts.Viewer, authorID int64) bool {
	return member(viewer) && authorID != viewer.ID
}

// MayModerate says whether the viewer may act on the thread as a whole, whoever wrote it.
func MayModerate(viewer accounts.Viewer, t Thread) bool {
	return viewer.Staff() && MaySee(viewer, t)
}

// MayReact says whether the viewer may say something to the post without words: members may, where everybody sees it and
// others wrote it.
func MayReact(viewer accounts.Viewer, post Post) bool {
	return member(viewer) && post.AuthorID != viewer.ID && MayReadPost(viewer, post) && !post.Hidden()
}

// maySeeQuestions says whether the viewer may read the consultants' queue.
func maySeeQuestions(viewer accounts.Viewer) bool {
	return viewer.Label == accounts.IBCLC || viewer.Staff()
}

// speaking is the label that the viewer's words stand under: their own, or for staff also the moderators'.
func speaking(viewer accounts.Viewer, as accounts.Label) (accounts.Label, error) {
	switch {
	case as == "":
		return viewer.Label, nil
	case as != accounts.AsModerator:
		return "", fault.Field("as", "Nobody can speak under that label here.")
	case !viewer.Staff():
		return "", fault.New(fault.Forbidden, "Only moderators can speak as one. Your words are kept where you typed them.")
	}
	return as, nil
}

func member(viewer accounts.Viewer) bool { return !viewer.Guest() }

// MayJudge says whether the viewer may hide the thread or restore it: nobody judges their own words.
func MayJudge(viewer accounts.Viewer, t Thread) bool {
	return MayModerate(viewer, t) && t.AuthorID != viewer.ID
}

// sight is how far a viewer sees, for the clauses of the reads: guests and who waits to be let in 0, a member 1, staff 2.
func sight(viewer accounts.Viewer) int {
	switch {
	case !viewer.Admitted():
		return 0
	case viewer.Staff():
		return 2
	}
	return 1
}
