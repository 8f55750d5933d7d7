-- A moderator takes a message away; NULL where nobody did, or it was given back. Its words stay for that, and are read out
-- to nobody meanwhile.

ALTER TABLE messages ADD COLUMN hidden_at timestamptz;
