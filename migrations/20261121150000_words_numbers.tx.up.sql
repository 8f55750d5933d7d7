-- Rules are numbered in the order in which they came, for addresses and for the audit, which holds numbers only.

ALTER TABLE word_rules ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT word_rules_number_key UNIQUE;
