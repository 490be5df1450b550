-- Who there is, who may act, and what the doors remember. TEXT and BIGINT only: the same file runs on SQLite and PostgreSQL.
-- Days are 'YYYY-MM-DD' in Beijing time, moments are unix seconds, yes and no are 1 and 0, JSON is TEXT.
-- Every column is listed as public or private in registry/columns.toml.

CREATE TABLE organisation (
    id              TEXT   NOT NULL CONSTRAINT organisation_id PRIMARY KEY,
    name            TEXT   NOT NULL,
    uscc            TEXT   NOT NULL CONSTRAINT organisation_uscc UNIQUE,
    role            TEXT   NOT NULL CONSTRAINT organisation_role CHECK (role IN ('project_owner', 'vvb', 'registry_operator', 'event_organiser')),
    account_number  TEXT   NOT NULL CONSTRAINT organisation_account_number UNIQUE,
    created_at      BIGINT NOT NULL
);
CREATE INDEX organisation_by_role ON organisation (role, id);

CREATE TABLE user_account (
    id                  TEXT   NOT NULL CONSTRAINT user_account_id PRIMARY KEY,
    organisation_id     TEXT   NOT NULL CONSTRAINT user_account_organisation REFERENCES organisation (id),
    name                TEXT   NOT NULL,
    -- in lower case, so that one address is one user
    email               TEXT   NOT NULL CONSTRAINT user_account_email UNIQUE,
    password_hash       TEXT   NOT NULL,
    sessions_valid_from BIGINT NOT NULL,
    created_at          BIGINT NOT NULL
);
CREATE INDEX user_account_by_organisation ON user_account (organisation_id);

CREATE TABLE vvb_approval (
    organisation_id TEXT   NOT NULL CONSTRAINT vvb_approval_organisation REFERENCES organisation (id),
    sector          TEXT   NOT NULL,
    approval_number TEXT   NOT NULL,
    valid_from      TEXT   NOT NULL,
    valid_to        TEXT,
    source          TEXT   NOT NULL,
    CONSTRAINT vvb_approval_once PRIMARY KEY (organisation_id, sector, valid_from),
    CONSTRAINT vvb_approval_order CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

CREATE TABLE session (
    id          TEXT   NOT NULL CONSTRAINT session_id PRIMARY KEY,
    user_id     TEXT   CONSTRAINT session_of_user REFERENCES user_account (id),
    data        TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE sign_in_failure (
    id      TEXT   NOT NULL CONSTRAINT sign_in_failure_id PRIMARY KEY,
    email   TEXT   NOT NULL,
    address TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_by_email ON sign_in_failure (email, at);
CREATE INDEX sign_in_failure_by_address ON sign_in_failure (address, at);

-- What was typed into a form that was refused; passwords are never among the fields.
CREATE TABLE form_memory (
    id          TEXT   NOT NULL CONSTRAINT form_memory_id PRIMARY KEY,
    session_id  TEXT   NOT NULL,
    act         TEXT   NOT NULL,
    fields      TEXT   NOT NULL,
    refusals    TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX form_memory_by_expiry ON form_memory (expires_at);

-- Messages to show once on the next page of a session.
CREATE TABLE flash (
    id          TEXT   NOT NULL CONSTRAINT flash_id PRIMARY KEY,
    session_id  TEXT   NOT NULL,
    message     TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX flash_by_session ON flash (session_id, id);
CREATE INDEX flash_by_expiry ON flash (expires_at);

-- Settings of the running system: the demo clock's offset.
CREATE TABLE setting (
    name    TEXT NOT NULL CONSTRAINT setting_name PRIMARY KEY,
    value   TEXT NOT NULL
);

-- The last number given out of each sequence: accounts, project codes of a type, retirements of a year.
CREATE TABLE counter (
    name    TEXT   NOT NULL CONSTRAINT counter_name PRIMARY KEY,
    value   BIGINT NOT NULL CONSTRAINT counter_positive CHECK (value > 0)
);
