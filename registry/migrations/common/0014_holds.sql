-- Credits that are set aside (docs/decisions/0018): in transfer, reserved, pending offset, frozen by a court, suspended. What is set aside
-- is in a ledger account of its own; a hold says why, for whom and until when, and its end is a row of its own, written once.

CREATE TABLE credit_hold (
    id              TEXT   NOT NULL CONSTRAINT credit_hold_id PRIMARY KEY,
    kind            TEXT   NOT NULL CONSTRAINT credit_hold_kind CHECK (kind IN ('transfer', 'reservation', 'offset', 'freeze', 'suspension')),
    holder_id       TEXT   NOT NULL CONSTRAINT credit_hold_holder REFERENCES organisation (id),
    -- the account the credits wait in, by the kind of the hold
    account_kind    TEXT   NOT NULL,
    -- the receiver of a transfer, the buyer of a reservation
    other_id        TEXT   CONSTRAINT credit_hold_other REFERENCES organisation (id),
    quantity        BIGINT NOT NULL CONSTRAINT credit_hold_quantity CHECK (quantity > 0),
    -- the court or authority that ordered it: only the same one releases; empty for what parties agreed
    authority       TEXT   NOT NULL,
    document_number TEXT   NOT NULL,
    document_date   TEXT   NOT NULL,
    ground          TEXT   NOT NULL,
    -- of a suspension with an order to cancel: the last day for doing so
    cancel_by       TEXT,
    -- of an offset: the scheme, the compliance year, the allowances due, and the account there
    offset_market   TEXT   CONSTRAINT credit_hold_offset_market CHECK (offset_market IN ('national', 'local')),
    offset_year     BIGINT,
    offset_due      BIGINT,
    offset_account  TEXT,
    -- of a reservation: yuan times 100 for one tonne
    price_fen       BIGINT CONSTRAINT credit_hold_price CHECK (price_fen IS NULL OR price_fen > 0),
    placed_by       TEXT   NOT NULL CONSTRAINT credit_hold_placer REFERENCES organisation (id),
    placed_at       BIGINT NOT NULL,
    -- the last day on which it can be accepted, YYYY-MM-DD; NULL: it has no end of its own
    last_day        TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT credit_hold_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_hold_authority UNIQUE (id, kind, authority),
    CONSTRAINT credit_hold_account CHECK ((kind = 'transfer' AND account_kind = 'in_transfer') OR (kind = 'reservation' AND account_kind = 'reserved')
        OR (kind = 'offset' AND account_kind = 'pending_offset') OR (kind = 'freeze' AND account_kind = 'frozen')
        OR (kind = 'suspension' AND account_kind = 'suspended')),
    CONSTRAINT credit_hold_party CHECK ((kind IN ('transfer', 'reservation')) = (other_id IS NOT NULL)),
    CONSTRAINT credit_hold_not_with_oneself CHECK (other_id IS NULL OR other_id <> holder_id),
    CONSTRAINT credit_hold_ordered CHECK ((kind IN ('freeze', 'suspension')) = (authority <> '')),
    CONSTRAINT credit_hold_expires CHECK ((kind IN ('transfer', 'reservation')) = (last_day IS NOT NULL)),
    CONSTRAINT credit_hold_offset CHECK ((kind = 'offset') = (offset_market IS NOT NULL) AND (kind = 'offset') = (offset_year IS NOT NULL)
        AND (kind = 'offset') = (offset_due IS NOT NULL) AND (kind = 'offset') = (offset_account IS NOT NULL)),
    CONSTRAINT credit_hold_priced CHECK ((kind = 'reservation') = (price_fen IS NOT NULL)),
    CONSTRAINT credit_hold_cancel_by CHECK (cancel_by IS NULL OR kind = 'suspension')
);
CREATE INDEX credit_hold_by_holder ON credit_hold (holder_id, id);
CREATE INDEX credit_hold_by_other ON credit_hold (other_id, id);
CREATE INDEX credit_hold_by_last_day ON credit_hold (last_day, id);
CREATE INDEX credit_hold_by_act ON credit_hold (act_id);
CREATE INDEX credit_hold_by_offset ON credit_hold (holder_id, offset_market, offset_year);
CREATE INDEX credit_hold_by_kind ON credit_hold (kind, id);

