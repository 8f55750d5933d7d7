-- Circles of people within the place, each with moderators of its own.

CREATE TABLE groups (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT groups_pkey PRIMARY KEY,
    slug       text NOT NULL CONSTRAINT groups_slug_key UNIQUE,
    name       text NOT NULL,
    about      text NOT NULL,
    -- Whether anybody who has joined the place may join; else the group's moderators let people in.
    open       boolean NOT NULL,
    -- Whether its moderators may let its people wear the label Trained supporter.
    grants     boolean NOT NULL,
    created_at timestamptz NOT NULL
);

--bun:split

CREATE TABLE group_members (
    group_id     bigint NOT NULL CONSTRAINT group_members_group_id_fkey REFERENCES groups (id) ON DELETE CASCADE,
    person_id    bigint NOT NULL CONSTRAINT group_members_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    moderator    boolean NOT NULL DEFAULT false,
    -- When this group let them wear the label; NULL where it does not. It ends with their being in the group.
    supporter_at timestamptz,
    joined_at    timestamptz NOT NULL,
    CONSTRAINT group_members_pkey PRIMARY KEY (group_id, person_id)
);

--bun:split

CREATE INDEX group_members_person_id_idx ON group_members (person_id);
