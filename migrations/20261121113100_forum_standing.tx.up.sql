-- What moderators do to a post, and to a thread; NULL where they did not, or took it back.

ALTER TABLE threads ADD COLUMN removed_at timestamptz;

--bun:split

-- Everybody sees it who may read its category.
ALTER TABLE threads ADD COLUMN stands boolean NOT NULL
    GENERATED ALWAYS AS (hidden_at IS NULL AND removed_at IS NULL) STORED;

--bun:split

ALTER TABLE posts
    -- Its author and staff see it still.
    ADD COLUMN hidden_at  timestamptz,
    -- Nobody does.
    ADD COLUMN removed_at timestamptz;

--bun:split

-- Everybody sees it who sees its thread.
ALTER TABLE posts ADD COLUMN stands boolean NOT NULL
    GENERATED ALWAYS AS (deleted_at IS NULL AND hidden_at IS NULL AND removed_at IS NULL) STORED;

--bun:split

-- The search, and the words that it offers, know of no other posts.
DROP INDEX posts_search_idx;

--bun:split

CREATE INDEX posts_search_idx ON posts USING gin (search) WHERE stands;

--bun:split

CREATE OR REPLACE FUNCTION search_forget(said text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM search_words f USING search_words_of(said) w
    WHERE f.word = w
    AND NOT EXISTS (SELECT FROM posts s WHERE s.search @@ plainto_tsquery('pg_catalog.simple', w) AND s.stands)
    AND NOT EXISTS (SELECT FROM threads t WHERE t.search @@ plainto_tsquery('pg_catalog.simple', w) AND t.posts > 0)
$$;

--bun:split

CREATE OR REPLACE FUNCTION posts_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM search_forget(OLD.body);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.stands THEN
        PERFORM search_learn(NEW.body);
    END IF;
    RETURN NULL;
END $$;

--bun:split

DROP TRIGGER posts_search_words ON posts;

--bun:split

CREATE TRIGGER posts_search_words AFTER INSERT OR DELETE OR UPDATE OF body, stands ON posts
    FOR EACH ROW EXECUTE FUNCTION posts_search_words();
