-- How people join: names that look like another's, e-mails that a letter confirms, e-mails that are not welcome,
-- invitations, and what administrators chose.

-- What a folded name looks like, after Unicode's TS 39 and as text.Skeleton says in the program: two that can be taken for each
-- other give the same.
CREATE FUNCTION looks_like(fold text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(replace(translate(normalize(fold, NFD),
        'ƨꙅзӡʒȝᏎꮞбᏮꮾȣ৪੪৭੧୨൭ɑаαᎪꭺꓮвβƅьᏏꮟᏴᏼꓐсᴄⲥᏟꮯꓚԁᎠꭰꓓеεҽᎬꭼꓰғքϝꞙꓝɡցԍᏀꮐꓖһнηհⲏᎻꮋᏂꮒꓧјϳᎫꭻꓙкκĸᴋⲕᏦꮶꓗ1iıɩɪιіӏꙇᎥꭵǀוןا١۱ߊⵏᛁꓲмμⲙᎷꮇꓟոռⲛꓠ0оοօסهഠဝჿᴏⲟꓳ०০੦૦୦౦೦൦๐໐၀рρⲣᏢꮲꓑԛգզгᴦⲅᎡꭱᏒꮢꓣѕƽտꜱᏚꮪꓢтτⲧᎢꭲꓔυսʋᴜሀꓴѵνᴠטᏙꮩꓦԝѡաɯᴡᎳꮃᏔꮤꓪхχⲭꓫуүγʏɣყᎩꭹꓬζᴢⲍᏃꮓꓜ',
        '223333446668889999aaaaaabbbbbbbbbccccccddddeeeeeefffffgggggghhhhhhhhhhjjjjjkkkkkkkklllllllllllllllllllllmmmmmmnnnnoooooooooooooooooooooooppppppqqqrrrrrrrrsssssssttttttuuuuuuvvvvvvvwwwwwwwwwwxxxxyyyyyyyyyzzzzzz'),
        'rn', 'm'), 'vv', 'w')
$$;

--bun:split

ALTER TABLE names ADD COLUMN looks text NOT NULL GENERATED ALWAYS AS (looks_like(fold)) STORED;

--bun:split

CREATE INDEX names_looks_idx ON names (looks);

--bun:split

-- An address of somebody's to be confirmed by a letter. Its token is made when the letter is written.
CREATE TABLE email_confirmations (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT email_confirmations_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT email_confirmations_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    email      text NOT NULL,
    -- sha256 of the token in the letter; NULL until the letter is written.
    token_hash bytea CONSTRAINT email_confirmations_token_hash_key UNIQUE,
    expires_at timestamptz,
    used_at    timestamptz
);

--bun:split

CREATE INDEX email_confirmations_person_id_idx ON email_confirmations (person_id);

--bun:split

-- Addresses that get no letters: only their hashes, so that nobody reads from here who was sent away.
CREATE TABLE banned_emails (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT banned_emails_pkey PRIMARY KEY,
    -- sha256 of the address in lower case, in hexadecimal.
    hash     text NOT NULL CONSTRAINT banned_emails_hash_key UNIQUE,
    added_at timestamptz NOT NULL
);

--bun:split

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

--bun:split

-- When an administrator said no to somebody who waited for it; they are removed once a letter told them.
ALTER TABLE people ADD COLUMN declined_at timestamptz;

--bun:split

CREATE INDEX people_waiting_idx ON people (id) WHERE awaits = 'approval' AND declined_at IS NULL;
