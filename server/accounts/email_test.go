package accounts_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestAnEmailChangesOnceItsLetterIsConfirmed(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	viewer := h.viewer(h.join("wren").Token)
	h.exec(`UPDATE people SET email_confirmed_at = now()`)
	h.exec(`DELETE FROM river_job`)
	for typed, words := range map[string]string{"": "your e-mail", "wren": "look like", "WREN@example.org": "already"} {
		wantFault(t, h.ChangeEmail(t.Context(), viewer, typed), "email", words)
	}
	if err := h.ChangeEmail(t.Context(), viewer, "new@example.org"); err != nil {
		t.Fatal(err)
	}
	start()
	letter := sent.next(t)
	if now, confirmed, err := h.Email(t.Context(), viewer); letter.To != "new@example.org" || now != "wren@example.org" || !confirmed || err != nil {
		t.Errorf("a letter to %s, and theirs is %s already: %v", letter.To, now, err)
	}
	secret := tokenIn(t, letter)
	if err := h.Confirm(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if now, confirmed, err := h.Email(t.Context(), viewer); now != "new@example.org" || !confirmed || err != nil {
		t.Errorf("theirs is %s: %v", now, err)
	}
	told := sent.next(t)
	if told.To != "wren@example.org" || !strings.Contains(told.Text, "another one now") || strings.Contains(told.Text, "new@example.org") {
		t.Errorf("the old one is told %+v", told)
	}
	testdb.Finish(h.t, h.db)
	var rows []json.RawMessage
	if err := h.db.NewRaw(`SELECT to_json(j) FROM river_job j UNION ALL SELECT to_json(c) FROM email_confirmations c`).Scan(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(string(row), "wren@") {
			t.Errorf("the old address is kept: %s", row)
		}
	}
	if err := h.Confirm(t.Context(), secret); !fault.Is(err, fault.NotFound) || len(sent) != 0 {
		t.Errorf("confirmed again: %v, and %d letters", err, len(sent))
	}
}

// TestANewPasswordVoidsAnotherEmail that somebody asked for who was in the account: not the one that is theirs.
func TestANewPasswordVoidsAnotherEmail(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	viewer := h.viewer(h.join("wren").Token)
	if err := h.ChangeEmail(t.Context(), viewer, "thief@example.org"); err != nil {
		t.Fatal(err)
	}
	start()
	secrets := map[string]string{}
	for range 2 {
		letter := sent.next(t)
		secrets[letter.To] = tokenIn(t, letter)
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.SetPassword(ctx, tx, viewer.ID, "$argon2id$") })
	if err := h.Confirm(t.Context(), secrets["thief@example.org"]); !fault.Is(err, fault.NotFound) {
		t.Errorf("the other one: %v", err)
	}
	if err := h.Confirm(t.Context(), secrets["wren@example.org"]); err != nil {
		t.Errorf("their own: %v", err)
	}
}

// TestAnAddressThatWasNeverConfirmedHearsNothing since it may be anybody's.
func TestAnAddressThatWasNeverConfirmedHearsNothing(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	viewer := h.viewer(h.join("wren").Token)
	h.exec(`DELETE FROM river_job`)
	if err := h.ChangeEmail(t.Context(), viewer, "new@example.org"); err != nil {
		t.Fatal(err)
	}
	start()
	if err := h.Confirm(t.Context(), tokenIn(t, sent.next(t))); err != nil {
		t.Fatal(err)
	}
	testdb.Finish(h.t, h.db)
	if len(sent) != 0 {
		t.Errorf("sent %+v", sent.next(t))
	}
}

// TestOnlyTheLetterSaysThatAnAddressIsTaken and it becomes nobody's second.
func TestOnlyTheLetterSaysThatAnAddressIsTaken(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	viewer := h.viewer(h.join("wren").Token)
	h.join("sparrow")
	h.exec(`UPDATE people SET email_confirmed_at = now()`)
	h.exec(`DELETE FROM river_job`)
	if err := h.ChangeEmail(t.Context(), viewer, "sparrow@example.org"); err != nil {
		t.Fatal(err)
	}
	start()
	if letter := sent.next(t); letter.To != "sparrow@example.org" || strings.Contains(letter.Text, "https://") {
		t.Errorf("they are told %+v", letter)
	}
	testdb.Finish(h.t, h.db)
	if now, _, err := h.Email(t.Context(), viewer); now != "wren@example.org" || len(sent) != 0 || err != nil {
		t.Errorf("theirs is %s: %v", now, err)
	}
}
