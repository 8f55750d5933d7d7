package forum

import (
	"firstdrops/server/forum"
	"firstdrops/server/words"
)

// crisisOf is the first notice of danger on a page; the forum gives them to nobody but their author.
func crisisOf(posts []forum.Post) (words.Notice, bool) {
	for _, p := range posts {
		for _, n := range p.Notices {
			if n.Kind == words.Crisis {
				return n, true
			}
		}
	}
	return words.Notice{}, false
}
