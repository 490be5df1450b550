-- SQLite cannot change a CHECK or drop a UNIQUE, so three tables are made anew with the same rows (as in 1014); references to them are
-- checked at the commit, when every row is there again.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE retirement_before AS SELECT id, number, holder_id, purpose, purpose_text, beneficiary, beneficiary_uscc, quantity, at, search, act_id, position
    FROM retirement;
DROP TABLE retirement;
CREATE TABLE retirement (
    id                  TEXT   NOT NULL CONSTRAINT retirement_id PRIMARY KEY,
    number              TEXT   NOT NULL CONSTRAINT retirement_number UNIQUE,
    holder_id           TEXT   NOT NULL CONSTRAINT retirement_holder REFERENCES organisation (id),
    purpose             TEXT   NOT NULL CONSTRAINT retirement_purpose CHECK (purpose <> ''),
    purpose_text        TEXT   NOT NULL,
    beneficiary         TEXT   NOT NULL CONSTRAINT retirement_beneficiary CHECK (beneficiary <> ''),
    beneficiary_uscc    TEXT,
    quantity            BIGINT NOT NULL CONSTRAINT retirement_quantity CHECK (quantity > 0),
    at                  BIGINT NOT NULL,
    -- beneficiary and holder in lower case, for the public search
    search              TEXT   NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT retirement_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    -- of the certificate within its act: with the act's key, what makes a replay impossible
    position            BIGINT NOT NULL DEFAULT 0 CONSTRAINT retirement_position CHECK (position >= 0),
    CONSTRAINT retirement_once UNIQUE (act_id, position)
);
INSERT INTO retirement (id, number, holder_id, purpose, purpose_text, beneficiary, beneficiary_uscc, quantity, at, search, act_id, position)
    SELECT id, number, holder_id, purpose, purpose_text, beneficiary, beneficiary_uscc, quantity, at, search, act_id, position
    FROM retirement_before;
DROP TABLE retirement_before;
CREATE INDEX retirement_by_holder ON retirement (holder_id, id);

CREATE TABLE credit_hold_before AS SELECT id, kind, holder_id, account_kind, other_id, quantity, authority, document_number, document_date, ground, cancel_by, offset_market, offset_year, offset_due, offset_account, price_fen, placed_by, placed_at, last_day, offer_id, act_id
    FROM credit_hold;
DROP TABLE credit_hold;
CREATE TABLE credit_hold (
    id              TEXT   NOT NULL CONSTRAINT credit_hold_id PRIMARY KEY,
    kind            TEXT   NOT NULL CONSTRAINT credit_hold_kind CHECK (kind IN ('transfer', 'reservation', 'offset', 'freeze', 'suspension', 'offer')),
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
    -- the offer that it is the rest of, or that it reserves from
    offer_id        TEXT   CONSTRAINT credit_hold_offer_of REFERENCES credit_offer (id),
    act_id          TEXT   NOT NULL CONSTRAINT credit_hold_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_hold_authority UNIQUE (id, kind, authority),
    CONSTRAINT credit_hold_account CHECK ((kind = 'transfer' AND account_kind = 'in_transfer') OR (kind = 'reservation' AND account_kind = 'reserved')
        OR (kind = 'offset' AND account_kind = 'pending_offset') OR (kind = 'freeze' AND account_kind = 'frozen')
        OR (kind = 'suspension' AND account_kind = 'suspended') OR (kind = 'offer' AND account_kind = 'reserved')),
    CONSTRAINT credit_hold_party CHECK ((kind IN ('transfer', 'reservation')) = (other_id IS NOT NULL)),
    CONSTRAINT credit_hold_not_with_oneself CHECK (other_id IS NULL OR other_id <> holder_id),
    CONSTRAINT credit_hold_ordered CHECK ((kind IN ('freeze', 'suspension')) = (authority <> '')),
    CONSTRAINT credit_hold_expires CHECK ((kind IN ('transfer', 'reservation', 'offer')) = (last_day IS NOT NULL)),
    CONSTRAINT credit_hold_offset CHECK ((kind = 'offset') = (offset_market IS NOT NULL) AND (kind = 'offset') = (offset_year IS NOT NULL)
        AND (kind = 'offset') = (offset_due IS NOT NULL) AND (kind = 'offset') = (offset_account IS NOT NULL)),
    CONSTRAINT credit_hold_priced CHECK ((kind IN ('reservation', 'offer')) = (price_fen IS NOT NULL)),
    CONSTRAINT credit_hold_offered CHECK ((kind IN ('reservation', 'offer')) = (offer_id IS NOT NULL)),
    CONSTRAINT credit_hold_cancel_by CHECK (cancel_by IS NULL OR kind = 'suspension')
);
INSERT INTO credit_hold (id, kind, holder_id, account_kind, other_id, quantity, authority, document_number, document_date, ground, cancel_by, offset_market, offset_year, offset_due, offset_account, price_fen, placed_by, placed_at, last_day, offer_id, act_id)
    SELECT id, kind, holder_id, account_kind, other_id, quantity, authority, document_number, document_date, ground, cancel_by, offset_market, offset_year, offset_due, offset_account, price_fen, placed_by, placed_at, last_day, offer_id, act_id
    FROM credit_hold_before;
