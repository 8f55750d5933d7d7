-- What somebody who leaves said without words, and where others name somebody: found without reading everything.

CREATE INDEX reactions_person_id_idx ON reactions (person_id, post_id);

--bun:split

CREATE INDEX posts_naming_idx ON posts (id) WHERE strpos(body, '@') > 0;
