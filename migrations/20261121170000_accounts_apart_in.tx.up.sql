-- Whether a viewer does not meet the author of words in a thread there, whoever of the two asked for it: by a block of a
-- person, where the author writes under their own name, or by one of a name in this thread.
CREATE FUNCTION apart_in(viewer bigint, author bigint, thread bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM blocks b
        WHERE (b.blocker_id = viewer AND b.blocked_id = author OR b.blocker_id = author AND b.blocked_id = viewer)
        AND (b.thread_id = thread
            OR b.thread_id = 0 AND NOT EXISTS (SELECT FROM aliases x WHERE x.thread_id = thread AND x.person_id = author)));
END
$$;
