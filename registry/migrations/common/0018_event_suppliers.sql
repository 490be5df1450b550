-- What suppliers tell about an event by link, without an account: lines that the organiser takes into the inventory or declines.

-- One supplier of one event, and the form behind its link. No contact is kept.
CREATE TABLE event_supplier (
    id                  TEXT   NOT NULL CONSTRAINT event_supplier_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_supplier_event REFERENCES event (id),
    name                TEXT   NOT NULL CONSTRAINT event_supplier_name CHECK (name <> ''),
    -- classes of the inventory that are asked for, with commas
    classes             TEXT   NOT NULL CONSTRAINT event_supplier_classes CHECK (classes <> ''),
    -- last part of the address of the form, while it is open
    form_token          TEXT   CONSTRAINT event_supplier_token UNIQUE,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_supplier_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX event_supplier_by_event ON event_supplier (event_id, id);

-- A line as the supplier gave it. What is decided is never changed.
CREATE TABLE event_supplier_line (
    id                  TEXT   NOT NULL CONSTRAINT event_supplier_line_id PRIMARY KEY,
    supplier_id         TEXT   NOT NULL CONSTRAINT event_supplier_line_supplier REFERENCES event_supplier (id),
    class               TEXT   NOT NULL,
    activity            TEXT   NOT NULL CONSTRAINT event_supplier_line_activity CHECK (activity <> ''),
    -- a decimal number as text
    quantity            TEXT   NOT NULL,
    unit                TEXT   NOT NULL,
    -- which voucher or meter it rests on
    note                TEXT   NOT NULL,
    -- hash of the secret with which the line is changed
    secret_hash         TEXT   NOT NULL,
    state               TEXT   NOT NULL CONSTRAINT event_supplier_line_state CHECK (state IN ('sent', 'withdrawn', 'accepted', 'declined')),
    -- why it was declined
    reason              TEXT,
    at                  BIGINT NOT NULL,
    decided_at          BIGINT,
    CONSTRAINT event_supplier_line_has_reason CHECK ((state = 'declined') = (reason IS NOT NULL)),
    CONSTRAINT event_supplier_line_is_decided CHECK ((state IN ('accepted', 'declined')) = (decided_at IS NOT NULL))
);
CREATE INDEX event_supplier_line_by_supplier ON event_supplier_line (supplier_id, id);
