package ui

import "firstdrops/server/accounts"

// look is how a label is shown.
type look struct{ words, icon, class string }

var labels = map[accounts.Label]look{
	accounts.Peer:        {"Peer experience", "peer", "label"},
	accounts.Supporter:   {"Trained supporter", "hand", "label label-supporter"},
	accounts.IBCLC:       {"Verified IBCLC", "shield", "label label-ibclc"},
	accounts.AsModerator: {"Moderator", "key", "label label-mod"},
}

// LabelWords names a label where there is no room for its icon: a feed, a letter.
func LabelWords(l accounts.Label) string { return labels[l].words }
