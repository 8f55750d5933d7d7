-- Administrators are told that somebody waits to be let in.

ALTER TABLE notices
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind IN ('mention', 'answer', 'reply', 'decided', 'seen', 'closed',
        'case', 'verified', 'refused', 'contact', 'contact_answered', 'waits'));

COMMENT ON COLUMN notices.object_id IS 'A post, a decision, a case, a consultant, a request or a person, as the kind says.';
