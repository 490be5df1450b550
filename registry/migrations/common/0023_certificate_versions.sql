-- Corrections of the words of a certificate (docs/decisions/0027). The row of the retirement is the first version and stays as it is; each
-- correction is a further row, whose entry in the public log names its version.
CREATE TABLE certificate_version (
    retirement_id       TEXT   NOT NULL CONSTRAINT certificate_version_of REFERENCES retirement (id) DEFERRABLE INITIALLY DEFERRED,
    -- from 2
    version             BIGINT NOT NULL CONSTRAINT certificate_version_number CHECK (version >= 2),
    -- the version that it takes the place of, if that is a row of this table: so no number is left out
    previous_version    BIGINT,
    beneficiary         TEXT   NOT NULL CONSTRAINT certificate_version_beneficiary CHECK (beneficiary <> ''),
    beneficiary_uscc    TEXT,
    purpose_text        TEXT   NOT NULL,
    -- public
    reason              TEXT   NOT NULL CONSTRAINT certificate_version_reason CHECK (reason <> ''),
    -- the holder's written request
    request_number      TEXT   NOT NULL CONSTRAINT certificate_version_request CHECK (request_number <> ''),
    request_date        TEXT   NOT NULL,
    -- the beneficiary in lower case, for the public search
    search              TEXT   NOT NULL,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT certificate_version_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT certificate_version_once PRIMARY KEY (retirement_id, version),
    CONSTRAINT certificate_version_one_per_act UNIQUE (act_id),
    CONSTRAINT certificate_version_follows FOREIGN KEY (retirement_id, previous_version)
        REFERENCES certificate_version (retirement_id, version),
    CONSTRAINT certificate_version_no_gap CHECK ((version = 2 AND previous_version IS NULL)
        OR (previous_version IS NOT NULL AND previous_version = version - 1))
);

-- The document behind a transfer that is not a trade, as a file: its bytes lie in the store of files under their hash. Its hash stands in the
-- note of the act.
CREATE TABLE credit_document_file (
    act_id      TEXT   NOT NULL CONSTRAINT credit_document_file_of REFERENCES credit_document (act_id),
    upload_hash TEXT   NOT NULL CONSTRAINT credit_document_file_upload REFERENCES upload (hash),
    -- on the machine it came from; shown, never trusted
    file_name   TEXT   NOT NULL,
    CONSTRAINT credit_document_file_once PRIMARY KEY (act_id)
);
CREATE INDEX credit_document_file_by_upload ON credit_document_file (upload_hash);
CREATE INDEX credit_document_by_to ON credit_document (to_id, act_id);
