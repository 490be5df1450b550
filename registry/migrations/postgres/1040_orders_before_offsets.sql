-- A request to surrender credits is in the way of no order: a freeze or a suspension ends it, as it ends transfers that wait.
ALTER TABLE credit_hold_end DROP CONSTRAINT credit_hold_end_outcome;
ALTER TABLE credit_hold_end ADD CONSTRAINT credit_hold_end_outcome CHECK (
    (kind = 'transfer' AND outcome IN ('accepted', 'declined', 'withdrawn', 'expired', 'overtaken'))
    OR (kind = 'reservation' AND outcome IN ('delivered', 'withdrawn', 'expired', 'overtaken'))
    OR (kind = 'offset' AND outcome IN ('cancelled', 'withdrawn', 'declined', 'overtaken'))
    OR (kind = 'freeze' AND outcome IN ('released', 'enforced'))
    OR (kind = 'suspension' AND outcome IN ('released', 'cancelled', 'forced'))
    OR (kind = 'offer' AND outcome IN ('reserved', 'withdrawn', 'expired', 'overtaken')));
