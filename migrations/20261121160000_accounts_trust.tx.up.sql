-- What somebody says of themselves, how far they are let in, what a session proved, and the names by which people meet.

ALTER TABLE people
    -- Random and never shown: what passkeys and tombstones name a person by, since ids come again in another database.
    ADD COLUMN uid          uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT people_uid_key UNIQUE,
    -- What has to come before they may write: their letter confirmed, or an administrator's yes. NULL where nothing has.
    ADD COLUMN awaits       text CONSTRAINT people_awaits_check CHECK (awaits IN ('letter', 'approval')),
    ADD COLUMN pronouns     text NOT NULL DEFAULT '',
    -- The word that the site uses for feeding, to this person.
    ADD COLUMN feeding      text NOT NULL DEFAULT 'feeding'
                            CONSTRAINT people_feeding_check CHECK (feeding IN ('breastfeeding', 'chestfeeding', 'nursing', 'feeding')),
    -- Where they are on the way, and a line of their own about it.
    ADD COLUMN way          text[] NOT NULL DEFAULT '{}',
    ADD COLUMN way_line     text NOT NULL DEFAULT '',
    -- ISO 639-1, and a name of the IANA time zone database; empty where they did not say.
    ADD COLUMN language     text NOT NULL DEFAULT '',
    ADD COLUMN zone         text NOT NULL DEFAULT '',
    -- Empty follows the device.
    ADD COLUMN theme        text NOT NULL DEFAULT '' CONSTRAINT people_theme_check CHECK (theme IN ('', 'light', 'dark', 'dim')),
    ADD COLUMN reduced_data boolean NOT NULL DEFAULT false,
    -- Who may read their profile beyond the name and the label.
    ADD COLUMN visibility   text NOT NULL DEFAULT 'public' CONSTRAINT people_visibility_check CHECK (visibility IN ('public', 'members', 'nobody')),
    -- When they left; what stands here of them then is an id without a name.
    ADD COLUMN left_at      timestamptz;

--bun:split

-- Whoever has left has no handle.
ALTER TABLE people ALTER COLUMN handle_fold DROP NOT NULL;

--bun:split

ALTER TABLE sessions
    -- When it was last used, to ten minutes: idle ones end.
    ADD COLUMN seen_at       timestamptz NOT NULL DEFAULT now(),
    -- Whether it was opened with a second factor: without one, nobody has a role.
    ADD COLUMN second_factor boolean NOT NULL DEFAULT false,
    -- When the person last proved who they are: sensitive changes ask again.
    ADD COLUMN proved_at     timestamptz NOT NULL DEFAULT now(),
    -- A privilege changed: the session gets a new id and token at its next request.
    ADD COLUMN renew         boolean NOT NULL DEFAULT false;

--bun:split

-- One namespace: no alias or display name reads like another person's handle. Folded as handles are compared.
CREATE TABLE names (
    fold      text CONSTRAINT names_pkey PRIMARY KEY,
    person_id bigint NOT NULL CONSTRAINT names_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    kind      text NOT NULL CONSTRAINT names_kind_check CHECK (kind IN ('handle', 'display', 'alias'))
);

--bun:split

CREATE INDEX names_person_id_idx ON names (person_id);

--bun:split

-- A handle is in the namespace for as long as somebody has it.
CREATE FUNCTION people_keep_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM names WHERE fold = OLD.handle_fold AND kind = 'handle' AND person_id = OLD.id;
    END IF;
    IF NEW.handle_fold IS NOT NULL THEN
        INSERT INTO names (fold, person_id, kind) VALUES (NEW.handle_fold, NEW.id, 'handle');
    END IF;
    RETURN NULL;
END
$$;

--bun:split

CREATE TRIGGER people_keep_name_inserted AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION people_keep_name();

--bun:split

CREATE TRIGGER people_keep_name_updated AFTER UPDATE OF handle_fold ON people
FOR EACH ROW WHEN (OLD.handle_fold IS DISTINCT FROM NEW.handle_fold) EXECUTE FUNCTION people_keep_name();

--bun:split

INSERT INTO names (fold, person_id, kind) SELECT handle_fold, id, 'handle' FROM people;

--bun:split

-- The name by which somebody writes in one thread; all that they wrote there stands under it.
CREATE TABLE aliases (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT aliases_pkey PRIMARY KEY,
    person_id  bigint NOT NULL CONSTRAINT aliases_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- Threads are the forum's, which stands above.
    thread_id  bigint NOT NULL,
    name       text NOT NULL,
    fold       text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT aliases_thread_person_key UNIQUE (thread_id, person_id)
);

--bun:split

CREATE INDEX aliases_person_id_idx ON aliases (person_id);

--bun:split

-- Who does not want to meet whom. It holds both ways, for the name that it was set on: of a person (thread_id 0) not where
-- they write under an alias, of an alias in its thread only.
CREATE TABLE blocks (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT blocks_pkey PRIMARY KEY,
    blocker_id bigint NOT NULL CONSTRAINT blocks_blocker_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    blocked_id bigint NOT NULL CONSTRAINT blocks_blocked_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    thread_id  bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT blocks_pair_key UNIQUE (blocker_id, blocked_id, thread_id),
    CONSTRAINT blocks_self_check CHECK (blocker_id <> blocked_id)
);

--bun:split

CREATE INDEX blocks_blocked_id_idx ON blocks (blocked_id, blocker_id);
