-- The address that a confirmed one took the place of, until it is told.
ALTER TABLE email_confirmations ADD COLUMN former text NOT NULL DEFAULT '';
