-- How far a room had come when two people were parted, or no longer: what one of them holds of it up to there may have rows
-- that they are not shown any more, or lack some. Rows are by the pair, so that the same job done twice stores nothing.
CREATE TABLE resets (
    person_id bigint NOT NULL CONSTRAINT resets_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    other_id  bigint NOT NULL CONSTRAINT resets_other_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    room_id   bigint NOT NULL CONSTRAINT resets_room_id_fkey REFERENCES rooms (id) ON DELETE CASCADE,
    seq       bigint NOT NULL,
    -- The job that stored it: later ones have higher numbers.
    job       bigint NOT NULL,
    -- The last one that this person asked for themself, whose open pages are told at once; 0 where there is none.
    asked     bigint NOT NULL,
    CONSTRAINT resets_pkey PRIMARY KEY (person_id, room_id, other_id)
);
