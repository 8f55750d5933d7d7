// Package words is what the house has to say about some words that people write: that a medicine has risks, that a baby
// should be seen today, that somebody can talk with them now. It adds, and never blocks or changes what is written.
//
// Owns: the rules and their wording (table word_rules), and how a rule finds its words.
// Emits: nothing.
// Not here: where notices are kept and shown (forum, chat, web), the case that a crisis opens for the moderators
// (moderation), words that are held back.
package words

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// Kind says what a rule is for, and with it who sees its notices.
type Kind string

// The kinds.
const (
	Care   Kind = "notice" // a medicine or a herb: for everybody, under the words
	Baby   Kind = "baby"   // signs that a baby gets too little: for everybody, under the words
	Crisis Kind = "crisis" // somebody may be in danger: for the one who wrote, and nobody else
)

// Rule is a set of words, and what is said where they are found.
type Rule struct {
	ID       string `json:"id"`
	Kind     Kind   `json:"kind"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	DoseText string `json:"dose_text"` // said as well where a dose stands near the words; may be empty
	Version  string `json:"version"`   // the day of the wording, as 2006-01-02; another wording has another
	Approver string `json:"approver"`  // who of the staff checked the wording; empty until somebody did

	Number int64    `json:"-"`              // by which addresses and the audit name it
	Terms  []string `bun:",array" json:"-"` // what it looks for, as parseTerm reads it
}

// Notice is a rule that found its words.
type Notice struct {
	Rule
	Dosed bool `json:"dosed"` // a dose stands near the words
}

// Words answers for the rules.
type Words struct{ db *db.DB }

// New makes Words on a migrated database.
func New(database *db.DB) *Words { return &Words{db: database} }

// Notices are what the house would say below these words, the most urgent first. The words are whoever's who asks: they
// are looked at, and neither kept nor sent to Postgres.
func (w *Words) Notices(ctx context.Context, text string) ([]Notice, error) {
	return match(ctx, w.db, text)
}

// Match is Notices for a domain that is about to store the words. The rules are read anew each time, so that a changed
// one counts at once and on every node.
func Match(ctx context.Context, tx *db.Tx, text string) ([]Notice, error) {
	return match(ctx, tx, text)
}

func match(ctx context.Context, database bun.IDB, text string) ([]Notice, error) {
	rules, err := readRules(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("reading the rules of words: %w", err)
	}
	return find(rules, text), nil
}
