-- What a person answered under a label, for their listing.

CREATE INDEX posts_spoken_idx ON posts (author_id, label, created_at, id) WHERE label <> 'peer' AND stands;
