-- Open cases that hold words of somebody who has left: what is to be emptied there once they are closed.

CREATE TABLE case_partings (
    case_id   bigint NOT NULL CONSTRAINT case_partings_case_id_fkey REFERENCES cases (id) ON DELETE CASCADE,
    person_id bigint NOT NULL CONSTRAINT case_partings_person_id_fkey REFERENCES people (id),
    -- Under which the others named them.
    handle    text NOT NULL,
    parting   text NOT NULL,
    CONSTRAINT case_partings_pkey PRIMARY KEY (case_id, person_id)
);
