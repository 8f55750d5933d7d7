-- What a moderator's decision took from a person for a while, and how many notices wait for them.

ALTER TABLE people
    -- Until then they may read and write nothing; NULL or past where they may. Each ends by itself.
    ADD COLUMN muted_until     timestamptz,
    -- Until then they may not be in the rooms either.
    ADD COLUMN suspended_until timestamptz;

--bun:split

CREATE TABLE bells (
    person_id bigint CONSTRAINT bells_pkey PRIMARY KEY CONSTRAINT bells_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- Notices that the person has not seen.
    unread    integer NOT NULL CONSTRAINT bells_unread_check CHECK (unread >= 0)
);