DROP TABLE credit_hold_before;
CREATE INDEX credit_hold_by_holder ON credit_hold (holder_id, id);
CREATE INDEX credit_hold_by_other ON credit_hold (other_id, id);
CREATE INDEX credit_hold_by_last_day ON credit_hold (last_day, id);
CREATE INDEX credit_hold_by_act ON credit_hold (act_id);
CREATE INDEX credit_hold_by_offset ON credit_hold (holder_id, offset_market, offset_year);
CREATE INDEX credit_hold_by_kind ON credit_hold (kind, id);
CREATE INDEX credit_hold_by_offer ON credit_hold (offer_id, id);

CREATE TABLE credit_hold_end_before AS SELECT hold_id, kind, authority, outcome, ended_by, ended_at, reason, document_number, act_id
    FROM credit_hold_end;
DROP TABLE credit_hold_end;
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
        OR (kind = 'suspension' AND outcome IN ('released', 'cancelled', 'forced'))
        OR (kind = 'offer' AND outcome IN ('reserved', 'withdrawn', 'expired', 'overtaken'))),
    CONSTRAINT credit_hold_end_dated CHECK ((ended_by IS NULL) = (outcome = 'expired'))
);
INSERT INTO credit_hold_end (hold_id, kind, authority, outcome, ended_by, ended_at, reason, document_number, act_id)
    SELECT hold_id, kind, authority, outcome, ended_by, ended_at, reason, document_number, act_id
    FROM credit_hold_end_before;
DROP TABLE credit_hold_end_before;
CREATE INDEX credit_hold_end_by_act ON credit_hold_end (act_id);

-- What the three tables refused before, they refuse again (1001, 1014).
CREATE TRIGGER retirement_never_updated BEFORE UPDATE ON retirement
BEGIN SELECT RAISE(ABORT, 'retirement_never_updated'); END;
CREATE TRIGGER retirement_never_deleted BEFORE DELETE ON retirement
BEGIN SELECT RAISE(ABORT, 'retirement_never_deleted'); END;
CREATE TRIGGER retirement_never_replaced BEFORE INSERT ON retirement
WHEN EXISTS (SELECT 1 FROM retirement WHERE id = NEW.id OR number = NEW.number OR (act_id = NEW.act_id AND position = NEW.position))
BEGIN SELECT RAISE(ABORT, 'retirement_never_replaced'); END;
CREATE TRIGGER credit_hold_never_updated BEFORE UPDATE ON credit_hold
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_updated'); END;
CREATE TRIGGER credit_hold_never_deleted BEFORE DELETE ON credit_hold
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_deleted'); END;
CREATE TRIGGER credit_hold_never_replaced BEFORE INSERT ON credit_hold
WHEN EXISTS (SELECT 1 FROM credit_hold WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_replaced'); END;
CREATE TRIGGER credit_hold_end_never_updated BEFORE UPDATE ON credit_hold_end
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_never_updated'); END;
CREATE TRIGGER credit_hold_end_never_deleted BEFORE DELETE ON credit_hold_end
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_never_deleted'); END;
CREATE TRIGGER credit_hold_end_never_replaced BEFORE INSERT ON credit_hold_end
WHEN EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = NEW.hold_id)
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_once'); END;

-- Credits leave for the buyer only when both have confirmed the payment.
CREATE TRIGGER credit_hold_end_paid BEFORE INSERT ON credit_hold_end
WHEN NEW.outcome = 'delivered' AND (SELECT COUNT(*) FROM credit_payment WHERE hold_id = NEW.hold_id) <> 2
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_paid'); END;

CREATE TRIGGER credit_offer_never_updated BEFORE UPDATE ON credit_offer
BEGIN SELECT RAISE(ABORT, 'credit_offer_never_updated'); END;
CREATE TRIGGER credit_offer_never_deleted BEFORE DELETE ON credit_offer
BEGIN SELECT RAISE(ABORT, 'credit_offer_never_deleted'); END;
CREATE TRIGGER credit_payment_never_updated BEFORE UPDATE ON credit_payment
BEGIN SELECT RAISE(ABORT, 'credit_payment_never_updated'); END;
CREATE TRIGGER credit_payment_never_deleted BEFORE DELETE ON credit_payment
BEGIN SELECT RAISE(ABORT, 'credit_payment_never_deleted'); END;
CREATE TRIGGER credit_payment_never_replaced BEFORE INSERT ON credit_payment
WHEN EXISTS (SELECT 1 FROM credit_payment WHERE hold_id = NEW.hold_id AND party = NEW.party)
BEGIN SELECT RAISE(ABORT, 'credit_payment_once'); END;
