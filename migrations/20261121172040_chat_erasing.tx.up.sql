-- What one person said, and where others name somebody: found without reading everything.

CREATE INDEX messages_author_id_idx ON messages (author_id, room_id, n);

--bun:split

CREATE INDEX messages_naming_idx ON messages (room_id, n) WHERE strpos(body, '@') > 0;
