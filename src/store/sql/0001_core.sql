-- 0001_core: the record (acts, tree, heads), what is read from it (projections), and what the node keeps for itself.
--
-- Times are milliseconds since 1970 UTC, 0 = none. Absent text is '', never NULL. JSON stays text: nothing in SQL looks into it.

-- ---- the record: never changed, never deleted -------------------------------------------------------

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Counted up by every commit (sqlite_mark.h). SQLite only.
CREATE TABLE commits (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    no INTEGER NOT NULL
) STRICT;
INSERT INTO commits (id, no) VALUES (1, 0);

-- pos is the number of the leaf in the ledger, from 0. annex travels beside the act and is not covered by the leaf.
CREATE TABLE acts (
    pos INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    node TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    root TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    from_node TEXT NOT NULL,
    bytes BLOB NOT NULL,
    annex BLOB NOT NULL,
    proof BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX acts_id ON acts (id);
CREATE UNIQUE INDEX acts_seq ON acts (node, seq);
CREATE INDEX acts_subject ON acts (subject, pos);
CREATE INDEX acts_root ON acts (root, pos);
CREATE INDEX acts_kind ON acts (kind, pos);

-- Hashes of complete subtrees in the order of their completion (ledger.c), so that the table only grows at its end.
CREATE TABLE tree (
    no INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE heads (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- What peers signed under our heads, and the last head we hold of each peer.
CREATE TABLE witnesses (
    size INTEGER NOT NULL,
    node TEXT NOT NULL,
    suite TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (size, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_heads (
    node TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    suite TEXT NOT NULL,
    signature BLOB NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- projections: what the acts say; rebuilt from them ----------------------------------------------

CREATE TABLE subjects (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    root TEXT NOT NULL,
    parent TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    region TEXT NOT NULL,
    level INTEGER NOT NULL,
    colour INTEGER NOT NULL,
    title TEXT NOT NULL,
    rev INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    terms_hash INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX subjects_id ON subjects (id);
CREATE INDEX subjects_root ON subjects (root);
CREATE INDEX subjects_parent ON subjects (parent) WHERE parent <> '';
-- Each holds every column that lists filter by: a list whose filter fits few rows still reads the index only.
CREATE INDEX subjects_updated ON subjects (type, updated_ms, no, state, level, colour, region, owner, opened_ms);
CREATE INDEX subjects_any ON subjects (updated_ms, no, type, state, level, colour, region, owner, opened_ms);
CREATE INDEX subjects_opened ON subjects (type, opened_ms, no, state, level, colour, region, owner, updated_ms);

-- Apart from subjects, so that scans of the narrow rows stay short.
CREATE TABLE subject_docs (
    no INTEGER PRIMARY KEY REFERENCES subjects (no) ON DELETE CASCADE,
    doc TEXT NOT NULL
) STRICT;

-- rowid = subjects.no. The terms come from terms.c; nothing but the index is kept.
CREATE VIRTUAL TABLE search USING fts5 (terms, content = '', columnsize = 0, tokenize = 'ascii');
-- Its terms, for digest.h.
CREATE VIRTUAL TABLE search_terms USING fts5vocab (search, instance);

CREATE TABLE duties (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    rule TEXT NOT NULL,
    pack TEXT NOT NULL,
    clause TEXT NOT NULL,
    subject TEXT NOT NULL,
    root TEXT NOT NULL,
    owner TEXT NOT NULL,
    receiver TEXT NOT NULL,
    opened_act TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    deadline TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    calendar TEXT NOT NULL,
    state TEXT NOT NULL,
    done_act TEXT NOT NULL,
    done_ms INTEGER NOT NULL,
    receipt_act TEXT NOT NULL,
    receipt_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX duties_id ON duties (id);
CREATE INDEX duties_owner ON duties (owner, state, due_ms);
CREATE INDEX duties_receiver ON duties (receiver, state, due_ms);
CREATE INDEX duties_state ON duties (state, due_ms);
CREATE INDEX duties_subject ON duties (subject);
CREATE INDEX duties_root ON duties (root);

CREATE TABLE receipts (
    act TEXT NOT NULL,
    node TEXT NOT NULL,
    receipt_act TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    clause TEXT NOT NULL,
    PRIMARY KEY (act, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    tier TEXT NOT NULL,
    region TEXT NOT NULL,
    parent TEXT NOT NULL,
    roles TEXT NOT NULL,
    large INTEGER NOT NULL,
    suite TEXT NOT NULL,
    key_pem TEXT NOT NULL,
    drill_key_pem TEXT NOT NULL,
    url TEXT NOT NULL,
    revoked_ms INTEGER NOT NULL,
    act TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- the node's own working state: delivery, access, retries ----------------------------------------

-- n is dense per peer over what is sent; an act held back has n = 0 until it is released.
CREATE TABLE outbox (
    peer TEXT NOT NULL,
    act TEXT NOT NULL REFERENCES acts (id),
    n INTEGER NOT NULL,
    targets TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    clause TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    queued_ms INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    done_ms INTEGER NOT NULL,
    receipt_act TEXT NOT NULL,
    PRIMARY KEY (peer, act, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_n ON outbox (peer, n) WHERE n > 0;
CREATE INDEX outbox_open ON outbox (peer, n) WHERE state IN ('queued', 'sent');
CREATE INDEX outbox_act ON outbox (act);

CREATE TABLE inbox (
    peer TEXT PRIMARY KEY,
    last_n INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Acts of others that came before the matter they belong to.
CREATE TABLE waiting (
    act TEXT PRIMARY KEY,
    waits_for TEXT NOT NULL,
    peer TEXT NOT NULL,
    parked_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    annex BLOB NOT NULL,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_for ON waiting (waits_for, act);

CREATE TABLE peers (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    seen_ms INTEGER NOT NULL,
    skew_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_codes (
    hash BLOB PRIMARY KEY,
    card TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    used_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    stored_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    person TEXT NOT NULL,
    post TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    revoked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    stored_ms INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (stored_ms);
