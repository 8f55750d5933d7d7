-- Who is about to leave, and the copies of their own words that people asked for.

CREATE TABLE departures (
    person_id bigint CONSTRAINT departures_pkey PRIMARY KEY
              CONSTRAINT departures_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- What is to be done with their words.
    parting   text NOT NULL CONSTRAINT departures_parting_check CHECK (parting IN ('keep', 'remove', 'quotes')),
    asked_at  timestamptz NOT NULL,
    -- Until then they can change their mind.
    due_at    timestamptz NOT NULL,
    -- When the erasing began: from then on there is no way back. It ends with this row.
    begun_at  timestamptz
);

--bun:split

-- One at a time for each person.
CREATE TABLE exports (
    person_id  bigint CONSTRAINT exports_pkey PRIMARY KEY
               CONSTRAINT exports_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- Names the file among the blobs.
    key        uuid NOT NULL,
    asked_at   timestamptz NOT NULL,
    -- When the file was there, and until when it is.
    ready_at   timestamptz,
    expires_at timestamptz,
    bytes      bigint NOT NULL DEFAULT 0
);
