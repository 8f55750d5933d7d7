package moderation

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/richtext"
)

// Target names what somebody reports, as its address does.
type Target struct {
	Kind audit.Kind // Post, Thread, Message, Person or Listing
	ID   int64      // of a post or a thread; of a message its n
	Slug string     // of a message's room, of a person the handle, of a listing
}

// Line is one text of a snapshot.
type Line struct {
	ID       int64          `json:"id"` // of the post; of a message its n
	Author   string         `json:"author"`
	Handle   string         `json:"handle"`
	Label    accounts.Label `json:"label"`
	HTML     string         `json:"html"` // sanitised when it was written
	At       time.Time      `json:"at"`
	Reported bool           `json:"reported"` // what the case is about; the others stood around it
}

// Subject is what a report is about, as the viewer can see it now.
type Subject struct {
	Kind     audit.Kind
	ObjectID int64 // of a message its n
	RoomID   int64 // of a message; else 0
	AboutID  int64 // whose words they are, or who the person is
	Author   string
	Title    string // what it stands in: a thread, a room
	Path     string // its address
	Words    string // how it begins, without markup
	Lines    []Line // with what stands around it
}

const excerpt = 280 // runes of the words that are shown where the whole is not

// subject finds what a target names. What the viewer may not see is missing.
func (m *Moderation) subject(ctx context.Context, viewer accounts.Viewer, t Target) (Subject, error) {
	switch t.Kind {
	case audit.Post:
		return m.post(ctx, viewer, t.ID)
	case audit.Thread:
		return m.thread(ctx, viewer, t.ID)
	case audit.Message:
		return m.message(ctx, viewer, t)
	case audit.Person:
		return m.person(ctx, viewer, t.Slug)
	case audit.Listing:
		return m.listing(ctx, viewer, t.Slug)
	}
	return Subject{}, fault.Missing()
}

func (m *Moderation) post(ctx context.Context, viewer accounts.Viewer, id int64) (Subject, error) {
	thread, posts, err := m.forum.Context(ctx, viewer, id)
	if err != nil {
		return Subject{}, err
	}
	s := Subject{Kind: audit.Post, ObjectID: id, Title: thread.Title, Path: postPath(id), Lines: postLines(posts, id)}
	for _, p := range posts {
		if p.ID == id {
			s.AboutID, s.Author, s.Words = p.AuthorID, p.AuthorName, richtext.Excerpt(p.HTML, excerpt)
		}
	}
	return s, nil
}

func (m *Moderation) thread(ctx context.Context, viewer accounts.Viewer, id int64) (Subject, error) {
	thread, posts, err := m.forum.ThreadContext(ctx, viewer, id)
	if err != nil {
		return Subject{}, err
	}
	s := Subject{
		Kind: audit.Thread, ObjectID: id, AboutID: thread.AuthorID, Author: thread.AuthorName,
		Title: thread.Title, Path: thread.Path(), Words: thread.Title,
	}
	if len(posts) > 0 {
		s.Lines = postLines(posts, posts[0].ID)
	}
	return s, nil
}

func postLines(posts []forum.Post, reported int64) []Line {
	lines := make([]Line, 0, len(posts))
	for _, p := range posts {
		lines = append(lines, Line{
			ID: p.ID, Author: p.AuthorName, Handle: p.AuthorHandle, Label: p.Label, HTML: p.HTML, At: p.CreatedAt, Reported: p.ID == reported,
		})
	}
	return lines
}

func (m *Moderation) message(ctx context.Context, viewer accounts.Viewer, t Target) (Subject, error) {
	room, messages, err := m.chat.Context(ctx, viewer, t.Slug, t.ID)
	if err != nil {
		return Subject{}, err
	}
	s := Subject{
		Kind: audit.Message, ObjectID: t.ID, RoomID: room.ID, Title: room.Name, Path: messagePath(room.Slug, t.ID),
		Lines: messageLines(messages, t.ID),
	}
	for _, said := range messages {
		if said.N == t.ID {
			s.AboutID, s.Author, s.Words = said.AuthorID, said.Author, richtext.Excerpt(said.HTML, excerpt)
		}
	}
	return s, nil
}

func messageLines(messages []chat.Message, reported int64) []Line {
	lines := make([]Line, 0, len(messages))
	for _, said := range messages {
		lines = append(lines, Line{
			ID: said.N, Author: said.Author, Label: said.Label, HTML: said.HTML, At: said.At, Reported: said.N == reported,
		})
	}
	return lines
}

func (m *Moderation) person(ctx context.Context, viewer accounts.Viewer, handle string) (Subject, error) {
	p, err := m.people.Person(ctx, viewer, handle)
	if err != nil {
		return Subject{}, err
	}
	return Subject{
		Kind: audit.Person, ObjectID: p.ID, AboutID: p.ID, Author: p.Name, Title: p.Name, Path: personPath(p.Handle),
		Lines: []Line{{ID: p.ID, Author: p.Name, Handle: p.Handle, Label: p.Label, At: p.JoinedAt, Reported: true}},
	}, nil
}

func (m *Moderation) listing(ctx context.Context, viewer accounts.Viewer, slug string) (Subject, error) {
	c, err := m.directory.Consultant(ctx, viewer, slug)
	if err != nil {
		return Subject{}, err
	}
	return Subject{
		Kind: audit.Listing, ObjectID: c.ID, AboutID: c.PersonID, Author: c.Name, Title: c.Name, Path: c.Path(),
		Words: richtext.Plain(c.Text, excerpt),
		Lines: []Line{{ID: c.ID, Author: c.Name, HTML: richtext.Render(c.Text), Reported: true}},
	}, nil
}

func postPath(id int64) string { return fmt.Sprintf("/p/%d", id) }

func threadPath(id int64, slug string) string { return fmt.Sprintf("/t/%d/%s", id, slug) }

func messagePath(room string, n int64) string {
	return fmt.Sprintf("/rooms/%s?around=%d#m-%d", room, n, n)
}

func personPath(handle string) string { return "/u/" + handle }
