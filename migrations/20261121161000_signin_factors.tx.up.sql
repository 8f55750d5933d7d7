-- Second factors, sign-ins that are half done, and the attempts that slow down whoever guesses.

-- The app that shows codes. Pending is a secret that was shown and not confirmed by a code yet: it opens nothing.
CREATE TABLE totps (
    person_id  bigint CONSTRAINT totps_pkey PRIMARY KEY CONSTRAINT totps_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    secret     text,
    pending    text,
    -- The newest step whose code was used: each works once.
    last_step  bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL
);

--bun:split

-- Codes on paper, each in the place of one of the app's, once. Used ones are gone.
CREATE TABLE recovery_codes (
    person_id bigint NOT NULL CONSTRAINT recovery_codes_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (person_id, code_hash)
);

--bun:split

-- Who has shown the password and not yet the second factor. It is no session, and opens nothing.
CREATE TABLE half_sign_ins (
    token_hash bytea CONSTRAINT half_sign_ins_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT half_sign_ins_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- Codes tried.
    tries      integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);

--bun:split

CREATE INDEX half_sign_ins_person_id_idx ON half_sign_ins (person_id);

--bun:split

-- Browsers with which somebody has signed in before: those who guess elsewhere do not slow them down.
CREATE TABLE devices (
    token_hash bytea CONSTRAINT devices_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT devices_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

--bun:split

CREATE INDEX devices_person_id_idx ON devices (person_id);

--bun:split

-- How often in a row somebody failed, by the sha256 of what is counted: neither names nor addresses are kept.
CREATE TABLE attempts (
    key_hash bytea CONSTRAINT attempts_pkey PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    -- Until then nobody is heard.
    wait_to  timestamptz NOT NULL,
    last_at  timestamptz NOT NULL
);

--bun:split

CREATE INDEX attempts_last_at_idx ON attempts (last_at);
