-- What moderators do to a thread as a whole; NULL where they did not, or took it back.

ALTER TABLE threads
    ADD COLUMN pinned_at timestamptz,
    ADD COLUMN locked_at timestamptz,
    ADD COLUMN hidden_at timestamptz;

--bun:split

-- Pinned threads come first in their category.
DROP INDEX threads_category_active_idx;

--bun:split

CREATE INDEX threads_category_active_idx ON threads (category_id, (pinned_at IS NOT NULL), active_at, id) WHERE posts > 0;

--bun:split

DROP INDEX threads_category_created_idx;

--bun:split

CREATE INDEX threads_category_created_idx ON threads (category_id, (pinned_at IS NOT NULL), created_at, id) WHERE posts > 0;
