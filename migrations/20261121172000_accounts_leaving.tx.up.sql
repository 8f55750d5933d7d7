-- Leaving: when it is to happen, what goes with a person, and the handles that nobody gets again.

-- Until then they can change their mind; NULL where they do not leave.
ALTER TABLE people ADD COLUMN leaves_at timestamptz;

--bun:split

-- Handles of people who left, as sha256 of what they look like: somebody else under the name would be taken for them.
CREATE TABLE former_handles (
    looks_hash bytea CONSTRAINT former_handles_pkey PRIMARY KEY
);

--bun:split

-- Such a handle is taken like any other; other names are passed over, as those are that somebody has.
CREATE FUNCTION names_keep_former() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM former_handles f WHERE f.looks_hash = sha256(convert_to(looks_like(NEW.fold), 'UTF8'))) THEN
        RETURN NEW;
    ELSIF NEW.kind = 'handle' THEN
        RAISE EXCEPTION 'somebody who left had this handle' USING ERRCODE = 'unique_violation', CONSTRAINT = 'people_handle_fold_key';
    END IF;
    RETURN NULL;
END
$$;

--bun:split

CREATE TRIGGER names_keep_former BEFORE INSERT ON names FOR EACH ROW EXECUTE FUNCTION names_keep_former();

--bun:split

-- Deletes every row that goes with a person: those of tables whose reference to people says ON DELETE CASCADE. The person's
-- own row stays, for the words that point at it, so the cascade itself never runs.
CREATE FUNCTION erase_with_person(erased bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    goes record;
BEGIN
    FOR goes IN
        SELECT c.conrelid::regclass AS place, a.attname AS person
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'people'::regclass AND c.confdeltype = 'c' ORDER BY c.conrelid, a.attnum
    LOOP
        EXECUTE format('DELETE FROM %s WHERE %I = $1', goes.place, goes.person) USING erased;
    END LOOP;
END
$$;
