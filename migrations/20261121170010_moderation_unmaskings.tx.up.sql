-- Who of the staff looked who writes under an alias, and why: the audit holds no words.
CREATE TABLE unmaskings (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT unmaskings_pkey PRIMARY KEY,
    -- Aliases are accounts', which stands below; one that is gone has nobody behind it any more.
    alias_id    bigint NOT NULL CONSTRAINT unmaskings_alias_id_fkey REFERENCES aliases (id) ON DELETE CASCADE,
    actor_id    bigint NOT NULL CONSTRAINT unmaskings_actor_id_fkey REFERENCES people (id),
    reason_code text NOT NULL,
    note        text NOT NULL,
    at          timestamptz NOT NULL
);

--bun:split

CREATE INDEX unmaskings_alias_id_idx ON unmaskings (alias_id, actor_id);
