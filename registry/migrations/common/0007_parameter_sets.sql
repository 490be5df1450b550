-- Numbers of the methodologies that the registry operator replaces. One operator proposes a change, another one decides; an approved
-- change makes the next set. Set 0 is what the program brings along and has no row. Set N is every change of the sets 1 to N, in that
-- order, so a calculation that names its set can be run again for ever. Rows are only added.
CREATE TABLE parameter_change (
    id              TEXT   NOT NULL CONSTRAINT parameter_change_id PRIMARY KEY,
    document        TEXT   NOT NULL,
    document_number TEXT   NOT NULL,
    effective_from  TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    -- JSON: id, value, unit, from, source, assumed of each number
    replacements    TEXT   NOT NULL,
    proposed_by     TEXT   NOT NULL CONSTRAINT parameter_change_proposer REFERENCES user_account (id),
    proposed_at     BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT parameter_change_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT parameter_change_of_proposer UNIQUE (id, proposed_by)
);

-- Decided once. The proposer is repeated so that the database itself can compare the two people.
CREATE TABLE parameter_decision (
    change_id       TEXT   NOT NULL CONSTRAINT parameter_decision_once PRIMARY KEY,
    proposed_by     TEXT   NOT NULL,
    outcome         TEXT   NOT NULL CONSTRAINT parameter_decision_outcome CHECK (outcome IN ('approved', 'rejected', 'withdrawn')),
    decided_by      TEXT   NOT NULL CONSTRAINT parameter_decision_decider REFERENCES user_account (id),
    decided_at      BIGINT NOT NULL,
    reason          TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT parameter_decision_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT parameter_decision_change FOREIGN KEY (change_id, proposed_by) REFERENCES parameter_change (id, proposed_by),
    CONSTRAINT parameter_decision_four_eyes CHECK ((outcome = 'withdrawn') = (decided_by = proposed_by))
);

-- A set in force from the moment of its approval until the next one.
CREATE TABLE parameter_set (
    number          BIGINT NOT NULL CONSTRAINT parameter_set_number PRIMARY KEY CONSTRAINT parameter_set_positive CHECK (number > 0),
    change_id       TEXT   NOT NULL CONSTRAINT parameter_set_change UNIQUE REFERENCES parameter_decision (change_id),
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT parameter_set_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
