-- Which rules found their words in a post, as it stands: written with the post, so that a page need not look again.

CREATE TABLE post_notices (
    post_id bigint NOT NULL CONSTRAINT post_notices_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
    rule_id text NOT NULL CONSTRAINT post_notices_rule_id_fkey REFERENCES word_rules (id) ON DELETE CASCADE,
    -- A dose stands near the words.
    dosed   boolean NOT NULL,
    CONSTRAINT post_notices_pkey PRIMARY KEY (post_id, rule_id)
);

--bun:split

-- Whether it has any: most posts have none, and are then not asked for them.
ALTER TABLE posts ADD COLUMN noticed boolean NOT NULL DEFAULT false;
