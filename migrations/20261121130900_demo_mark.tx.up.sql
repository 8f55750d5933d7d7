-- The mark of a database that the demo community was written into: one row, or none.
CREATE TABLE demo_mark (
    one       boolean DEFAULT true CONSTRAINT demo_mark_pkey PRIMARY KEY CONSTRAINT demo_mark_one_check CHECK (one),
    filled_at timestamptz NOT NULL
);
