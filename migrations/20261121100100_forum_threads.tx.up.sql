-- Categories hold threads, threads hold posts; quotes say where quoted words come from; drafts keep what is not sent yet.

CREATE TABLE categories (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT categories_pkey PRIMARY KEY,
    slug     text NOT NULL CONSTRAINT categories_slug_key UNIQUE,
    name     text NOT NULL,
    about    text NOT NULL,
    -- Who may read it and all that it holds.
    audience text NOT NULL CONSTRAINT categories_audience_check CHECK (audience IN ('public', 'members')),
    position integer NOT NULL
);

--bun:split

CREATE TABLE threads (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT threads_pkey PRIMARY KEY,
    category_id bigint NOT NULL CONSTRAINT threads_category_id_fkey REFERENCES categories (id),
    author_id   bigint NOT NULL CONSTRAINT threads_author_id_fkey REFERENCES people (id),
    title       text NOT NULL,
    slug        text NOT NULL,
    -- Made with the form: the same key of the same author again is the same thread.
    key         uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    -- When somebody last wrote in it.
    active_at   timestamptz NOT NULL,
    -- The highest post number given so far; numbers are never given twice.
    last_n      integer NOT NULL,
    -- Visible posts, and those among them that are not the first: the two differ by one while the first post stands.
    posts       integer NOT NULL,
    replies     integer NOT NULL,
    CONSTRAINT threads_author_id_key_key UNIQUE (author_id, key),
    CONSTRAINT threads_posts_check CHECK (replies >= 0 AND posts - replies IN (0, 1) AND posts <= last_n)
);

--bun:split

CREATE INDEX threads_category_active_idx ON threads (category_id, active_at, id) WHERE posts > 0;

--bun:split

CREATE INDEX threads_category_created_idx ON threads (category_id, created_at, id) WHERE posts > 0;

--bun:split

CREATE INDEX threads_active_idx ON threads (active_at, id) WHERE posts > 0;

--bun:split

CREATE INDEX threads_unanswered_idx ON threads (created_at, id) WHERE posts > 0 AND replies = 0;

--bun:split

CREATE TABLE posts (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT posts_pkey PRIMARY KEY,
    thread_id    bigint NOT NULL CONSTRAINT posts_thread_id_fkey REFERENCES threads (id),
    -- The number within the thread: 1, 2, 3 … in the order of writing.
    n            integer NOT NULL CONSTRAINT posts_n_check CHECK (n > 0),
    author_id    bigint NOT NULL CONSTRAINT posts_author_id_fkey REFERENCES people (id),
    -- Who spoke, as it was when they wrote.
    label        text NOT NULL CONSTRAINT posts_label_check CHECK (label IN ('peer', 'supporter', 'ibclc', 'moderator')),
    body         text NOT NULL,
    -- The body's rendering, and the version of the renderer that made it.
    html         text NOT NULL,
    html_version integer NOT NULL,
    -- Counts the edits from 1: an edit names the version that it was made on.
    version      integer NOT NULL DEFAULT 1,
    -- As threads.key; a thread's first post is known by its thread's.
    key          uuid,
    reply_to     bigint CONSTRAINT posts_reply_to_fkey REFERENCES posts (id),
    created_at   timestamptz NOT NULL,
    edited_at    timestamptz,
    deleted_at   timestamptz,
    CONSTRAINT posts_thread_id_n_key UNIQUE (thread_id, n),
    CONSTRAINT posts_author_id_key_key UNIQUE (author_id, key)
);

--bun:split

CREATE INDEX posts_visible_idx ON posts (thread_id, n) WHERE deleted_at IS NULL;

--bun:split

-- The words that a post opens with, where they are somebody else's: a range of code points, from starts up to but
-- without ends, in the body of the quoted post as it was at that version.
CREATE TABLE quotes (
    post_id        bigint CONSTRAINT quotes_pkey PRIMARY KEY CONSTRAINT quotes_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
    quoted_post_id bigint NOT NULL CONSTRAINT quotes_quoted_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
    quoted_version integer NOT NULL,
    starts         integer NOT NULL,
    ends           integer NOT NULL,
    CONSTRAINT quotes_range_check CHECK (0 <= starts AND starts < ends)
);

--bun:split

CREATE INDEX quotes_quoted_post_id_idx ON quotes (quoted_post_id);

--bun:split

CREATE TABLE drafts (
    person_id  bigint NOT NULL CONSTRAINT drafts_person_id_fkey REFERENCES people (id) ON DELETE CASCADE,
    -- What it answers: 't:<thread id>' a thread, 'c:<category slug>' a new thread there.
    target     text NOT NULL,
    title      text NOT NULL,
    body       text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT drafts_pkey PRIMARY KEY (person_id, target)
);
