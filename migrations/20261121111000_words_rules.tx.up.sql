-- What the house has to say about some words: the words that a rule looks for, and its wording.

CREATE TABLE word_rules (
    id        text CONSTRAINT word_rules_pkey PRIMARY KEY,
    -- notice: a medicine or a herb; baby: a baby may get too little; crisis: somebody may be in danger.
    kind      text NOT NULL CONSTRAINT word_rules_kind_check CHECK (kind IN ('notice', 'baby', 'crisis')),
    -- Words beside each other: "a|b" is either, "…" up to three others. Case, accents and plurals do not matter.
    terms     text[] NOT NULL CONSTRAINT word_rules_terms_check CHECK (cardinality(terms) > 0),
    title     text NOT NULL,
    text      text NOT NULL,
    -- Said as well where a dose stands near the words.
    dose_text text NOT NULL DEFAULT '',
    -- The day of the wording.
    version   date NOT NULL,
    -- Who of the staff checked it; empty until somebody did.
    approver  text NOT NULL DEFAULT '',
    -- The most urgent comes first.
    position  integer NOT NULL
);
