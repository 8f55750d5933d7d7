-- What people are told: one row for each person and thing. It names the thing and repeats nothing of it, for what a person
-- may see is asked again whenever it is shown.

CREATE TABLE notices (
    id        bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT notices_pkey PRIMARY KEY,
    person_id bigint NOT NULL CONSTRAINT notices_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    kind      text NOT NULL CONSTRAINT notices_kind_check CHECK (kind IN ('mention', 'answer', 'reply', 'decided', 'seen', 'closed',
              'case', 'verified', 'refused', 'contact', 'contact_answered')),
    -- A post, a decision, a case, a consultant or a request, as the kind says.
    object_id bigint NOT NULL,
    -- The thread of a post: what is new in one is shown together. NULL for other kinds.
    thread_id bigint,
    -- Some things are told of more than once: a case is opened again, a credential is judged again.
    round     bigint NOT NULL,
    at        timestamptz NOT NULL,
    read_at   timestamptz
);

--bun:split

-- A post is told of once, however many reasons there are to.
CREATE UNIQUE INDEX notices_once_idx ON notices
    (person_id, (CASE WHEN kind IN ('mention', 'answer', 'reply') THEN 'post' ELSE kind END), object_id, round);

--bun:split

CREATE INDEX notices_person_id_idx ON notices (person_id, id);

--bun:split

CREATE INDEX notices_unread_idx ON notices (person_id, id) WHERE read_at IS NULL;
