package directory

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

const (
	consultantColumns = `SELECT c.id, c.person_id, a.handle, c.slug, c.name, c.text, c.fees, c.telehealth, c.home, c.clinic,
		c.languages, c.specialties, c.accepting, c.accepting_at, c.waiting, c.created_at, c.confirmed_at, c.hidden_at,
		k.type AS credential_type, k.country AS credential_country, k.status AS credential_status,
		k.verified_at AS credential_verified_at, k.expires_at AS credential_expires_at,
		(SELECT jsonb_agg(jsonb_build_object('city', p.city, 'country', p.country, 'accepting', p.accepting, 'accepting_at', p.accepting_at)
			ORDER BY p.position) FROM places p WHERE p.consultant_id = c.id) AS places`

	consultantTables = ` FROM consultants c JOIN people a ON a.id = c.person_id JOIN credentials k ON k.consultant_id = c.id `
)

// met keeps those out whom the person in the argument does not meet; whose is the column of the other.
func met(whose, person string) string {
	return whose + ` NOT IN (SELECT a.other_id FROM apart a WHERE a.person_id = ` + person + `)`
}

// listed keeps the list to those who belong there, and to what was asked for. Words that are in every text count for nothing.
const (
	asked = `WITH asked AS MATERIALIZED (
		SELECT string_agg('(' || search_query(w)::text || ')', '&')::tsquery AS query
		FROM unnest(string_to_array($7::text, ' ')) w WHERE numnode(plainto_tsquery('english', search_plain(w))) > 0
	)`

	listed = `c.hidden_at IS NULL AND c.confirmed_at >= $2::timestamptz AND k.status = 'verified' AND k.expires_at > $1::timestamptz
		AND (NOT $3::boolean OR c.telehealth) AND ($4::text = '' OR c.languages @> ARRAY[$4]) AND ($5::text = '' OR c.specialties @> ARRAY[$5])
		AND (NOT $6::boolean OR c.accepting)
		AND ((SELECT query FROM asked) IS NULL OR c.search @@ (SELECT query FROM asked))`
)

// metres is the way over the earth's bend from the point in the arguments to the place p.
const metres = `(12742000 * asin(least(1, sqrt(sin(radians(p.lat - $11::float8) / 2) ^ 2
	+ cos(radians($11)) * cos(radians(p.lat)) * sin(radians(p.lon - $12::float8) / 2) ^ 2))))::bigint`

// reads are the directory's prepared statements.
type reads struct {
	bySlug, byID, byPerson *db.Statement
	listings, nearest      *db.Statement
	desk                   *db.Statement
}

func prepareReads(d *db.DB) reads {
	return reads{
		bySlug:   d.Prepare("directory.consultant.slug", consultantColumns+consultantTables+`WHERE c.slug = $1 AND `+met("c.person_id", "$2")),
		byID:     d.Prepare("directory.consultant.id", consultantColumns+consultantTables+`WHERE c.id = $1 AND `+met("c.person_id", "$2")),
		byPerson: d.Prepare("directory.consultant.person", consultantColumns+consultantTables+`WHERE c.person_id = $1 AND `+met("c.person_id", "$2")),
		listings: d.Prepare("directory.listings", asked+consultantColumns+consultantTables+`WHERE `+listed+` AND `+met("c.person_id", "$14")+`
			AND (c.accepting, c.confirmed_at, c.id) < ($9::boolean, $10::timestamptz, $11::bigint)
			AND ($12::text = '' AND $13::text = '' OR c.id IN (SELECT p.consultant_id FROM places p
				WHERE p.city_plain LIKE $12 || '%' AND ($13 = '' OR p.country = $13) AND (NOT $6 OR p.accepting)))
			ORDER BY c.accepting DESC, c.confirmed_at DESC, c.id DESC LIMIT $8`),
		// A degree of latitude is never shorter than 110,574 metres.
		nearest: d.Prepare("directory.listings.nearest", asked+`, near AS (
				SELECT p.consultant_id, min(`+metres+`) AS metres FROM places p
				WHERE p.lat BETWEEN $11::float8 - $13::float8 / 110574 AND $11 + $13 / 110574 AND (NOT $6 OR p.accepting)
				GROUP BY p.consultant_id)
			`+consultantColumns+`, n.metres`+consultantTables+`JOIN near n ON n.consultant_id = c.id WHERE `+listed+` AND `+met("c.person_id", "$14")+`
			AND n.metres <= $13 AND (n.metres, c.id) > ($9::bigint, $10::bigint)
			ORDER BY n.metres, c.id LIMIT $8`),
		desk: d.Prepare("directory.desk", `SELECT * FROM (`+consultantColumns+`,
				CASE WHEN k.status = 'pending' THEN 0 WHEN k.status = 'verified' AND k.expires_at > $1 THEN 1 ELSE 2 END AS rank,
				(extract(epoch FROM CASE WHEN k.status = 'verified' THEN k.expires_at ELSE k.applied_at END) * 1000000)::bigint AS due`+consultantTables+`) d
			WHERE (d.rank, d.due, d.id) > ($2::integer, $3::bigint, $4::bigint) ORDER BY d.rank, d.due, d.id LIMIT $5`),
	}
}

// deskRow is a consultant with the place in the desk's order.
type deskRow struct {
	Consultant
	Rank int64
	Due  int64
}

// meantWords changes each longer word into the one of a listing that is most like it, where one is.
func meantWords(ctx context.Context, idb bun.IDB, words string) (string, error) {
	var meant string
	err := idb.NewRaw(`
		SELECT string_agg(coalesce((
			SELECT v.word FROM listing_words v WHERE v.word % lower(w.word) AND length(w.word) > 3
			ORDER BY similarity(v.word, lower(w.word)) DESC, v.word LIMIT 1), w.word), ' ' ORDER BY w.nth)
		FROM unnest(string_to_array(?, ' ')) WITH ORDINALITY w(word, nth)`, words).Scan(ctx, &meant)
	return meant, err
}

// credentialOf reads a credential whole, with its number.
func credentialOf(ctx context.Context, idb bun.IDB, consultantID int64) (Credential, error) {
	var k Credential
	err := idb.NewRaw(`
		SELECT type, country, status, verified_at, expires_at, number, applied_at, reason_code, note
		FROM credentials WHERE consultant_id = ?`, consultantID).Scan(ctx, &k)
	return k, err
}
