package signin_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/signin"
)

// keyed is a house with the passkeys of its site.
type keyed struct {
	*house
	keys *signin.Passkeys
}

func newKeyed(t *testing.T) keyed {
	t.Helper()
	h := newHouse(t)
	return keyed{h, signin.NewPasskeys(h.Signin)}
}

// without is a sign-up without fault and without a password.
func without(handle string) accounts.SignUp {
	f := form(handle)
	f.Password = ""
	return f
}

func (k keyed) ceremony(c signin.Ceremony, err error) signin.Ceremony {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

func (k keyed) asked() signin.Ceremony {
	k.t.Helper()
	return k.ceremony(k.keys.BeginSignIn(k.t.Context()))
}

// joinWith joins by a passkey.
func (k keyed) joinWith(a *authenticator, handle string) accounts.Viewer {
	k.t.Helper()
	answer := a.make(k.ceremony(k.keys.BeginSignUp(k.t.Context(), without(handle))))
	session, err := k.keys.SignUp(k.t.Context(), without(handle), answer)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.viewer(session.Token)
}

// add adds a passkey to somebody who is signed in, and gives who they are in the session that they have then.
func (k keyed) add(a *authenticator, viewer accounts.Viewer) accounts.Viewer {
	k.t.Helper()
	answer := a.make(k.ceremony(k.keys.BeginAdd(k.t.Context(), viewer)))
	session, err := k.keys.Add(k.t.Context(), viewer, "My phone", answer)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.viewer(session.Token)
}

// addErr is why a passkey is not added.
func (k keyed) addErr(viewer accounts.Viewer, answer signin.Answer) error {
	_, err := k.keys.Add(k.t.Context(), viewer, "Mine", answer)
	return err
}

func (k keyed) remove(viewer accounts.Viewer, id int64) error {
	_, err := k.keys.Remove(k.t.Context(), viewer, id)
	return err
}

func (k keyed) count(query string, args ...any) (n int) {
	k.t.Helper()
	if err := k.db.NewRaw(query, args...).Scan(k.t.Context(), &n); err != nil {
		k.t.Fatal(err)
	}
	return n
}

// refused is the one answer to a passkey that does not fit.
func (k keyed) refused(what string, err error) {
	k.t.Helper()
	const words = "This passkey did not fit, or it took longer than five minutes. Please try again, or come in another way."
	if got := fields(k.t, err); len(got) != 1 || got["passkey"] != words {
		k.t.Errorf("%s: %v", what, got)
	}
}

func (k keyed) signIn(answer signin.Answer) error {
	_, err := k.keys.SignIn(k.t.Context(), answer, signin.From{})
	return err
}

func TestJoiningAndComingBackWithAPasskey(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	joined := k.joinWith(phone, "wren")
	if !joined.SecondFactor || k.count(`SELECT count(*) FROM people WHERE password_hash IS NULL AND uid = encode(?, 'hex')::uuid`, phone.held[0].user) != 1 {
		t.Errorf("joined as %+v", joined)
	}
	k.pass(time.Hour)
	entry, err := k.keys.SignIn(t.Context(), phone.use(k.asked()), signin.From{Device: "Safari on iPhone"})
	if err != nil {
		t.Fatal(err)
	}
	if back := k.viewer(entry.Session.Token); back.ID != joined.ID || !back.SecondFactor || entry.Person.ID != joined.ID || entry.Known.Token == "" || entry.Half.Token != "" {
		t.Errorf("came back as %+v by %+v", back, entry)
	}
	list, err := k.keys.List(t.Context(), joined)
	if err != nil || len(list) != 1 || list[0].Name != "Firefox on Android" || !list[0].UsedAt.Equal(k.now()) || !list[0].CreatedAt.Equal(k.now().Add(-time.Hour)) {
		t.Errorf("%+v, %v", list, err)
	}
	if k.count(`SELECT (credential->'authenticator'->>'signCount')::int FROM passkeys`) != 1 {
		t.Error("the count of signatures was not kept")
	}
}

// TestAPasskeyOpensNothingTwice holds what a thief or another site could send to the one answer.
func TestAPasskeyOpensNothingTwice(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	viewer := k.joinWith(phone, "wren")

	phone.synced = true
	answer := phone.use(k.asked())
	if err := k.signIn(answer); err != nil {
		t.Fatal(err)
	}
	k.refused("replayed", k.signIn(answer))
	moved := answer
	moved.Ceremony = k.asked().Token
	k.refused("under another ceremony", k.signIn(moved))

	answer = phone.use(k.asked())
	k.pass(5 * time.Minute)
	k.refused("late", k.signIn(answer))

	wrong := *phone
	wrong.origin = "https://place.example.evil.example"
	k.refused("made for another site", k.signIn(wrong.use(k.asked())))
	wrong = *phone
	wrong.verify = false
	k.refused("held by anybody", k.signIn(wrong.use(k.asked())))
	wrong = *phone
	wrong.held = append([]heldKey{}, heldKey{id: phone.held[0].id, user: phone.held[0].user, key: newKey(t)})
	k.refused("signed by another", k.signIn(wrong.use(k.asked())))
	wrong = *phone
	wrong.held = []heldKey{{id: []byte("nobody's"), user: phone.held[0].user, key: phone.held[0].key}}
	k.refused("unknown", k.signIn(wrong.use(k.asked())))
	wrong = *phone
	wrong.held = []heldKey{{id: phone.held[0].id, user: []byte("somebody else...."), key: phone.held[0].key}}
	k.refused("of somebody else", k.signIn(wrong.use(k.asked())))

	phone.synced, phone.count = false, 40
	if err := k.signIn(phone.use(k.asked())); err != nil {
		t.Fatal(err)
	}
	phone.count = 20
	k.refused("a copy", k.signIn(phone.use(k.asked())))

	k.refused("begun for something else", k.signIn(phone.use(k.ceremony(k.keys.BeginAdd(t.Context(), viewer)))))
	for _, damaged := range []signin.Answer{
		{}, {Ceremony: "x", Credential: "{}"}, {Ceremony: k.asked().Token}, {Ceremony: k.asked().Token, Credential: "{}"},
		{Ceremony: k.asked().Token, Credential: "\x00\xff"}, {Ceremony: k.asked().Token, Credential: strings.Repeat("[", 15_000)},
	} {
		k.refused("damaged", k.signIn(damaged))
	}
	long := phone.use(k.asked())
	long.Credential += strings.Repeat(" ", 16_000)
	k.refused("long", k.signIn(long))
}

func TestOneAnswerSentManyTimesOpensOneSession(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	phone.synced = true
	k.joinWith(phone, "wren")
	answer := phone.use(k.asked())
	var wait sync.WaitGroup
	opened := make(chan error, 8)
	for range cap(opened) {
		wait.Go(func() { opened <- k.signIn(answer) })
	}
	wait.Wait()
	close(opened)
	successes := 0
	for err := range opened {
		if err == nil {
			successes++
		}
	}
	if successes != 1 {
		t.Errorf("%d sessions", successes)
	}
}

func TestWhoHasLeftDoesNotComeBack(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	k.joinWith(phone, "wren")
	k.exec(`UPDATE people SET left_at = now()`)
	k.refused("who left", k.signIn(phone.use(k.asked())))
}

func TestJoiningIsJudgedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	k.join("wren")
	bad := accounts.SignUp{Handle: "Wren", Email: "none"}
	_, err := k.keys.BeginSignUp(t.Context(), bad)
	if got := fields(t, err); got["handle"] == "" || got["email"] == "" || got["rules"] == "" || got["password"] != "" {
		t.Errorf("judged %v", got)
	}
	answer := phone.make(k.ceremony(k.keys.BeginSignUp(t.Context(), without("sol"))))
	_, err = k.keys.SignUp(t.Context(), bad, answer)
	if got := fields(t, err); got["handle"] == "" {
		t.Errorf("judged %v", got)
	}
	if k.count(`SELECT count(*) FROM passkeys`)+k.count(`SELECT count(*) FROM people`) != 1 {
		t.Error("half of it stands")
	}
	_, err = k.keys.SignUp(t.Context(), without("sol"), answer)
	k.refused("a ceremony that was used", err)
}

