-- Search: what posts and titles say as Postgres compares it, and the words that a mistyped one may have meant.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

--bun:split

-- Words without the signs between them, so that "let-down", "let down" and a link to /let/down are the same two words.
-- The bodies are bound when they are made, not when they are run: a restore runs them without a search path.
CREATE FUNCTION search_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(said, '[!-/:-@\[-`{-~‐-‧«»]+', ' ', 'g');

--bun:split

-- Each word as it is written, so that SNS, PPD, oz and words of other languages are found, and as its English stem, so that
-- pumping finds pumped.
CREATE FUNCTION search_vector(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple', search_plain(said)) || to_tsvector('pg_catalog.english', search_plain(said));

--bun:split

-- The word as it is written, or its stem.
CREATE FUNCTION search_query(asked text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN plainto_tsquery('pg_catalog.simple', search_plain(asked)) || plainto_tsquery('pg_catalog.english', search_plain(asked));

--bun:split

ALTER TABLE posts ADD COLUMN search tsvector GENERATED ALWAYS AS (search_vector(body)) STORED;

--bun:split

ALTER TABLE threads ADD COLUMN search tsvector GENERATED ALWAYS AS (search_vector(title)) STORED;

--bun:split

CREATE INDEX posts_search_idx ON posts USING gin (search) WHERE deleted_at IS NULL;

--bun:split

CREATE INDEX threads_search_idx ON threads USING gin (search) WHERE posts > 0;

--bun:split

-- Every longer word that stands somewhere, whoever may read it there: a word is offered only to whom a search for it would
-- show something. It goes with the last text that has it.
CREATE TABLE search_words (
    word text CONSTRAINT search_words_pkey PRIMARY KEY CONSTRAINT search_words_word_check CHECK (length(word) BETWEEN 4 AND 40)
);

--bun:split

CREATE INDEX search_words_alike_idx ON search_words USING gin (word gin_trgm_ops);

--bun:split

CREATE FUNCTION search_words_of(said text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT w FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', search_plain(said)))) w
    WHERE length(w) BETWEEN 4 AND 40;
END;

--bun:split

-- In the words' order, so that two who write at once never wait for each other.
CREATE FUNCTION search_learn(said text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_words (word) SELECT w FROM search_words_of(said) w ORDER BY w ON CONFLICT DO NOTHING
$$;

--bun:split

CREATE FUNCTION search_forget(said text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM search_words f USING search_words_of(said) w
    WHERE f.word = w
    AND NOT EXISTS (SELECT FROM posts s WHERE s.search @@ plainto_tsquery('pg_catalog.simple', w) AND s.deleted_at IS NULL)
    AND NOT EXISTS (SELECT FROM threads t WHERE t.search @@ plainto_tsquery('pg_catalog.simple', w) AND t.posts > 0)
$$;

--bun:split

CREATE FUNCTION posts_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM search_forget(OLD.body);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN
        PERFORM search_learn(NEW.body);
    END IF;
    RETURN NULL;
END $$;

--bun:split

CREATE TRIGGER posts_search_words AFTER INSERT OR DELETE OR UPDATE OF body, deleted_at ON posts
    FOR EACH ROW EXECUTE FUNCTION posts_search_words();

--bun:split

CREATE FUNCTION threads_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.title = NEW.title AND (OLD.posts > 0) = (NEW.posts > 0) THEN
            RETURN NULL; -- one more post
        END IF;
        PERFORM search_forget(OLD.title);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM search_forget(OLD.title);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.posts > 0 THEN
        PERFORM search_learn(NEW.title);
    END IF;
    RETURN NULL;
END $$;

--bun:split

CREATE TRIGGER threads_search_words AFTER INSERT OR DELETE OR UPDATE OF title, posts ON threads
    FOR EACH ROW EXECUTE FUNCTION threads_search_words();

--bun:split

-- What was written before there was a search.
INSERT INTO search_words (word)
    SELECT w FROM posts s, search_words_of(s.body) w WHERE s.deleted_at IS NULL
    UNION
    SELECT w FROM threads t, search_words_of(t.title) w WHERE t.posts > 0;
