-- Who is told when somebody replies in a thread: those who asked to be, and those who wrote in it.

CREATE TABLE watches (
    person_id  bigint NOT NULL CONSTRAINT watches_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    thread_id  bigint NOT NULL CONSTRAINT watches_thread_id_fkey REFERENCES threads (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    CONSTRAINT watches_pkey PRIMARY KEY (thread_id, person_id)
);

--bun:split

CREATE INDEX watches_person_id_idx ON watches (person_id);

--bun:split

-- Who wrote before there were watches.
INSERT INTO watches (person_id, thread_id, created_at)
    SELECT s.author_id, s.thread_id, min(s.created_at) FROM posts s WHERE s.deleted_at IS NULL GROUP BY s.author_id, s.thread_id;