// TestACredentialIsOnePersons: nobody joins or adds with what somebody has already, and then nothing of them stands.
func TestACredentialIsOnePersons(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	viewer := k.joinWith(phone, "wren")
	thief := newAuthenticator(t)
	answer := thief.make(k.ceremony(k.keys.BeginSignUp(t.Context(), without("sol"))))
	k.exec(`UPDATE passkeys SET credential_id = ?`, thief.held[0].id)
	_, err := k.keys.SignUp(t.Context(), without("sol"), answer)
	k.refused("known", err)
	if k.count(`SELECT count(*) FROM people`) != 1 {
		t.Error("they joined")
	}
	other := k.viewer(k.join("otter").Token)
	answer = thief.make(k.ceremony(k.keys.BeginAdd(t.Context(), viewer)))
	k.refused("begun by another", k.addErr(other, answer))
	wrong := newAuthenticator(t)
	wrong.verify = false
	k.refused("unverified", k.addErr(other, wrong.make(k.ceremony(k.keys.BeginAdd(t.Context(), other)))))
	wrong = newAuthenticator(t)
	wrong.origin = "http://place.example"
	k.refused("another origin", k.addErr(other, wrong.make(k.ceremony(k.keys.BeginAdd(t.Context(), other)))))
}

func TestOnesOwnPasskeys(t *testing.T) {
	t.Parallel()
	k, phone, laptop := newKeyed(t), newAuthenticator(t), newAuthenticator(t)
	viewer := k.joinWith(phone, "wren")
	other := k.viewer(k.join("otter").Token)
	first := k.list(viewer)[0].ID
	if err := k.remove(viewer, first); !fault.Is(err, fault.Conflict) || len(k.list(viewer)) != 1 {
		t.Errorf("the only way in: %v", err)
	}
	viewer = k.add(laptop, viewer)
	for what, err := range map[string]error{
		"another's removed": k.remove(other, first), "another's renamed": k.keys.Rename(t.Context(), other, first, "Mine"),
		"none removed": k.remove(viewer, 999999),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := fields(t, k.keys.Rename(t.Context(), viewer, first, " ")); got["name"] == "" {
		t.Error("no name was taken")
	}
	if got := fields(t, k.keys.Rename(t.Context(), viewer, first, strings.Repeat("x", 41))); got["name"] == "" {
		t.Error("a long name was taken")
	}
	if err := k.keys.Rename(t.Context(), viewer, first, "The old phone"); err != nil || k.list(viewer)[0].Name != "The old phone" {
		t.Errorf("renamed to %+v: %v", k.list(viewer), err)
	}
	if err := k.remove(viewer, first); err != nil {
		t.Fatal(err)
	}
	k.refused("removed", k.signIn(phone.use(k.asked())))
	if err := k.signIn(laptop.use(k.asked())); err != nil {
		t.Errorf("the other one: %v", err)
	}
}

func (k keyed) list(viewer accounts.Viewer) []signin.Passkey {
	k.t.Helper()
	list, err := k.keys.List(k.t.Context(), viewer)
	if err != nil {
		k.t.Fatal(err)
	}
	return list
}

// session is another session of somebody, as on another device.
func (k keyed) session(viewer accounts.Viewer, twice bool) accounts.Viewer {
	k.t.Helper()
	var opened accounts.Session
	err := k.db.InTx(k.t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		opened, err = k.people.OpenSession(ctx, tx, accounts.Opening{PersonID: viewer.ID, SecondFactor: twice})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return k.viewer(opened.Token)
}

func TestTwoWhoRemoveTheLastTwoLeaveOne(t *testing.T) {
	t.Parallel()
	k := newKeyed(t)
	viewer := k.joinWith(newAuthenticator(t), "wren")
	for range 5 {
		for len(k.list(viewer)) < 2 {
			k.add(newAuthenticator(t), k.session(viewer, true))
		}
		var wait sync.WaitGroup
		for _, one := range k.list(viewer) {
			here := k.session(viewer, true)
			wait.Go(func() { _ = k.remove(here, one.ID) })
		}
		wait.Wait()
		if left := k.list(viewer); len(left) != 1 {
			t.Fatalf("%d are left", len(left))
		}
	}
}

// TestThoseWhoseRoleAsksForASecondFactor keep one, and change none in a session that did not see it.
func TestThoseWhoseRoleAsksForASecondFactor(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	wren := k.viewer(k.join("wren").Token)
	k.exec(`UPDATE people SET role = 'moderator'`)
	first := k.add(phone, k.session(wren, false))
	if !first.SecondFactor || first.Role != accounts.Moderator {
		t.Errorf("with the first passkey: %+v", first)
	}
	one := k.list(wren)[0].ID
	if err := k.remove(first, one); !fault.Is(err, fault.Forbidden) || len(k.list(wren)) != 1 {
		t.Errorf("the last second factor: %v", err)
	}
	half := k.session(wren, false)
	answer := newAuthenticator(t).make(k.ceremony(k.keys.BeginAdd(t.Context(), first)))
	_, begin := k.keys.BeginAdd(t.Context(), half)
	for what, err := range map[string]error{"begun": begin, "added": k.addErr(half, answer), "removed": k.remove(half, one)} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s with the password alone: %v", what, err)
		}
	}
	session, err := k.keys.Prove(t.Context(), half, phone.use(k.ceremony(k.keys.BeginProof(t.Context(), half))))
	if err != nil {
		t.Fatal(err)
	}
	entry, err := k.SignIn(t.Context(), "wren", goodPassword, signin.From{})
	if err != nil || !entry.Person.Withheld() || entry.Person.ProvedAt.After(k.now().Add(-time.Hour)) {
		t.Errorf("by the password alone: %+v, %v", entry.Person, err)
	}
	k.exec(`INSERT INTO totps (person_id, secret, changed_at) VALUES (?, 'x', now())`, wren.ID)
	if err := k.remove(k.viewer(session.Token), one); err != nil {
		t.Errorf("with codes besides: %v", err)
	}
}

