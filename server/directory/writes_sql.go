package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// lockConsultant reads a listing and holds it until the commit.
func lockConsultant(ctx context.Context, tx *db.Tx, id int64) (Consultant, error) {
	return locked(ctx, tx, "c.id = ?", id)
}

// lockBySlug is lockConsultant for one that the viewer may see.
func lockBySlug(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, slug string) (Consultant, error) {
	if !text.IsSlug(slug) {
		return Consultant{}, fault.Missing()
	}
	c, err := locked(ctx, tx, "c.slug = ? AND "+met("c.person_id", "?"), slug, sight(viewer))
	if err == nil && !MaySee(viewer, c) {
		return Consultant{}, fault.Missing()
	}
	return c, err
}

func locked(ctx context.Context, tx *db.Tx, which string, keys ...any) (Consultant, error) {
	var c Consultant
	err := tx.NewRaw(consultantColumns+consultantTables+`WHERE `+which+` FOR UPDATE OF c, k`, keys...).Scan(ctx, &c)
	if db.IsMissing(err) {
		return Consultant{}, fault.Missing()
	}
	return c, err
}

// insertConsultant stores a listing; where the slug is somebody's, or leads elsewhere, it ends in the person's id.
func insertConsultant(ctx context.Context, tx *db.Tx, personID int64, slug string, l Listing, now time.Time) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO consultants (person_id, slug, name, name_looks, text, fees, telehealth, home, clinic, languages, specialties,
			accepting, accepting_at, waiting, created_at, confirmed_at, search)
		SELECT ?0, CASE WHEN ?1 = 'apply' OR EXISTS (SELECT FROM consultants WHERE slug = ?1) THEN ?1 || '-' || ?0 ELSE ?1 END,
			?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?13, ?12, ?13, ?13, ''
		RETURNING id`,
		personID, slug, l.Name, text.Looks(l.Name), l.Text, l.Fees, l.Telehealth, l.Home, l.Clinic,
		pgdialect.Array(l.Languages), pgdialect.Array(l.Specialties), l.Accepting, l.Waiting, now).Scan(ctx, &id)
	return id, err
}

func updateListing(ctx context.Context, tx *db.Tx, id int64, l Listing, acceptingAt, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE consultants SET name = ?, name_looks = ?, text = ?, fees = ?, telehealth = ?, home = ?, clinic = ?, languages = ?,
			specialties = ?, accepting = ?, accepting_at = ?, waiting = ?, confirmed_at = ?
		WHERE id = ?`,
		l.Name, text.Looks(l.Name), l.Text, l.Fees, l.Telehealth, l.Home, l.Clinic, pgdialect.Array(l.Languages),
		pgdialect.Array(l.Specialties), l.Accepting, acceptingAt, l.Waiting, now, id).Exec(ctx)
	return err
}

func updateConfirmed(ctx context.Context, tx *db.Tx, id int64, now time.Time) error {
	_, err := tx.NewRaw(`UPDATE consultants SET confirmed_at = ? WHERE id = ?`, now, id).Exec(ctx)
	return err
}

func updateAccepting(ctx context.Context, tx *db.Tx, id int64, accepting bool, waiting string, since, now time.Time) error {
	_, err := tx.NewRaw(`UPDATE consultants SET accepting = ?, waiting = ?, accepting_at = ?, confirmed_at = ? WHERE id = ?`,
		accepting, waiting, since, now, id).Exec(ctx)
	return err
}

func updateHidden(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	_, err := tx.NewRaw(`UPDATE consultants SET hidden_at = ? WHERE id = ?`, bun.NullTime{Time: at}, id).Exec(ctx)
	return err
}

// placeRow is a place as it is stored.
type placeRow struct {
	Place
	CityPlain string
	point
	known bool // the point is
}

func replacePlaces(ctx context.Context, tx *db.Tx, id int64, places []placeRow) error {
	if _, err := tx.NewRaw(`DELETE FROM places WHERE consultant_id = ?`, id).Exec(ctx); err != nil {
		return err
	}
	for i, p := range places {
		_, err := tx.NewRaw(`
			INSERT INTO places (consultant_id, position, city, city_plain, country, lat, lon, accepting, accepting_at)
			VALUES (?0, ?1, ?2, ?3, ?4, CASE WHEN ?7 THEN ?5 END, CASE WHEN ?7 THEN ?6 END, ?8, ?9)`,
			id, i, p.City, p.CityPlain, p.Country, p.lat, p.lon, p.known, p.Accepting, p.AcceptingAt).Exec(ctx)
		if err != nil {
			return fmt.Errorf("storing a place: %w", err)
		}
	}
	return nil
}

// learn stores what the search knows of a listing, and its words, in their order: two who write at once do not wait for each
// other in a circle.
func learn(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.NewRaw(`
		WITH said AS (
			SELECT concat_ws(' ', c.name, c.text, array_to_string(c.specialties, ' '),
				(SELECT string_agg(p.city, ' ') FROM places p WHERE p.consultant_id = c.id)) AS words
			FROM consultants c WHERE c.id = ?0
		), known AS (
			INSERT INTO listing_words (word) SELECT w FROM said, search_words_of(said.words) w ORDER BY w ON CONFLICT DO NOTHING
		)
		UPDATE consultants c SET search = search_vector(said.words) FROM said WHERE c.id = ?0`, id).Exec(ctx)
	return err
}

func insertCredential(ctx context.Context, tx *db.Tx, id int64, a Application, now time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO credentials (consultant_id, type, number, number_looks, country, status, applied_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, id, a.Type, a.Number, text.Looks(a.Number), a.Country, Pending, now).Exec(ctx)
	return err
}

// reapply stores a changed credential, which waits to be checked.
func reapply(ctx context.Context, tx *db.Tx, id int64, a Application, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE credentials SET type = ?, number = ?, number_looks = ?, country = ?, status = ?, applied_at = ?, judged_by = NULL,
			expires_at = NULL, reason_code = '', note = ''
		WHERE consultant_id = ?`, a.Type, a.Number, text.Looks(a.Number), a.Country, Pending, now, id).Exec(ctx)
	return err
}

func verifyCredential(ctx context.Context, tx *db.Tx, id, by int64, found Credential, expires, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE credentials SET number = ?, number_looks = ?, country = ?, status = ?, judged_by = ?,
			verified_at = coalesce(verified_at, ?), expires_at = ?, reason_code = '', note = ''
		WHERE consultant_id = ?`, found.Number, text.Looks(found.Number), found.Country, Verified, by, now, expires, id).Exec(ctx)
	return err
}

func refuseCredential(ctx context.Context, tx *db.Tx, id, by int64, reason audit.Reason, note string) error {
	_, err := tx.NewRaw(`
		UPDATE credentials SET status = ?, judged_by = ?, expires_at = NULL, reason_code = ?, note = ?
		WHERE consultant_id = ?`, Refused, by, reason, note, id).Exec(ctx)
	return err
}
