package forum

import "firstdrops/server/accounts"

// MayRead says whether the viewer may know of what stands in a category of this audience. Reads ask the same in SQL, by
// the one clause called readable.
func MayRead(viewer accounts.Viewer, audience Audience) bool {
	return audience == Public || member(viewer)
}

// MayReply says whether the viewer may write there, a reply or a thread of their own.
func MayReply(viewer accounts.Viewer, audience Audience) bool {
	return member(viewer) && MayRead(viewer, audience)
}

// MayEdit says whether the viewer may change the post: only who wrote it may, and only while it stands.
func MayEdit(viewer accounts.Viewer, post Post) bool {
	return member(viewer) && post.AuthorID == viewer.ID && !post.Deleted()
}

// MayDelete says whether the viewer may take the post away.
func MayDelete(viewer accounts.Viewer, post Post) bool {
	return MayEdit(viewer, post)
}

func member(viewer accounts.Viewer) bool { return !viewer.Guest() }