// TestAPasswordRemovesALostPasskey: of somebody who may come in by the password alone.
func TestAPasswordRemovesALostPasskey(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	wren := k.add(phone, k.viewer(k.join("wren").Token))
	k.session(wren, true)
	session, err := k.keys.Remove(t.Context(), k.session(wren, false), k.list(wren)[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if k.viewer(session.Token).SecondFactor || k.count(`SELECT count(*) FROM sessions WHERE second_factor`) != 0 {
		t.Error("a second factor is left in a session")
	}
	if got := k.count(`SELECT count(*) FROM river_job WHERE kind = 'signin.factor_changed' AND args->>'change' IN ('passkey_added', 'passkey_removed')`); got != 2 {
		t.Errorf("%d letters", got)
	}
	k.exec(`INSERT INTO totps (person_id, secret, changed_at) VALUES (?, 'x', now())`, wren.ID)
	if _, err := k.keys.BeginAdd(t.Context(), k.session(wren, false)); !fault.Is(err, fault.Forbidden) {
		t.Errorf("added past the codes: %v", err)
	}
}

func TestAPasskeyProvesAgain(t *testing.T) {
	t.Parallel()
	k, phone := newKeyed(t), newAuthenticator(t)
	wren := k.joinWith(phone, "wren")
	other := k.viewer(k.join("otter").Token)
	k.pass(time.Hour)
	_, err := k.keys.Prove(t.Context(), other, phone.use(k.ceremony(k.keys.BeginProof(t.Context(), other))))
	k.refused("somebody else's passkey", err)
	_, err = k.keys.Prove(t.Context(), other, phone.use(k.ceremony(k.keys.BeginProof(t.Context(), wren))))
	k.refused("somebody else's ceremony", err)
	_, err = k.keys.Prove(t.Context(), wren, phone.use(k.asked()))
	k.refused("a ceremony to sign in", err)
	k.refused("to sign in with a ceremony to prove", k.signIn(phone.use(k.ceremony(k.keys.BeginProof(t.Context(), wren)))))
	k.refused("to add with a ceremony to prove", k.addErr(wren, newAuthenticator(t).make(k.ceremony(k.keys.BeginProof(t.Context(), wren)))))
	k.refused("to sign in with a ceremony to sign up", k.signIn(phone.use(k.ceremony(k.keys.BeginSignUp(t.Context(), without("sol"))))))
	session, err := k.keys.Prove(t.Context(), wren, phone.use(k.ceremony(k.keys.BeginProof(t.Context(), wren))))
	if err != nil {
		t.Fatal(err)
	}
	if v := k.viewer(session.Token); !v.SecondFactor || !v.ProvedAt.Equal(k.now()) || v.SessionID == wren.SessionID {
		t.Errorf("proved %+v", v)
	}
	var guest accounts.Viewer
	if _, err := k.keys.BeginProof(t.Context(), guest); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
	if _, err := k.keys.Prove(t.Context(), guest, signin.Answer{}); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
}

func TestNobodyKeepsMoreThanTwenty(t *testing.T) {
	t.Parallel()
	k := newKeyed(t)
	viewer := k.viewer(k.join("wren").Token)
	late := newAuthenticator(t)
	answer := late.make(k.ceremony(k.keys.BeginAdd(t.Context(), viewer)))
	k.exec(`INSERT INTO passkeys (person_id, credential_id, credential, name, created_at)
		SELECT ?, n::text::bytea, '{"id":"eA==","publicKey":"eA=="}', 'x', now() FROM generate_series(1, 20) n`, viewer.ID)
	if got := fields(t, k.addErr(viewer, answer)); !strings.Contains(got["passkey"], "20") {
		t.Errorf("added: %v", got)
	}
	_, err := k.keys.BeginAdd(t.Context(), viewer)
	if got := fields(t, err); !strings.Contains(got["passkey"], "20") {
		t.Errorf("begun: %v", got)
	}
}

func TestCeremoniesThatNobodyAnswersGo(t *testing.T) {
	t.Parallel()
	k := newKeyed(t)
	for range 3 {
		k.asked()
	}
	k.pass(6 * time.Minute)
	k.asked()
	if left := k.count(`SELECT count(*) FROM ceremonies`); left != 1 {
		t.Errorf("%d are kept", left)
	}
}

// TestASiteThatIsANumberHasNoPasskeys: browsers would make none.
func TestASiteThatIsANumberHasNoPasskeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for host, want := range map[string]bool{"127.0.0.1:8080": false, "[::1]": false, "localhost:8080": true, "place.example": true} {
		keys := signin.NewPasskeys(signin.New(signin.Deps{DB: h.db, Accounts: h.people, Base: &url.URL{Scheme: "http", Host: host}, Now: h.now}))
		if (keys != nil) != want {
			t.Errorf("%s: %v", host, keys != nil)
		}
	}
	var none *signin.Passkeys
	viewer := h.viewer(h.join("wren").Token)
	_, begin := none.BeginSignIn(t.Context())
	_, signIn := none.SignIn(t.Context(), signin.Answer{}, signin.From{})
	_, signUp := none.BeginSignUp(t.Context(), without("sol"))
	_, joined := none.SignUp(t.Context(), without("sol"), signin.Answer{})
	_, add := none.BeginAdd(t.Context(), viewer)
	_, added := none.Add(t.Context(), viewer, "x", signin.Answer{})
	_, removed := none.Remove(t.Context(), viewer, 1)
	_, proof := none.BeginProof(t.Context(), viewer)
	_, proved := none.Prove(t.Context(), viewer, signin.Answer{})
	for _, err := range []error{
		begin, signIn, signUp, joined, add, added, removed, proof, proved, none.Rename(t.Context(), viewer, 1, "x"),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("without passkeys: %v", err)
		}
	}
	if list, err := none.List(t.Context(), viewer); list != nil || err != nil {
		t.Errorf("%v, %v", list, err)
	}
}
