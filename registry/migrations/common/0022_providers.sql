-- What the operator of carbon inclusion does by hand (docs/decisions/0026): decisions about acts with a code, appeals, files of rows that
-- were brought in for a provider, and what the operation costs. Rows of a person begin with account_id, as in 0016.

-- Each decision about an act of a person, with its code. Only added.
CREATE TABLE inclusion_decision (
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_decision_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    decision        TEXT   NOT NULL CONSTRAINT inclusion_decision_kind CHECK (decision IN ('release', 'void', 'restore', 'uphold')),
    code            TEXT   NOT NULL CONSTRAINT inclusion_decision_code CHECK (code <> ''),
    note            TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    CONSTRAINT inclusion_decision_once PRIMARY KEY (account_id, activity_id, act_id),
    CONSTRAINT inclusion_decision_activity FOREIGN KEY (account_id, activity_id) REFERENCES inclusion_activity (account_id, id)
);

-- One appeal against one void act. Granted, it is credited anew as another act, named here; decided once.
CREATE TABLE inclusion_appeal (
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    text            TEXT   NOT NULL CONSTRAINT inclusion_appeal_text CHECK (text <> ''),
    made_at         BIGINT NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT inclusion_appeal_state CHECK (state IN ('open', 'granted', 'upheld')),
    decided_at      BIGINT,
    restored_id     TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_appeal_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_appeal_once PRIMARY KEY (account_id, activity_id),
    CONSTRAINT inclusion_appeal_activity FOREIGN KEY (account_id, activity_id) REFERENCES inclusion_activity (account_id, id),
    CONSTRAINT inclusion_appeal_restored FOREIGN KEY (account_id, restored_id)
        REFERENCES inclusion_activity (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_appeal_decided CHECK ((state = 'open') = (decided_at IS NULL)),
    CONSTRAINT inclusion_appeal_granted_is_restored CHECK ((state = 'granted') = (restored_id IS NOT NULL))
);
CREATE INDEX inclusion_appeal_open ON inclusion_appeal (activity_id) WHERE state = 'open';

-- A file of rows that an operator brought in for a provider, and the answer to each of its rows.
CREATE TABLE inclusion_import (
    id              TEXT   NOT NULL CONSTRAINT inclusion_import_id PRIMARY KEY,
    provider_id     TEXT   NOT NULL CONSTRAINT inclusion_import_provider REFERENCES inclusion_provider (id),
    file_name       TEXT   NOT NULL,
    file_hash       TEXT   NOT NULL,
    accepted        BIGINT NOT NULL,
    known           BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_import_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_import_row (
    import_id       TEXT   NOT NULL CONSTRAINT inclusion_import_row_import REFERENCES inclusion_import (id),
    -- of the file; its heading is line 1
    line            BIGINT NOT NULL CONSTRAINT inclusion_import_row_line CHECK (line > 0),
    order_number    TEXT   NOT NULL,
    outcome         TEXT   NOT NULL CONSTRAINT inclusion_import_row_outcome CHECK (outcome IN ('accepted', 'known', 'refused')),
    -- reasons of a refusal as JSON, or the reason why it waits
    reason          TEXT   NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_import_row_mg CHECK (mg >= 0),
    CONSTRAINT inclusion_import_row_once PRIMARY KEY (import_id, line)
);

-- What the operation costs, in fen, by month. A wrong entry is taken back by another one below zero.
CREATE TABLE inclusion_cost (
    id              TEXT   NOT NULL CONSTRAINT inclusion_cost_id PRIMARY KEY,
    month           TEXT   NOT NULL CONSTRAINT inclusion_cost_month CHECK (month LIKE '____-__'),
    kind            TEXT   NOT NULL CONSTRAINT inclusion_cost_kind CHECK (kind IN ('goods', 'operation', 'verification')),
    fen             BIGINT NOT NULL CONSTRAINT inclusion_cost_fen CHECK (fen <> 0),
    note            TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_cost_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX inclusion_cost_by_month ON inclusion_cost (month, id);
