-- The body of the quoting post as its author wrote it, while the words that it quotes are hidden or removed; else empty.
ALTER TABLE quotes ADD COLUMN withheld text NOT NULL DEFAULT '';
