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
    ADD COLUMN specialty text NOT NULL DEFAULT '';

--bun:split

-- Questions in the order in which they wait.
CREATE INDEX threads_waiting_idx ON threads (created_at, id) WHERE posts > 0;

--bun:split

-- Most posts are nobody's answer under a credential.
CREATE INDEX posts_answers_idx ON posts (thread_id, n) WHERE label = 'ibclc' AND stands;

--bun:split

-- Which consultant is writing an answer, so that two do not write the same one.
CREATE TABLE takes (
    thread_id bigint CONSTRAINT takes_pkey PRIMARY KEY CONSTRAINT takes_thread_id_fkey REFERENCES threads (id) ON DELETE CASCADE,
    person_id bigint NOT NULL CONSTRAINT takes_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    until     timestamptz NOT NULL
);
