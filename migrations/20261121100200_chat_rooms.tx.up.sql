-- Rooms, what is said in them, and how far each person has read.

CREATE TABLE rooms (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rooms_pkey PRIMARY KEY,
    slug     text NOT NULL CONSTRAINT rooms_slug_key UNIQUE,
    name     text NOT NULL,
    -- One line for the list of rooms, and what is asked of everybody inside.
    about    text NOT NULL,
    topic    text NOT NULL DEFAULT '',
    position integer NOT NULL
);

--bun:split

-- The two dense counters of a room, on a row of their own, since every message moves it.
-- seq counts every visible change, n counts messages, state_rev is the seq of the last change of state.
CREATE TABLE room_counters (
    room_id   bigint CONSTRAINT room_counters_pkey PRIMARY KEY
              CONSTRAINT room_counters_room_id_fkey REFERENCES rooms (id) ON DELETE CASCADE,
    seq       bigint NOT NULL DEFAULT 0,
    n         bigint NOT NULL DEFAULT 0,
    state_rev bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

--bun:split

CREATE TABLE messages (
    room_id      bigint NOT NULL CONSTRAINT messages_room_id_fkey REFERENCES rooms (id) ON DELETE CASCADE,
    n            bigint NOT NULL,
    -- The seq that the message was born with: what the first ack said, and every later one says.
    seq          bigint NOT NULL,
    -- The seq of its last change: what catching up goes by.
    rev          bigint NOT NULL,
    author_id    bigint NOT NULL CONSTRAINT messages_author_id_fkey REFERENCES people (id),
    -- The client's own id of the message: sent again, it is the same message.
    cmid         uuid NOT NULL,
    -- Who spoke, in words, as it was at that moment.
    label        text NOT NULL,
    body         text NOT NULL,
    html         text NOT NULL,
    html_version integer NOT NULL,
    -- The n of the message that this one answers.
    re           bigint,
    at           timestamptz NOT NULL,
    edited_at    timestamptz,
    deleted_at   timestamptz,
    CONSTRAINT messages_pkey PRIMARY KEY (room_id, n),
    CONSTRAINT messages_cmid_key UNIQUE (room_id, author_id, cmid)
);

--bun:split

-- Several rows may share a rev: a stretch that was cleared at once.
CREATE INDEX messages_rev_idx ON messages (room_id, rev, n);

--bun:split

CREATE TABLE read_markers (
    person_id bigint NOT NULL CONSTRAINT read_markers_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    room_id   bigint NOT NULL CONSTRAINT read_markers_room_id_fkey REFERENCES rooms (id) ON DELETE CASCADE,
    n         bigint NOT NULL,
    CONSTRAINT read_markers_pkey PRIMARY KEY (person_id, room_id)
);
