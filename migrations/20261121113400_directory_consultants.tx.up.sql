-- Consultants as they describe themselves, where they meet people, the credential that is checked, and what people write to
-- them.

CREATE TABLE consultants (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT consultants_pkey PRIMARY KEY,
    person_id    bigint NOT NULL CONSTRAINT consultants_person_id_key UNIQUE
                 CONSTRAINT consultants_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    slug         text NOT NULL CONSTRAINT consultants_slug_key UNIQUE,
    name         text NOT NULL,
    -- What the name looks like: nobody is listed under a name that reads like somebody else's.
    name_looks   text NOT NULL CONSTRAINT consultants_name_looks_key UNIQUE,
    text         text NOT NULL,
    fees         text NOT NULL,
    telehealth   boolean NOT NULL,
    home         boolean NOT NULL,
    clinic       boolean NOT NULL,
    -- ISO 639-1.
    languages    text[] NOT NULL,
    specialties  text[] NOT NULL,
    -- Whether they take somebody new, since when, and how long people wait where they do not: empty where there is no list.
    accepting    boolean NOT NULL,
    accepting_at timestamptz NOT NULL,
    waiting      text NOT NULL,
    created_at   timestamptz NOT NULL,
    -- When they last said that all this is right.
    confirmed_at timestamptz NOT NULL,
    -- When a moderator hid it; NULL where none did.
    hidden_at    timestamptz,
    -- Name, text, specialties and cities.
    search       tsvector NOT NULL
);

--bun:split

CREATE INDEX consultants_listed_idx ON consultants (accepting, confirmed_at, id) WHERE hidden_at IS NULL;

--bun:split

CREATE INDEX consultants_search_idx ON consultants USING gin (search);

--bun:split

CREATE INDEX consultants_languages_idx ON consultants USING gin (languages);

--bun:split

CREATE TABLE places (
    consultant_id bigint NOT NULL CONSTRAINT places_consultant_id_fkey REFERENCES consultants (id) ON DELETE CASCADE,
    position      integer NOT NULL,
    city          text NOT NULL,
    -- The city as it is looked up: without case, accents and signs.
    city_plain    text NOT NULL,
    -- ISO 3166-1.
    country       text NOT NULL,
    -- Degrees; NULL where the house does not know the city.
    lat           double precision,
    lon           double precision,
    accepting     boolean NOT NULL,
    accepting_at  timestamptz NOT NULL,
    CONSTRAINT places_pkey PRIMARY KEY (consultant_id, position),
    CONSTRAINT places_known_check CHECK ((lat IS NULL) = (lon IS NULL))
);

--bun:split

CREATE INDEX places_lat_idx ON places (lat) INCLUDE (lon, consultant_id, accepting);

--bun:split

CREATE INDEX places_city_idx ON places (city_plain text_pattern_ops);

--bun:split

-- Numbers are for the consultant and for administrators.
CREATE TABLE credentials (
    consultant_id bigint CONSTRAINT credentials_pkey PRIMARY KEY
                  CONSTRAINT credentials_consultant_id_fkey REFERENCES consultants (id) ON DELETE CASCADE,
    type          text NOT NULL CONSTRAINT credentials_type_check CHECK (type IN ('ibclc', 'supporter')),
    number        text NOT NULL,
    -- What the number looks like: one number is one, however it is typed.
    number_looks  text NOT NULL,
    -- Where it was given: ISO 3166-1.
    country       text NOT NULL,
    -- A verified one ends by itself when it expires.
    status        text NOT NULL CONSTRAINT credentials_status_check CHECK (status IN ('pending', 'verified', 'refused')),
    applied_at    timestamptz NOT NULL,
    judged_by     bigint CONSTRAINT credentials_judged_by_fkey REFERENCES people (id) ON DELETE SET NULL,
    -- When it was first found true; NULL while it never was.
    verified_at   timestamptz,
    expires_at    timestamptz,
    -- Why it was refused, as a code of the audit, and what the administrator wrote of it; empty where it was not.
    reason_code   text NOT NULL DEFAULT '',
    note          text NOT NULL DEFAULT '',
    CONSTRAINT credentials_verified_check CHECK (status <> 'verified' OR verified_at IS NOT NULL AND expires_at IS NOT NULL)
);

--bun:split

-- A refused number is free again. Consultants are numbered by one register for all countries, supporters by many.
CREATE UNIQUE INDEX credentials_number_key ON credentials
    (type, (CASE WHEN type = 'ibclc' THEN '' ELSE country END), number_looks) WHERE status <> 'refused';

--bun:split

-- Every longer word of a listing, so that a mistyped one can be meant as one of them.
CREATE TABLE listing_words (
    word text CONSTRAINT listing_words_pkey PRIMARY KEY CONSTRAINT listing_words_word_check CHECK (length(word) BETWEEN 4 AND 40)
);

--bun:split

CREATE INDEX listing_words_alike_idx ON listing_words USING gin (word gin_trgm_ops);

--bun:split

-- Private to the two.
CREATE TABLE contact_requests (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT contact_requests_pkey PRIMARY KEY,
    consultant_id bigint NOT NULL CONSTRAINT contact_requests_consultant_id_fkey REFERENCES consultants (id) ON DELETE CASCADE,
    person_id     bigint NOT NULL CONSTRAINT contact_requests_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- Made with the form: the same key of the same person again is the same request.
    key           uuid NOT NULL,
    message       text NOT NULL,
    created_at    timestamptz NOT NULL,
    -- When the consultant opened it.
    seen_at       timestamptz,
    -- When they accepted or declined it, and what they wrote to that.
    answered_at   timestamptz,
    accepted      boolean NOT NULL DEFAULT false,
    reply         text NOT NULL DEFAULT '',
    CONSTRAINT contact_requests_person_id_key_key UNIQUE (person_id, key),
    CONSTRAINT contact_requests_answered_check CHECK (NOT accepted OR answered_at IS NOT NULL)
);

--bun:split

CREATE INDEX contact_requests_person_id_idx ON contact_requests (person_id, id);

--bun:split

CREATE INDEX contact_requests_consultant_id_idx ON contact_requests (consultant_id, id);
