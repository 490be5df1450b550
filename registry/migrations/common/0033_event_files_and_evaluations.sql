-- Files that prove lines of an event's inventory, and bodies of the platform that confirm the statement about an event.

-- A file of a line. Its bytes lie in the store of files under their hash. Taken away it keeps its row: the record of acts names it.
CREATE TABLE event_file (
    id                  TEXT   NOT NULL CONSTRAINT event_file_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_file_event REFERENCES event (id),
    -- what names the line: the same after the table was replaced
    line                TEXT   NOT NULL CONSTRAINT event_file_line CHECK (line <> ''),
    upload_hash         TEXT   NOT NULL CONSTRAINT event_file_upload REFERENCES upload (hash),
    title               TEXT   NOT NULL CONSTRAINT event_file_title CHECK (title <> ''),
    -- on the machine it came from; shown, never trusted
    file_name           TEXT   NOT NULL,
    -- whether anyone may have the file itself once a version names it
    is_public           BIGINT NOT NULL CONSTRAINT event_file_is_public CHECK (is_public IN (0, 1)),
    user_id             TEXT   NOT NULL CONSTRAINT event_file_user REFERENCES user_account (id),
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_file_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    removed_at          BIGINT,
    -- the first published version that names it
    published_version   BIGINT CONSTRAINT event_file_version CHECK (published_version IS NULL OR published_version >= 1),
    CONSTRAINT event_file_removed_later CHECK (removed_at IS NULL OR removed_at >= at),
    CONSTRAINT event_file_published_stays CHECK (removed_at IS NULL OR published_version IS NULL)
);
CREATE INDEX event_file_by_event ON event_file (event_id, id);
CREATE INDEX event_file_by_upload ON event_file (upload_hash);
CREATE INDEX event_file_by_act ON event_file (act_id);
CREATE UNIQUE INDEX event_file_once ON event_file (event_id, line, upload_hash) WHERE removed_at IS NULL;

-- A body that the organiser named in its statement, and what it says. It is asked about one version of the result: the one that is about to be
-- published, or is. A statement that is replaced before publication takes its question with it.
CREATE TABLE event_evaluation (
    id                  TEXT   NOT NULL CONSTRAINT event_evaluation_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_evaluation_event REFERENCES event (id),
    organisation_id     TEXT   NOT NULL CONSTRAINT event_evaluation_organisation REFERENCES organisation (id),
    version             BIGINT NOT NULL CONSTRAINT event_evaluation_version CHECK (version >= 1),
    state               TEXT   NOT NULL CONSTRAINT event_evaluation_state CHECK (state IN ('asked', 'confirmed', 'declined')),
    asked_at            BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_evaluation_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    -- SHA-256 of what it had before it: footprint, profile, statement, units, decisions and files
    seen                TEXT,
    opinion             TEXT,
    decided_at          BIGINT,
    decided_act_id      TEXT   CONSTRAINT event_evaluation_decided_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    replaced_at         BIGINT,
    replaced_act_id     TEXT   CONSTRAINT event_evaluation_replaced_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_evaluation_is_decided CHECK ((state = 'asked') = (decided_at IS NULL)
        AND (decided_at IS NULL) = (decided_act_id IS NULL) AND (decided_at IS NULL) = (opinion IS NULL)
        AND (decided_at IS NULL) = (seen IS NULL)),
    CONSTRAINT event_evaluation_is_replaced CHECK ((replaced_at IS NULL) = (replaced_act_id IS NULL))
);
CREATE UNIQUE INDEX event_evaluation_once ON event_evaluation (event_id, version) WHERE replaced_at IS NULL;
CREATE INDEX event_evaluation_by_organisation ON event_evaluation (organisation_id, id);
CREATE INDEX event_evaluation_by_act ON event_evaluation (act_id);
CREATE INDEX event_evaluation_by_decided_act ON event_evaluation (decided_act_id);
CREATE INDEX event_evaluation_by_replaced_act ON event_evaluation (replaced_act_id);
