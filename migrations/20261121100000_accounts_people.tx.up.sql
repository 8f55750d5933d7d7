-- People, their sessions, the labels that say in words who speaks, and one-time sign-in links.

CREATE TABLE people (
    id                 bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT people_pkey PRIMARY KEY,
    handle             text NOT NULL,
    -- The handle as it is compared: two handles that read alike are one.
    handle_fold        text NOT NULL CONSTRAINT people_handle_fold_key UNIQUE,
    display_name       text NOT NULL,
    -- Not unique: whether an address is known here is nobody's business.
    email              text NOT NULL,
    -- An address signs in only once it is confirmed.
    email_confirmed_at timestamptz,
    -- An argon2id PHC string; NULL until a password is chosen, and then only a link signs in.
    password_hash      text,
    role               text NOT NULL DEFAULT 'member'
                       CONSTRAINT people_role_check CHECK (role IN ('member', 'consultant', 'moderator', 'administrator')),
    created_at         timestamptz NOT NULL DEFAULT now()
);

--bun:split

CREATE INDEX people_confirmed_email_idx ON people (lower(email)) WHERE email_confirmed_at IS NOT NULL;

--bun:split

CREATE TABLE sessions (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sessions_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT sessions_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- sha256 of the cookie's value: a copy of this table signs nobody in.
    token_hash bytea NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
    -- In words ("Firefox on Android"), so that people recognise their own; never an address of the network.
    device     text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

--bun:split

CREATE INDEX sessions_person_id_idx ON sessions (person_id);

--bun:split

CREATE TABLE labels (
    person_id   bigint NOT NULL CONSTRAINT labels_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- peer is what everybody has; moderator is worn only while acting as one. Neither is granted here.
    label       text NOT NULL CONSTRAINT labels_label_check CHECK (label IN ('supporter', 'ibclc')),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz,
    CONSTRAINT labels_pkey PRIMARY KEY (person_id, label, valid_from),
    CONSTRAINT labels_valid_check CHECK (valid_until > valid_from)
);

--bun:split

CREATE TABLE sign_in_links (
    -- sha256 of the token in the link.
    token_hash bytea CONSTRAINT sign_in_links_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT sign_in_links_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

--bun:split

CREATE INDEX sign_in_links_person_id_idx ON sign_in_links (person_id);
