-- Carbon inclusion that is retired in this ledger, and tonnes from gifts, are kinds of their own (the same names as in migrations/postgres).
-- SQLite cannot change a CHECK, so the table is made anew with the same rows; nothing refers to it.
CREATE TABLE event_unit_before AS SELECT id, event_id, kind, registry, reference, tonnes, cancelled_on, project, recognised_by, forest, evidence,
    retirement_id, claim_id, used_key, removed_at, at, act_id FROM event_unit;
DROP TABLE event_unit;
CREATE TABLE event_unit (
    id                  TEXT   NOT NULL CONSTRAINT event_unit_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_unit_event REFERENCES event (id),
    kind                TEXT   NOT NULL CONSTRAINT event_unit_kind
                               CHECK (kind IN ('allowance', 'ccer', 'inclusion', 'gift', 'other_mechanism', 'new_forest')),
    registry            TEXT   NOT NULL,
    reference           TEXT   NOT NULL,
    tonnes              BIGINT NOT NULL CONSTRAINT event_unit_tonnes CHECK (tonnes >= 1),
    cancelled_on        TEXT,
    project             TEXT   NOT NULL,
    recognised_by       TEXT   NOT NULL,
    forest              TEXT   NOT NULL,
    evidence            TEXT   NOT NULL,
    retirement_id       TEXT   CONSTRAINT event_unit_retirement REFERENCES retirement (id),
    -- the claim that keeps the land of a forest from every other use
    claim_id            TEXT   CONSTRAINT event_unit_claim REFERENCES claim (id),
    -- registry and reference: what may be used once in all; empty again when the unit is taken back
    used_key            TEXT   CONSTRAINT event_unit_used_once UNIQUE,
    removed_at          BIGINT,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_unit_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_unit_ccer_is_retired_here CHECK (
        CASE WHEN retirement_id IS NULL THEN kind NOT IN ('ccer', 'gift') ELSE kind IN ('ccer', 'inclusion', 'gift') END),
    CONSTRAINT event_unit_removed_is_free CHECK ((removed_at IS NULL) = (used_key IS NOT NULL))
);
INSERT INTO event_unit (id, event_id, kind, registry, reference, tonnes, cancelled_on, project, recognised_by, forest, evidence,
    retirement_id, claim_id, used_key, removed_at, at, act_id)
    SELECT id, event_id, kind, registry, reference, tonnes, cancelled_on, project, recognised_by, forest, evidence,
    retirement_id, claim_id, used_key, removed_at, at, act_id FROM event_unit_before;
DROP TABLE event_unit_before;
CREATE INDEX event_unit_by_event ON event_unit (event_id, id);
CREATE INDEX event_unit_by_retirement ON event_unit (retirement_id) WHERE retirement_id IS NOT NULL;
