-- What people report, the case that it becomes, and what moderators decide. The audit has who did what; here are the words:
-- what was reported as it stood then, and what people wrote of it.

CREATE TABLE cases (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT cases_pkey PRIMARY KEY,
    -- What it is about: of a message its n, and the room that it is in; 0 elsewhere.
    kind          text NOT NULL CONSTRAINT cases_kind_check CHECK (kind IN ('post', 'thread', 'message', 'person', 'listing', 'credential')),
    object_id     bigint NOT NULL,
    room_id       bigint NOT NULL,
    -- Whose words they are, or who the person is.
    about_id      bigint NOT NULL CONSTRAINT cases_about_id_fkey REFERENCES people (id),
    -- As it was when it was reported: what it stood in, where, its surroundings, and its own words without markup.
    title         text NOT NULL,
    path          text NOT NULL,
    snapshot      jsonb NOT NULL,
    words         text NOT NULL,
    -- The most severe reason of this round: 1 crisis, 2 red, 3 amber, 4 green. A credential has none.
    reason        text NOT NULL,
    severity      smallint NOT NULL CONSTRAINT cases_severity_check CHECK (severity BETWEEN 1 AND 4),
    -- Counts every step from 1: each form on the case's page names the version that it was made on.
    version       integer NOT NULL DEFAULT 1,
    -- Counts how often the case was opened.
    round         integer NOT NULL DEFAULT 1,
    opened_at     timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    closed_at     timestamptz,
    -- Who has it, and until when it is theirs if they do nothing more.
    claimed_by    bigint CONSTRAINT cases_claimed_by_fkey REFERENCES people (id),
    claimed_until timestamptz,
    -- When somebody first took it in this round.
    seen_at       timestamptz,
    CONSTRAINT cases_object_key UNIQUE (kind, object_id, room_id)
);

--bun:split

CREATE INDEX cases_open_idx ON cases (severity, due_at, id) WHERE closed_at IS NULL;

--bun:split

CREATE INDEX cases_claimed_idx ON cases (claimed_by, severity, due_at, id) WHERE closed_at IS NULL;

--bun:split

CREATE INDEX cases_closed_idx ON cases (closed_at, id) WHERE closed_at IS NOT NULL;

--bun:split

CREATE TABLE reports (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT reports_pkey PRIMARY KEY,
    case_id     bigint NOT NULL CONSTRAINT reports_case_id_fkey REFERENCES cases (id),
    round       integer NOT NULL,
    -- NULL is the house itself, which found words of somebody who may be in danger.
    reporter_id bigint CONSTRAINT reports_reporter_id_fkey REFERENCES people (id),
    reason      text NOT NULL,
    note        text NOT NULL,
    at          timestamptz NOT NULL,
    -- Once a round: reported again, it is reported already.
    CONSTRAINT reports_once_key UNIQUE NULLS NOT DISTINCT (case_id, round, reporter_id)
);

--bun:split

CREATE TABLE decisions (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decisions_pkey PRIMARY KEY,
    case_id       bigint NOT NULL CONSTRAINT decisions_case_id_fkey REFERENCES cases (id),
    round         integer NOT NULL,
    decider_id    bigint NOT NULL CONSTRAINT decisions_decider_id_fkey REFERENCES people (id),
    about_id      bigint NOT NULL CONSTRAINT decisions_about_id_fkey REFERENCES people (id),
    action        text NOT NULL,
    reason_code   text NOT NULL,
    -- What the author reads of it, besides the reason.
    note          text NOT NULL,
    -- For a mute and a suspension.
    until         timestamptz,
    at            timestamptz NOT NULL,
    -- How it is taken back: the act that makes it what it was, with the category or the time that was before.
    back_action   text NOT NULL,
    back_category text NOT NULL,
    back_until    timestamptz,
    undone_at     timestamptz,
    -- What the author wrote against it, once, and the round in which another moderator looks at it.
    objection     text NOT NULL DEFAULT '',
    objected_at   timestamptz,
    objected_in   integer
);

--bun:split

CREATE INDEX decisions_case_id_idx ON decisions (case_id, id);

--bun:split

CREATE INDEX decisions_about_id_idx ON decisions (about_id, id);

--bun:split

-- What moved a case from one version to the next, so that whoever holds an old one is told what they missed.
CREATE TABLE case_steps (
    case_id   bigint NOT NULL CONSTRAINT case_steps_case_id_fkey REFERENCES cases (id),
    version   integer NOT NULL,
    step      text NOT NULL CONSTRAINT case_steps_step_check CHECK (step IN ('report', 'claim', 'release', 'decide', 'undo', 'object', 'close')),
    -- Who of the staff it was; NULL for everybody else.
    person_id bigint CONSTRAINT case_steps_person_id_fkey REFERENCES people (id),
    CONSTRAINT case_steps_pkey PRIMARY KEY (case_id, version)
);
