-- Beneficiaries that a holder keeps for its retirements, retirements by file, offers (docs/decisions/0024).

-- A holder's own book: what is public already never depends on it. A row that is taken out is deleted.
CREATE TABLE beneficiary (
    id              TEXT   NOT NULL CONSTRAINT beneficiary_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT beneficiary_keeper REFERENCES organisation (id),
    kind            TEXT   NOT NULL CONSTRAINT beneficiary_kind CHECK (kind IN ('organisation', 'person')),
    name            TEXT   NOT NULL CONSTRAINT beneficiary_name CHECK (name <> ''),
    uscc            TEXT,
    note            TEXT   NOT NULL,
    changed_at      BIGINT NOT NULL,
    CONSTRAINT beneficiary_person_has_no_code CHECK (kind = 'organisation' OR uscc IS NULL)
);
CREATE INDEX beneficiary_by_organisation ON beneficiary (organisation_id, id);

-- What somebody offers: never changed. What is left of it is a hold of the kind offer that has not ended.
CREATE TABLE credit_offer (
    id          TEXT   NOT NULL CONSTRAINT credit_offer_id PRIMARY KEY,
    holder_id   TEXT   NOT NULL CONSTRAINT credit_offer_holder REFERENCES organisation (id),
    class_id    TEXT   NOT NULL CONSTRAINT credit_offer_class REFERENCES credit_class (id),
    quantity    BIGINT NOT NULL CONSTRAINT credit_offer_quantity CHECK (quantity > 0),
    -- yuan times 100 for one tonne
    price_fen   BIGINT NOT NULL CONSTRAINT credit_offer_price CHECK (price_fen > 0),
    -- the last day on which it can be reserved, YYYY-MM-DD
    last_day    TEXT   NOT NULL,
    placed_at   BIGINT NOT NULL,
    act_id      TEXT   NOT NULL CONSTRAINT credit_offer_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX credit_offer_by_holder ON credit_offer (holder_id, id);
CREATE INDEX credit_offer_by_act ON credit_offer (act_id);

ALTER TABLE credit_hold ADD COLUMN offer_id TEXT CONSTRAINT credit_hold_offer_of REFERENCES credit_offer (id);

-- That a payment was made outside this platform: said once by the buyer, once by the seller.
CREATE TABLE credit_payment (
    hold_id         TEXT   NOT NULL CONSTRAINT credit_payment_hold REFERENCES credit_hold (id),
    party           TEXT   NOT NULL CONSTRAINT credit_payment_party CHECK (party IN ('buyer', 'seller')),
    confirmed_by    TEXT   NOT NULL CONSTRAINT credit_payment_by REFERENCES organisation (id),
    confirmed_at    BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT credit_payment_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_payment_once PRIMARY KEY (hold_id, party)
);

-- An act may give several certificates: the place within it keeps a replay impossible.
ALTER TABLE retirement ADD COLUMN position BIGINT NOT NULL DEFAULT 0 CONSTRAINT retirement_position CHECK (position >= 0);
