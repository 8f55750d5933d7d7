-- The list of people and the search by how a name begins, byte by byte: no language's order is everybody's.

CREATE INDEX people_handle_fold_bytes_idx ON people (handle_fold COLLATE "C");
