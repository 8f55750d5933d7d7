-- What staff did, in a chain: each entry's hash covers the hash before it. Ids, verbs, reason codes and times only; no
-- word that anybody wrote. Nothing here refers to other tables: an entry outlives what it is about.
--
-- The trigger called append_only marks a table that nobody changes by hand: db.Migrate gives the role of the pools no more
-- than reading it. Its one door is audit_append.

CREATE TABLE audit_entries (
    -- 1, 2, 3 … without a gap, in the order of the commits.
    id          bigint CONSTRAINT audit_entries_pkey PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor_id    bigint NOT NULL,
    verb        text NOT NULL CONSTRAINT audit_entries_verb_check CHECK (verb ~ '^[a-z_]+$'),
    -- What it was done to, and for a move, where it went; 0 where it went nowhere.
    kind        text NOT NULL CONSTRAINT audit_entries_kind_check CHECK (kind ~ '^[a-z_]+$'),
    object_id   bigint NOT NULL,
    into_id     bigint NOT NULL,
    reason_code text NOT NULL CONSTRAINT audit_entries_reason_code_check CHECK (reason_code ~ '^[a-z_]*$'),
    -- sha256 of the hash before and of this row's values.
    hash        bytea NOT NULL
);

--bun:split

-- The end of the chain, so that the newest entries cannot be dropped unseen. Its row is what writers wait for.
CREATE TABLE audit_head (
    only_one boolean CONSTRAINT audit_head_pkey PRIMARY KEY CONSTRAINT audit_head_only_one_check CHECK (only_one),
    entries  bigint NOT NULL,
    hash     bytea NOT NULL
);

--bun:split

INSERT INTO audit_head (only_one, entries, hash) VALUES (true, 0, '');

--bun:split

-- It runs as the tables' owner, whoever calls. The canonical form has no ambiguity: no value holds a '|'.
CREATE FUNCTION audit_append(moment timestamptz, actor bigint, verb text, kind text, object bigint, into_object bigint, reason text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head;
    sum  bytea;
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    sum := sha256(head.hash || convert_to(concat_ws('|', head.entries + 1, (extract(epoch FROM moment) * 1000000)::bigint,
        actor, verb, kind, object, into_object, reason), 'UTF8'));
    INSERT INTO audit_entries (id, at, actor_id, verb, kind, object_id, into_id, reason_code, hash)
    VALUES (head.entries + 1, moment, actor, verb, kind, object, into_object, reason, sum);
    UPDATE audit_head SET entries = head.entries + 1, hash = sum;
END $$;

--bun:split

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

--bun:split

-- The head moves only onto the entry that was just added.
CREATE FUNCTION audit_advance() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.entries = OLD.entries + 1 AND EXISTS (SELECT FROM audit_entries e WHERE e.id = NEW.entries AND e.hash = NEW.hash) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

--bun:split

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries EXECUTE FUNCTION audit_refuse();

--bun:split

CREATE TRIGGER append_only BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head EXECUTE FUNCTION audit_refuse();

--bun:split

CREATE TRIGGER advance BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_advance();
