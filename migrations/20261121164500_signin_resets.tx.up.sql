-- Those who forgot their password and asked for a letter. The page only adds a row, whoever's the address is; the worker
-- finds the person, writes the letter and forgets the address.

CREATE TABLE password_resets (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT password_resets_pkey PRIMARY KEY,
    -- As it was typed; empty once the letter has gone.
    address    text NOT NULL,
    asked_at   timestamptz NOT NULL,
    -- Who is known by the worker only, with the sha256 of the token in their letter.
    person_id  bigint CONSTRAINT password_resets_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    token_hash bytea CONSTRAINT password_resets_token_hash_key UNIQUE,
    expires_at timestamptz
);

--bun:split

CREATE INDEX password_resets_person_id_idx ON password_resets (person_id);
