-- An act may give several certificates; holds of the kind offer (the same names as in migrations/sqlite).

ALTER TABLE retirement DROP CONSTRAINT retirement_one_per_act;
ALTER TABLE retirement ADD CONSTRAINT retirement_once UNIQUE (act_id, position);

ALTER TABLE credit_hold DROP CONSTRAINT credit_hold_kind;
ALTER TABLE credit_hold ADD CONSTRAINT credit_hold_kind CHECK (kind IN ('transfer', 'reservation', 'offset', 'freeze', 'suspension', 'offer'));
ALTER TABLE credit_hold DROP CONSTRAINT credit_hold_account;
ALTER TABLE credit_hold ADD CONSTRAINT credit_hold_account CHECK ((kind = 'transfer' AND account_kind = 'in_transfer')
    OR (kind = 'reservation' AND account_kind = 'reserved') OR (kind = 'offset' AND account_kind = 'pending_offset')
    OR (kind = 'freeze' AND account_kind = 'frozen') OR (kind = 'suspension' AND account_kind = 'suspended')
    OR (kind = 'offer' AND account_kind = 'reserved'));
ALTER TABLE credit_hold DROP CONSTRAINT credit_hold_expires;
ALTER TABLE credit_hold ADD CONSTRAINT credit_hold_expires CHECK ((kind IN ('transfer', 'reservation', 'offer')) = (last_day IS NOT NULL));
ALTER TABLE credit_hold DROP CONSTRAINT credit_hold_priced;
ALTER TABLE credit_hold ADD CONSTRAINT credit_hold_priced CHECK ((kind IN ('reservation', 'offer')) = (price_fen IS NOT NULL));
ALTER TABLE credit_hold ADD CONSTRAINT credit_hold_offered CHECK ((kind IN ('reservation', 'offer')) = (offer_id IS NOT NULL));
CREATE INDEX credit_hold_by_offer ON credit_hold (offer_id, id);
ALTER TABLE credit_hold_end DROP CONSTRAINT credit_hold_end_outcome;
ALTER TABLE credit_hold_end ADD CONSTRAINT credit_hold_end_outcome CHECK (
    (kind = 'transfer' AND outcome IN ('accepted', 'declined', 'withdrawn', 'expired', 'overtaken'))
    OR (kind = 'reservation' AND outcome IN ('delivered', 'withdrawn', 'expired', 'overtaken'))
    OR (kind = 'offset' AND outcome IN ('cancelled', 'withdrawn', 'declined'))
    OR (kind = 'freeze' AND outcome IN ('released', 'enforced'))
    OR (kind = 'suspension' AND outcome IN ('released', 'cancelled', 'forced'))
    OR (kind = 'offer' AND outcome IN ('reserved', 'withdrawn', 'expired', 'overtaken')));

-- Credits leave for the buyer only when both have confirmed the payment.
CREATE FUNCTION credit_hold_end_check_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome = 'delivered' AND (SELECT COUNT(*) FROM credit_payment WHERE hold_id = NEW.hold_id) <> 2 THEN
        RAISE EXCEPTION 'credit_hold_end_paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_hold_end_paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credit_hold_end_paid BEFORE INSERT ON credit_hold_end
    FOR EACH ROW EXECUTE FUNCTION credit_hold_end_check_paid();
CREATE TRIGGER credit_offer_never_updated BEFORE UPDATE ON credit_offer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_offer_never_updated');
CREATE TRIGGER credit_offer_never_deleted BEFORE DELETE ON credit_offer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_offer_never_deleted');
CREATE TRIGGER credit_offer_never_truncated BEFORE TRUNCATE ON credit_offer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_offer_never_truncated');
CREATE TRIGGER credit_payment_never_updated BEFORE UPDATE ON credit_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_payment_never_updated');
CREATE TRIGGER credit_payment_never_deleted BEFORE DELETE ON credit_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_payment_never_deleted');
CREATE TRIGGER credit_payment_never_truncated BEFORE TRUNCATE ON credit_payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_payment_never_truncated');
