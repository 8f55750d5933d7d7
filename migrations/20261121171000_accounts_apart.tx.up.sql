-- Who is apart from whom by their own names, whichever of the two asked for it: each pair stands there both ways.
CREATE VIEW apart (person_id, other_id) AS
    SELECT blocker_id, blocked_id FROM blocks WHERE thread_id = 0
    UNION SELECT blocked_id, blocker_id FROM blocks WHERE thread_id = 0;
