-- The operator's dated rule book. One operator proposes a change, another one decides; an approved change makes the next version.
-- Version 0 is what the program brings along and has no row; version N is version 0 and the changes 1 to N in that order, so every
-- copy of the server reads the same, and a deadline that names its calendar can be explained for ever. Rows are only added.
CREATE TABLE rule_change (
    id               TEXT   NOT NULL CONSTRAINT rule_change_id PRIMARY KEY,
    area             TEXT   NOT NULL CONSTRAINT rule_change_area CHECK (area IN ('calendar', 'vvb_approval', 'methodology', 'time_limit', 'penalty', 'legal_reference')),
    document         TEXT   NOT NULL,
    document_number  TEXT   NOT NULL,
    document_address TEXT   NOT NULL,
    effective_from   TEXT   NOT NULL,
    reason           TEXT   NOT NULL,
    -- JSON: first day, source, and what it says
    content          TEXT   NOT NULL,
    proposed_by      TEXT   NOT NULL CONSTRAINT rule_change_proposer REFERENCES user_account (id),
    proposed_at      BIGINT NOT NULL,
    act_id           TEXT   NOT NULL CONSTRAINT rule_change_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT rule_change_of_proposer UNIQUE (id, proposed_by)
);

-- Decided once. The proposer is repeated so that the database itself can compare the two people.
CREATE TABLE rule_decision (
    change_id       TEXT   NOT NULL CONSTRAINT rule_decision_once PRIMARY KEY,
    proposed_by     TEXT   NOT NULL,
    outcome         TEXT   NOT NULL CONSTRAINT rule_decision_outcome CHECK (outcome IN ('approved', 'rejected', 'withdrawn')),
    decided_by      TEXT   NOT NULL CONSTRAINT rule_decision_decider REFERENCES user_account (id),
    decided_at      BIGINT NOT NULL,
    reason          TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT rule_decision_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT rule_decision_change FOREIGN KEY (change_id, proposed_by) REFERENCES rule_change (id, proposed_by),
    CONSTRAINT rule_decision_four_eyes CHECK ((outcome = 'withdrawn') = (decided_by = proposed_by))
);

-- A version in force from the moment of its approval until the next one.
CREATE TABLE rule_version (
    number          BIGINT NOT NULL CONSTRAINT rule_version_number PRIMARY KEY CONSTRAINT rule_version_positive CHECK (number > 0),
    change_id       TEXT   NOT NULL CONSTRAINT rule_version_change UNIQUE REFERENCES rule_decision (change_id),
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT rule_version_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);

-- A publicity window that was given a later last day: both days, the calendar of each, and why. Public.
CREATE TABLE publicity_extension (
    id               TEXT   NOT NULL CONSTRAINT publicity_extension_id PRIMARY KEY,
    record_id        TEXT   NOT NULL CONSTRAINT publicity_extension_record REFERENCES record (id),
    end_before       TEXT   NOT NULL,
    calendar_before  TEXT   NOT NULL,
    end_after        TEXT   NOT NULL,
    calendar_after   TEXT   NOT NULL,
    reason           TEXT   NOT NULL,
    at               BIGINT NOT NULL,
    act_id           TEXT   NOT NULL CONSTRAINT publicity_extension_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT publicity_extension_later CHECK (end_after > end_before)
);
CREATE INDEX publicity_extension_by_record ON publicity_extension (record_id, id);
