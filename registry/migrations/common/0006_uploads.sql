-- Files that people hand in. The bytes lie in a store of files under their SHA-256, each content once; here is what is known of them.
-- A row is written after its bytes are stored: a crash in between leaves bytes that nobody names, never a name without bytes.
CREATE TABLE upload (
    -- SHA-256 of the content, 64 hexadecimal digits
    hash        TEXT   NOT NULL CONSTRAINT upload_hash PRIMARY KEY,
    bytes       BIGINT NOT NULL CONSTRAINT upload_not_empty CHECK (bytes > 0),
    -- as its content shows, not as its name says
    media_type  TEXT   NOT NULL,
    at          BIGINT NOT NULL
);

-- A file as part of a record. Taken away it keeps its row: the record of acts names it.
CREATE TABLE attachment (
    id              TEXT   NOT NULL CONSTRAINT attachment_id PRIMARY KEY,
    record_id       TEXT   NOT NULL CONSTRAINT attachment_record REFERENCES record (id),
    upload_hash     TEXT   NOT NULL CONSTRAINT attachment_upload REFERENCES upload (hash),
    kind            TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    -- on the machine it came from; shown, never trusted
    file_name       TEXT   NOT NULL,
    -- whether anyone may read it once the record is public
    is_public       BIGINT NOT NULL CONSTRAINT attachment_is_public CHECK (is_public IN (0, 1)),
    user_id         TEXT   NOT NULL CONSTRAINT attachment_user REFERENCES user_account (id),
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT attachment_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    removed_at      BIGINT,
    CONSTRAINT attachment_removed_later CHECK (removed_at IS NULL OR removed_at >= at)
);
CREATE INDEX attachment_by_record ON attachment (record_id, id);
CREATE INDEX attachment_by_upload ON attachment (upload_hash);
