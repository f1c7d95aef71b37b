-- 0002_access: what the node keeps of its people beside their acts. Who they are and what their posts may do stands in the
-- acts (subjects of the types user and post); here stand the secrets that no act carries, and what changes with every login.

-- password: argon2id in its text form, '' = none yet. former: JSON list of the passwords before it, newest first.
-- totp: the seed in force, totp_next: one that waits for its first code; empty = none. totp_step: the last step whose code was used.
CREATE TABLE accounts (
    person TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    password_ms INTEGER NOT NULL,
    former TEXT NOT NULL,
    totp BLOB NOT NULL,
    totp_next BLOB NOT NULL,
    totp_step INTEGER NOT NULL,
    entered_ms INTEGER NOT NULL,
    entered_from TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One-time codes. person '' = the code of the first run.
CREATE TABLE access_codes (
    hash BLOB PRIMARY KEY,
    person TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_codes_person ON access_codes (person);

-- Logins that failed, by the hash of the name that was given (known or not) and by address.
CREATE TABLE attempts (
    what TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_last ON attempts (last_ms);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    person TEXT NOT NULL,
    post TEXT NOT NULL,
    address TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    confirmed_ms INTEGER NOT NULL,
    locked_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    before_ms INTEGER NOT NULL,
    before_from TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);

-- post_id '' = a token of no post of this node; address '' = from anywhere; marked: may do acts that ask for a second factor.
ALTER TABLE tokens ADD COLUMN post_id TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;
