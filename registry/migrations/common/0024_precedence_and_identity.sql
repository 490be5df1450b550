-- Whose records of a trip are better, by two operators; and the real-name level of a personal account (docs/decisions/0020, 0026).

-- A provider has the last place until two operators agreed on another. Rows are only added.
CREATE TABLE inclusion_precedence_change (
    id              TEXT   NOT NULL CONSTRAINT inclusion_precedence_change_id PRIMARY KEY,
    provider_id     TEXT   NOT NULL CONSTRAINT inclusion_precedence_change_provider REFERENCES inclusion_provider (id),
    precedence      BIGINT NOT NULL CONSTRAINT inclusion_precedence_change_precedence CHECK (precedence BETWEEN 1 AND 5),
    reason          TEXT   NOT NULL CONSTRAINT inclusion_precedence_change_reason CHECK (reason <> ''),
    proposed_by     TEXT   NOT NULL CONSTRAINT inclusion_precedence_change_proposer REFERENCES user_account (id),
    proposed_at     BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_precedence_change_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_precedence_change_of_proposer UNIQUE (id, proposed_by)
);
-- Decided once. The proposer is repeated so that the database itself can compare the two people.
CREATE TABLE inclusion_precedence_decision (
    change_id       TEXT   NOT NULL CONSTRAINT inclusion_precedence_decision_once PRIMARY KEY,
    proposed_by     TEXT   NOT NULL,
    outcome         TEXT   NOT NULL CONSTRAINT inclusion_precedence_decision_outcome
                           CHECK (outcome IN ('approved', 'rejected', 'withdrawn')),
    decided_by      TEXT   NOT NULL CONSTRAINT inclusion_precedence_decision_decider REFERENCES user_account (id),
    decided_at      BIGINT NOT NULL,
    reason          TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_precedence_decision_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_precedence_decision_change FOREIGN KEY (change_id, proposed_by)
        REFERENCES inclusion_precedence_change (id, proposed_by),
    CONSTRAINT inclusion_precedence_decision_four_eyes CHECK ((outcome = 'withdrawn') = (decided_by = proposed_by))
);

-- A person asks for the real-name level. Of the document nothing is kept but a digest that only the server can make, and its last two
-- characters; both are forgotten when the level ends.
CREATE TABLE inclusion_identity (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_identity_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    document_kind   TEXT   NOT NULL CONSTRAINT inclusion_identity_kind CHECK (document_kind IN ('resident_id', 'passport')),
    document_digest TEXT,
    last_two        TEXT,
    name_agrees     BIGINT NOT NULL CONSTRAINT inclusion_identity_name CHECK (name_agrees IN (0, 1)),
    state           TEXT   NOT NULL CONSTRAINT inclusion_identity_state CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
    code            TEXT   NOT NULL,
    note            TEXT   NOT NULL,
    asked_at        BIGINT NOT NULL,
    decided_at      BIGINT,
    ended_at        BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_identity_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_identity_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_identity_known_while_it_lasts CHECK (
        (state IN ('asked', 'granted')) = (document_digest IS NOT NULL) AND (document_digest IS NULL) = (last_two IS NULL)),
    CONSTRAINT inclusion_identity_granted_is_decided CHECK (state NOT IN ('granted', 'refused') OR decided_at IS NOT NULL),
    CONSTRAINT inclusion_identity_withdrawn_ended CHECK ((state = 'withdrawn') = (ended_at IS NOT NULL))
);
-- One level or one question of an account at a time, and one account for a document.
CREATE UNIQUE INDEX inclusion_identity_one_live ON inclusion_identity (account_id) WHERE state IN ('asked', 'granted');
CREATE UNIQUE INDEX inclusion_identity_document_once ON inclusion_identity (document_digest) WHERE state = 'granted';
CREATE INDEX inclusion_identity_asked ON inclusion_identity (id) WHERE state = 'asked';

-- Figures of a whole month for everybody, made once after its end and never again: no two readings differ by what came later. A cell
-- without people is not shown. What is summed over has an empty text.
CREATE TABLE inclusion_city_month (
    month           TEXT   NOT NULL CONSTRAINT inclusion_city_month_once PRIMARY KEY
                           CONSTRAINT inclusion_city_month_text CHECK (month LIKE '____-__'),
    published_on    TEXT   NOT NULL,
    people_min      BIGINT NOT NULL CONSTRAINT inclusion_city_month_people CHECK (people_min >= 5),
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_city_month_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_city_cell (
    month           TEXT   NOT NULL CONSTRAINT inclusion_city_cell_month REFERENCES inclusion_city_month (month),
    scene           TEXT   NOT NULL,
    region          TEXT   NOT NULL,
    people          BIGINT,
    acts            BIGINT,
    mg              BIGINT,
    CONSTRAINT inclusion_city_cell_once PRIMARY KEY (month, scene, region),
    CONSTRAINT inclusion_city_cell_of_enough CHECK (people IS NULL OR people = 0 OR people >= 5),
    CONSTRAINT inclusion_city_cell_whole CHECK ((people IS NULL) = (acts IS NULL) AND (people IS NULL) = (mg IS NULL))
);
