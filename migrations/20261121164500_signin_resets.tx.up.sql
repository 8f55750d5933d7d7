-- Those who forgot their password and asked for a letter. The page only adds a row, whoever's the address is; the worker
-- finds the person, writes the letter and forgets the address.

CREATE TABLE resets (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT resets_pkey PRIMARY KEY,
    -- As it was typed; empty once the letter has gone.
    address    text NOT NULL,
    asked_at   timestamptz NOT NULL,
    -- Who is known by the worker only, with the sha256 of the token in their letter.
    person_id  bigint CONSTRAINT resets_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    token_hash bytea CONSTRAINT resets_token_hash_key UNIQUE,
    expires_at timestamptz
);

--bun:split

CREATE INDEX resets_person_id_idx ON resets (person_id);
