-- What people say to a post without words, and how consultants find the questions that wait for them.

CREATE TABLE reactions (
    post_id   bigint NOT NULL CONSTRAINT reactions_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
    person_id bigint NOT NULL CONSTRAINT reactions_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    kind      text NOT NULL CONSTRAINT reactions_kind_check CHECK (kind IN ('same_here', 'hug', 'helpful', 'thanks')),
    at        timestamptz NOT NULL,
    CONSTRAINT reactions_pkey PRIMARY KEY (post_id, person_id, kind)
);

--bun:split

-- What the asker chose to tell; empty where they did not.
ALTER TABLE threads
    -- ISO 639-1.
    ADD COLUMN language  text NOT NULL DEFAULT '',
    ADD COLUMN specialty text NOT NULL DEFAULT '',
    -- Visible posts that somebody else wrote under the label of a consultant.
    ADD COLUMN answers   integer NOT NULL DEFAULT 0 CONSTRAINT threads_answers_check CHECK (answers BETWEEN 0 AND posts);

--bun:split

UPDATE threads t SET answers = s.answers
    FROM (SELECT p.thread_id, count(*) AS answers FROM posts p JOIN threads o ON o.id = p.thread_id
        WHERE p.label = 'ibclc' AND p.author_id <> o.author_id AND p.stands GROUP BY p.thread_id) s
    WHERE s.thread_id = t.id;

--bun:split

-- Questions in the order in which they wait, and those that were answered.
CREATE INDEX threads_waiting_idx ON threads (created_at, id) WHERE posts > 0 AND answers = 0;

--bun:split

CREATE INDEX threads_answered_idx ON threads (created_at, id) WHERE posts > 0 AND answers > 0;

--bun:split

-- Which consultant is writing an answer, so that two do not write the same one.
CREATE TABLE takes (
    thread_id bigint CONSTRAINT takes_pkey PRIMARY KEY CONSTRAINT takes_thread_id_fkey REFERENCES threads (id) ON DELETE CASCADE,
    person_id bigint NOT NULL CONSTRAINT takes_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    until     timestamptz NOT NULL
);
