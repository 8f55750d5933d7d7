-- Invitations to join, and what administrators chose for the whole house.

CREATE TABLE invitations (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT invitations_pkey PRIMARY KEY,
    -- In clear, unlike tokens that sign somebody in: administrators give it again.
    code     text NOT NULL CONSTRAINT invitations_code_key UNIQUE,
    note     text NOT NULL,
    uses     integer NOT NULL CONSTRAINT invitations_uses_check CHECK (uses BETWEEN 1 AND 1000),
    used     integer NOT NULL DEFAULT 0 CONSTRAINT invitations_used_check CHECK (used BETWEEN 0 AND uses),
    ends_at  timestamptz NOT NULL,
    added_at timestamptz NOT NULL
);

--bun:split

-- What administrators chose for the whole house.
CREATE TABLE settings (
    name  text CONSTRAINT settings_pkey PRIMARY KEY,
    value text NOT NULL
);