-- How a hold ended. The authority is repeated, so that the database itself refuses a release by another one.
CREATE TABLE credit_hold_end (
    hold_id         TEXT   NOT NULL CONSTRAINT credit_hold_end_once PRIMARY KEY,
    kind            TEXT   NOT NULL,
    authority       TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    -- NULL: ended by date
    ended_by        TEXT   CONSTRAINT credit_hold_end_by REFERENCES organisation (id),
    ended_at        BIGINT NOT NULL,
    reason          TEXT   NOT NULL,
    document_number TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT credit_hold_end_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_hold_end_same_authority FOREIGN KEY (hold_id, kind, authority) REFERENCES credit_hold (id, kind, authority),
    CONSTRAINT credit_hold_end_outcome CHECK (
        (kind = 'transfer' AND outcome IN ('accepted', 'declined', 'withdrawn', 'expired', 'overtaken'))
        OR (kind = 'reservation' AND outcome IN ('delivered', 'withdrawn', 'expired', 'overtaken'))
        OR (kind = 'offset' AND outcome IN ('cancelled', 'withdrawn', 'declined'))
        OR (kind = 'freeze' AND outcome IN ('released', 'enforced'))
        OR (kind = 'suspension' AND outcome IN ('released', 'cancelled', 'forced'))),
    CONSTRAINT credit_hold_end_dated CHECK ((ended_by IS NULL) = (outcome = 'expired'))
);
CREATE INDEX credit_hold_end_by_act ON credit_hold_end (act_id);

-- The document behind a transfer that is not a trade: succession, merger, a judgment (registration rules art. 14, 16).
CREATE TABLE credit_document (
    act_id          TEXT   NOT NULL CONSTRAINT credit_document_once PRIMARY KEY
                    CONSTRAINT credit_document_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    ground          TEXT   NOT NULL CONSTRAINT credit_document_ground CHECK (ground <> ''),
    authority       TEXT   NOT NULL,
    document_number TEXT   NOT NULL CONSTRAINT credit_document_number CHECK (document_number <> ''),
    document_date   TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    from_id         TEXT   NOT NULL CONSTRAINT credit_document_from REFERENCES organisation (id),
    to_id           TEXT   NOT NULL CONSTRAINT credit_document_to REFERENCES organisation (id),
    at              BIGINT NOT NULL
);
CREATE INDEX credit_document_by_from ON credit_document (from_id, act_id);

ALTER TABLE ledger_transfer ADD COLUMN hold_id TEXT CONSTRAINT ledger_transfer_hold REFERENCES credit_hold (id)
    CONSTRAINT ledger_transfer_hold_named CHECK (
        (hold_id IS NOT NULL) = (debit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended')
            OR credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended')))
    -- what is set aside stays its holder's, and is not set aside twice
    CONSTRAINT ledger_transfer_set_aside_stays CHECK (credit_kind = 'holding' OR debit_holder = credit_holder)
    CONSTRAINT ledger_transfer_set_aside_once CHECK (
        NOT (debit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended')
            AND credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended')));
CREATE INDEX ledger_transfer_by_hold ON ledger_transfer (hold_id, id);
CREATE INDEX ledger_transfer_by_class_and_id ON ledger_transfer (class_id, id);
-- Which transfers touch a number: those of one length class begin within a known distance before it. Levels of a factor of 8.
CREATE INDEX ledger_transfer_by_level ON ledger_transfer (class_id, (CASE
    WHEN amount < 8 THEN 1 WHEN amount < 64 THEN 2 WHEN amount < 512 THEN 3 WHEN amount < 4096 THEN 4 WHEN amount < 32768 THEN 5
    WHEN amount < 262144 THEN 6 WHEN amount < 2097152 THEN 7 WHEN amount < 16777216 THEN 8 ELSE 9 END), serial_start);
