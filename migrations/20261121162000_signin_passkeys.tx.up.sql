-- Passkeys, and the ceremonies in which browsers make and use them.

CREATE TABLE passkeys (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT passkeys_pkey PRIMARY KEY,
    person_id     bigint NOT NULL CONSTRAINT passkeys_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- The authenticator's own name for it, which nobody else's may have.
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
    -- The public key, the count of signatures and what else a signature is judged by: the credential record of WebAuthn.
    credential    json NOT NULL,
    -- By which the person knows it again.
    name          text NOT NULL,
    created_at    timestamptz NOT NULL,
    used_at       timestamptz
);

--bun:split

CREATE INDEX passkeys_person_id_idx ON passkeys (person_id);

--bun:split

-- A challenge that waits for its one answer.
CREATE TABLE ceremonies (
    token_hash bytea CONSTRAINT ceremonies_pkey PRIMARY KEY,
    purpose    text NOT NULL CONSTRAINT ceremonies_purpose_check CHECK (purpose IN ('sign-in', 'sign-up', 'add', 'again')),
    -- Who began it; NULL where nobody was signed in.
    person_id  bigint CONSTRAINT ceremonies_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    challenge  json NOT NULL,
    expires_at timestamptz NOT NULL
);

--bun:split

CREATE INDEX ceremonies_person_id_idx ON ceremonies (person_id);

--bun:split

CREATE INDEX ceremonies_expires_at_idx ON ceremonies (expires_at);
