-- What covers a claim of neutrality is a retirement as the ledger has it; versions rest on what covers them, and are only added to (the
-- same names as in migrations/postgres).

CREATE TRIGGER neutral_unit_is_the_retirement BEFORE INSERT ON neutral_unit
WHEN NOT EXISTS (SELECT 1 FROM retirement JOIN neutral_claim ON neutral_claim.id = NEW.claim_id
    WHERE retirement.id = NEW.retirement_id AND retirement.quantity = NEW.tonnes AND retirement.purpose = neutral_claim.kind)
BEGIN SELECT RAISE(ABORT, 'neutral_unit_is_the_retirement'); END;
CREATE TRIGGER neutral_unit_never_updated BEFORE UPDATE ON neutral_unit
BEGIN SELECT RAISE(ABORT, 'neutral_unit_never_updated'); END;
CREATE TRIGGER neutral_unit_never_deleted BEFORE DELETE ON neutral_unit
BEGIN SELECT RAISE(ABORT, 'neutral_unit_never_deleted'); END;
CREATE TRIGGER neutral_version_rests_on_retirements BEFORE INSERT ON neutral_version
WHEN NEW.covered_tonnes <> (SELECT COALESCE(SUM(counted_tonnes), 0) FROM neutral_unit WHERE claim_id = NEW.claim_id)
BEGIN SELECT RAISE(ABORT, 'neutral_version_rests_on_retirements'); END;
CREATE TRIGGER neutral_version_never_updated BEFORE UPDATE ON neutral_version
BEGIN SELECT RAISE(ABORT, 'neutral_version_never_updated'); END;
CREATE TRIGGER neutral_version_never_deleted BEFORE DELETE ON neutral_version
BEGIN SELECT RAISE(ABORT, 'neutral_version_never_deleted'); END;
CREATE TRIGGER neutral_version_never_replaced BEFORE INSERT ON neutral_version
WHEN EXISTS (SELECT 1 FROM neutral_version WHERE claim_id = NEW.claim_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'neutral_version_never_replaced'); END;
CREATE TRIGGER neutral_unit_never_replaced BEFORE INSERT ON neutral_unit
WHEN EXISTS (SELECT 1 FROM neutral_unit WHERE id = NEW.id OR retirement_id = NEW.retirement_id)
BEGIN SELECT RAISE(ABORT, 'neutral_unit_never_replaced'); END;
