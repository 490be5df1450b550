-- Photos of accounts that were closed: written with the closing, deleted from here once their bytes are gone from the store of files. A crash
-- between the two leaves nothing behind that nobody names.
CREATE TABLE file_to_remove (
    hash            TEXT   NOT NULL CONSTRAINT file_to_remove_hash PRIMARY KEY,
    since           BIGINT NOT NULL
);
